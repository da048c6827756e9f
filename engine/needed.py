"""The questions that will surely be asked from here, so that one message can ask them all.

A question is surely asked when every way from here to an end passes it. Ways that nobody plans for
(nothing fits, a refusal, an action that fails) do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.answering import known, mode, offered
from engine.events import Json
from engine.model import Library
from engine.provide import place_of
from engine.reading import Reading
from engine.steps.call import Call
from engine.steps.decide import Decide
from engine.viewer import asked

if TYPE_CHECKING:
    from engine.parts import Field
    from engine.state import State
    from engine.steps.base import Step

UNPLANNED = frozenset({"again", "timeout", "failed", "declined", "not_done", "refused"})
"""Ways out that are taken only when something goes wrong."""
DEEP = 4
"""Calls within calls that are looked into."""
MOST = 400
"""Steps of one journey that are weighed; a larger one is asked step by step."""


class Needed(NamedTuple):
    """A question that is surely asked, and the step that asks it."""

    step: Step
    field: Field


def needed(walk: Reading) -> list[Needed]:
    """Return the questions whose answers are needed and not there, in the order they are asked.

    The stop that is open counts as far as its answers were not brought; questions whose answer is
    known and need not be asked again are left out, and so are optional ones.
    """
    state, library = walk.state, walk.library
    visit = state.current
    if visit is None:
        return []
    here, step = walk.here(visit), walk.step(visit)
    found = [
        Needed(step, field)
        for field in asked(step, visit)
        if field.required and offered(walk, here, field) is None and not _is_known(walk, field)
    ]
    seen = {field.name for field in asked(step, visit)}
    for at in _sure(library, state):
        for field in at.fields():
            if field.required and field.name not in seen and not _is_there(walk, field):
                found.append(Needed(at, field))
            seen.add(field.name)
    return found


def planned(library: Library, state: State) -> set[int]:
    """Return the steps one comes to from here when all goes as planned, by their identity."""
    found: set[int] = set()
    for run in state.stack:
        place = place_of(state, run)
        if place is not None:
            _plan(library, state.runs[run].journey, place, found=found)
    return found


def _plan(library: Library, journey: str, start: str, *, found: set[int]) -> None:
    steps = library.journeys[journey].steps
    for step_id in _reached(steps, start, without=None):
        step = steps[step_id]
        if id(step) not in found:
            found.add(id(step))
            if isinstance(step, Call) and step.journey in library.journeys:
                _plan(library, step.journey, library.journeys[step.journey].start, found=found)


def _is_known(walk: Reading, field: Field) -> bool:
    visit = walk.state.current
    if visit is None:
        return False
    return known(walk, walk.here(visit), field) is not None and mode(walk, field)[0] != "always"


def _is_there(walk: Reading, field: Field) -> bool:
    """Return whether a question further on has its answer already: brought, or known."""
    offers: dict[str, Json] = walk.state.offers or {}
    if offers.get(field.name) is not None:
        return True
    if field.fact is None:
        return False
    if offers.get(field.fact) is not None:
        return True
    return field.fact in walk.state.known and mode(walk, field)[0] != "always"


def _sure(library: Library, state: State) -> Iterator[Step]:
    """Yield the steps that every way from here passes, those of callers last."""
    for run in reversed(state.stack):
        place = place_of(state, run)
        if place is not None:
            yield from _passed(library, state.runs[run].journey, place, depth=0, but_first=True)


def _passed(
    library: Library, journey: str, start: str, *, depth: int, but_first: bool = False
) -> Iterator[Step]:
    steps = library.journeys[journey].steps
    reach = _reached(steps, start, without=None)
    if len(reach) > MOST or depth > DEEP:
        return
    for place, step_id in enumerate(reach):
        if but_first and place == 0:
            continue
        step = steps[step_id]
        is_call = isinstance(step, Call) and step.journey in library.journeys
        if not (step.fields() or is_call) or step.when is not None:
            continue
        if place > 0 and _can_end(steps, start, without=step_id):
            continue
        yield step
        if isinstance(step, Call) and step.journey in library.journeys:
            called = library.journeys[step.journey]
            yield from _passed(library, step.journey, called.start, depth=depth + 1)


def _ways(step: Step) -> Sequence[str | None]:
    """Return where a step leads when all goes as planned; None is an end of the journey."""
    found = []
    for target in step.targets():
        if target.exit in UNPLANNED or target.exit.startswith("refused:"):
            continue
        if target.exit == "none" and not isinstance(step, Decide):
            continue
        if isinstance(step, Call) and target.exit != "resolved":
            continue
        found.append(target.step)
    return found or [None]


def _reached(steps: Mapping[str, Step], start: str, *, without: str | None) -> list[str]:
    """Return the steps one may come to, the nearest first."""
    found = [start]
    for at in found:
        for way in _ways(steps[at]):
            if way is not None and way != without and way not in found and way in steps:
                found.append(way)
    return found


def _can_end(steps: Mapping[str, Step], start: str, *, without: str) -> bool:
    """Return whether an end can be come to without passing a step."""
    return any(None in _ways(steps[at]) for at in _reached(steps, start, without=without))
