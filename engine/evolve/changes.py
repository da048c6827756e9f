"""Changes that several events make to a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.events import Event
from engine.state import Run, State

Changes = dict[type[Event], Callable[[State, Any], None]]
"""What each kind of event does to a draft."""


def become(state: State, status: str) -> None:
    """Give a session another status; a paused one takes it when it is resumed."""
    if state.status == "paused":
        state.paused = status
    else:
        state.status = status


def settle_down(state: State, visit: int) -> None:
    """Make the session active again when what it waited for was at this visit.

    Unless it still waits for somebody to take it up.
    """
    if state.wait is not None and state.wait.visit == visit:
        state.wait = None
    if state.transfer is not None and state.transfer[2] == visit:
        state.transfer = None
    status = state.paused if state.status == "paused" else state.status
    if status in ("pending", "waiting") and state.wait is None:
        become(state, "active" if state.transfer is None else "waiting")


def assign(state: State, run_id: str, assigned: dict[str, Any]) -> None:
    """Give values to a run; the run is replaced, not changed."""
    run = state.runs[run_id]
    state.runs[run_id] = Run(
        run.id,
        run.journey,
        run.parent,
        run.host,
        run.mode,
        {**run.values, **assigned},
        run.ahead,
    )


def index_of(state: State, visit_id: int) -> int:
    """Return where a live visit stands in the path. Raises KeyError when none has that id."""
    path = state.path
    if path and path[-1].id == visit_id:
        return len(path) - 1
    for index in range(len(path) - 1, -1, -1):
        if path[index].id == visit_id:
            return index
    raise KeyError(visit_id)
