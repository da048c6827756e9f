"""Answers in any order: values brought before their question is reached.

They never move the walk past a person's stop; each serves once, when its field is reached; those
that cannot serve stay visible with the reason. Source: semantics.md 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.answers import BadAnswer
from engine.events import Json, Offered
from engine.model import Library
from engine.parts import Field
from engine.state import State
from engine.steps.base import Step
from engine.walk import Walk

SEARCHED = 2_000
"""Steps looked at for a field, so that a huge library cannot slow a turn down."""


def provide(walk: Walk, values: Mapping[str, Json]) -> None:
    """Put values into the buffer of offers; None takes one back."""
    walk.emit(Offered(walk.env.now, walk.env.by, dict(values)))


def reachable(library: Library, state: State) -> dict[str, Field]:
    """Return the fields of questions that may still be reached, nearest first.

    They go by field name and by fact name.
    """
    found: dict[str, Field] = {}
    for step in ahead(library, state):
        for field in step.fields():
            found.setdefault(field.name, field)
            if field.fact is not None:
                found.setdefault(field.fact, field)
    return found


def ahead(library: Library, state: State) -> Iterator[Step]:
    """Yield the steps that may still be reached, the one that is open first, nearest first."""
    if state.current is None:
        return
    todo = [(state.runs[run].journey, place_of(state, run)) for run in reversed(state.stack)]
    seen: set[tuple[str, str]] = set()
    while todo and len(seen) < SEARCHED:
        journey_id, step_id = todo.pop(0)
        if step_id is None or (journey_id, step_id) in seen:
            continue
        seen.add((journey_id, step_id))
        step = library.journeys[journey_id].steps[step_id]
        yield step
        called = getattr(step, "journey", None)
        if isinstance(called, str) and called in library.journeys:
            todo.append((called, library.journeys[called].start))
        todo.extend(
            (journey_id, target.step) for target in step.targets() if target.journey is None
        )


def place_of(state: State, run: str) -> str | None:
    """Return the step a run stands on."""
    for visit in reversed(state.path):
        if visit.run == run and visit.left_order is None:
            return visit.step
    return None


def unused(library: Library, state: State) -> list[dict[str, Any]]:
    """Return offers that cannot serve: {name, value, code, message}.

    Those still to be reached are not among them.
    """
    if not state.offers or not isinstance(state.offers, dict):
        return []
    fields = reachable(library, state)
    shown = []
    for name, value in state.offers.items():
        if value is None:
            continue
        field = fields.get(name)
        if field is None:
            shown.append(
                {
                    "name": name,
                    "value": value,
                    "code": "offer.unreachable",
                    "message": {
                        "fr": "Aucune question à venir ne prend cette valeur.",
                        "en": "No question to come takes this value.",
                    },
                }
            )
            continue
        try:
            _accepts(field, value)
        except BadAnswer as bad:
            shown.append(
                {"name": name, "value": value, "code": bad.code, "message": dict(bad.message)}
            )
    return shown


def _accepts(field: Field, value: Json) -> None:
    from engine.scope import Scope

    field.type.accept(value, Scope({}, "0001-01-01"))
