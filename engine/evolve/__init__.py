"""What an event changes.

It never refuses and needs no library, so that no later engine can move a pinned session.

Source: semantics.md 1, 8.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.events import Event
from engine.evolve import actions, correcting, service, walking
from engine.evolve.ways import AMENDABLE, BY_STAFF, EARLY, ENDED, PEOPLE, RECORDED
from engine.state import State

__all__ = ["AMENDABLE", "BY_STAFF", "EARLY", "ENDED", "PEOPLE", "RECORDED", "evolve", "fold"]

_APPLY = walking.APPLY | correcting.APPLY | actions.APPLY | service.APPLY


def fold(events: Iterable[Event]) -> State:
    """Return the state of a session after these events, from its first."""
    state = State()
    for event in events:
        evolve(state, event)
    return state


def evolve(state: State, event: Event) -> None:
    """Apply one event to a draft, in place."""
    state.seq += 1
    if event.MOVES:
        state.version = state.seq
    _APPLY[type(event)](state, event)
