"""What a session waits for somebody else to take up: a transfer, a hand-over, a side call."""

from __future__ import annotations

from typing import Any

from engine.evolve import ENDED
from engine.state import State


def side_call(state: State) -> dict[str, Any] | None:
    """Return the side call that goes on, answered or not; None when there is none."""
    call = state.side_call
    if call is None or state.status in ENDED:
        return None
    if call["visit"] is None:
        return call if state.consulting is not None else None
    current = state.current
    return call if current is not None and current.id == call["visit"] else None


def asked(state: State) -> tuple[str, str, int] | None:
    """Return what a session waits for somebody to take up, of whom, and since when.

    That is a transfer, a hand_over, or a consult that nobody of its team has answered.
    """
    if state.status in ENDED:
        return None
    if state.transfer is not None:
        return (*state.transfer[:2], state.asked_at)
    call = side_call(state)
    if call is None or call["accepted"] is not None:
        return None
    return "consult", call["team"], call["at"]
