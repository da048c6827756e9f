"""A state as one JSON object, and back: what may be kept beside the events, and thrown away."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from engine.events import Json
from engine.state import Effect, Run, State, Visit, Wait

FORMAT = 7
"""Raised when the object's form changes; an older one is not read but folded again from the
events."""

_PLAIN = tuple(
    f.name
    for f in fields(State)
    if f.name
    not in (
        "path",
        "runs",
        "occurrences",
        "cache",
        "effects",
        "wait",
        "transfer",
        "attached",
        "pilot",
        "ahead",
        "marks",
        "promises",
        "notes",
        "undone",
        "not_reached",
    )
)


class UnreadableSnapshot(Exception):
    """The snapshot has another format: fold the session's events instead."""


def dump(state: State) -> dict[str, Json]:
    """Return the state as a JSON object."""
    return {
        "format": FORMAT,
        **{name: getattr(state, name) for name in _PLAIN},
        "path": [_plain(v) for v in state.path],
        "runs": [_plain(r) for r in state.runs.values()],
        "occurrences": [[run, step, count] for (run, step), count in state.occurrences.items()],
        "cache": [_plain(v) for v in state.cache.values()],
        "effects": [_plain(x) for x in state.effects.values()],
        "wait": None if state.wait is None else _plain(state.wait),
        "transfer": state.transfer,
        "attached": state.attached,
        "pilot": state.pilot,
        "ahead": state.ahead,
        "marks": sorted(state.marks),
        "promises": list(state.promises),
        "notes": list(state.notes),
        "undone": list(state.undone),
        "not_reached": list(state.not_reached),
    }


def load(data: dict[str, Json]) -> State:
    """Return the state a snapshot holds.

    Raises:
        UnreadableSnapshot: it was written in another format.
    """
    if data.get("format") != FORMAT:
        raise UnreadableSnapshot(str(data.get("format")))
    state = State(**{name: data[name] for name in _PLAIN})
    state.path = [_visit(v) for v in data["path"]]
    state.runs = {r["id"]: _run(r) for r in data["runs"]}
    state.occurrences = {(run, step): count for run, step, count in data["occurrences"]}
    state.cache = {v["id"]: _visit(v) for v in data["cache"]}
    state.effects = {x["id"]: Effect(**x) for x in data["effects"]}
    state.wait = None if data["wait"] is None else Wait(**data["wait"])
    state.transfer = None if data["transfer"] is None else tuple(data["transfer"])
    state.attached = None if data["attached"] is None else tuple(data["attached"])
    state.pilot = None if data["pilot"] is None else tuple(data["pilot"])
    state.ahead = None if data["ahead"] is None else tuple(data["ahead"])
    state.marks = frozenset(data["marks"])
    state.promises, state.notes = tuple(data["promises"]), tuple(data["notes"])
    state.undone, state.not_reached = tuple(data["undone"]), tuple(data["not_reached"])
    return state


def _plain(thing: Visit | Run | Effect | Wait) -> dict[str, Any]:
    return {f.name: getattr(thing, f.name) for f in fields(thing)}


def _run(data: dict[str, Any]) -> Run:
    run = Run(**data)
    run.ahead = None if run.ahead is None else (*run.ahead,)
    return run


def _visit(data: dict[str, Any]) -> Visit:
    visit = Visit(**data)
    visit.codes = tuple((axis, code, principal) for axis, code, principal in data["codes"])
    visit.opens = tuple(
        (run, journey, mode, inputs) for run, journey, mode, inputs in data["opens"]
    )
    return visit
