"""The ways out of actions behind, in a journey's graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from authoring.behind import reads_result, taken_later
from authoring.checks.ways import Way
from engine.steps.base import Step

Ways = Sequence[list[Way]]


def take_where_read(steps: Sequence[Step], out: Ways, given_back: frozenset[str]) -> None:
    """Move the ways of actions behind to the steps that read their results.

    `out` holds the ways out of each step; `given_back` are the values that callers save of this
    journey: its ends read them.
    """
    for place, step in enumerate(steps):
        later = {target.exit for target in taken_later(step)}
        # One that leads nowhere stays, to be told of.
        moved = [
            way for way in out[place] if way.exit in later and way.target >= 0 and way.of is None
        ]
        for way in moved:
            out[place].remove(way)
        for reader in _after(out, place) if moved else ():
            if reads_result(steps[reader], step, given_back):
                out[reader].extend(
                    replace(way, source=reader, of=place, clears=tuple(step.writes()))
                    for way in moved
                )


def _after(out: Ways, place: int) -> list[int]:
    """Return the steps that a walk may come to after one, itself among them on a circle."""
    todo = [place]
    seen: set[int] = set()
    for at in todo:
        for way in out[at]:
            if way.target >= 0 and way.target not in seen:
                seen.add(way.target)
                todo.append(way.target)
    return sorted(seen)
