"""The floor: the measured walk dispatched by hand from a dictionary, with nothing around it.

No validation beyond membership, no events, no undo, no wording: what a script written for this one
journey would cost. The engine's walk is compared with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

State = dict[str, Any]
Handler = Callable[[State, Any], str]

RATES: tuple[tuple[float, float, str, int], ...] = (
    (0, 5, "near", 1),
    (5, 10, "near", 2),
    (10, 20, "near", 3),
    (20, 40, "near", 4),
    (40, 1_000_000, "near", 5),
    (0, 5, "far", 6),
    (5, 10, "far", 7),
    (10, 20, "far", 8),
    (20, 40, "far", 9),
    (40, 1_000_000, "far", 10),
)
REASONS = frozenset({"late", "lost"})


def _reason(state: State, given: Any) -> str:
    if given not in REASONS:
        raise ValueError(given)
    state["reason"] = given
    state["codes"].append(("declaration", "order.late"))
    return "urgent"


def _urgent(state: State, _: Any) -> str:
    state["zone"] = "far" if state["reason"] == "late" else "near"
    return "known"


def _known(state: State, _: Any) -> str:
    state["level"] = 2 if state["reason"] == "late" else 1
    return "trust"


def _trust(state: State, _: Any) -> str:
    state["trusted"] = state["level"] > 1
    return "identified"


def _identified(_state: State, _: Any) -> str:
    return "weight"


def _weight(state: State, given: Any) -> str:
    if not 0 <= given <= 1000:
        raise ValueError(given)
    state["weight"] = given
    return "rate"


def _rate(state: State, _: Any) -> str:
    weight, zone = state["weight"], state["zone"]
    for low, high, where, rate in RATES:
        if low <= weight < high and zone == where:
            state["rate"] = rate
            return "trace"
    return "by_hand"


def _trace(state: State, given: Any) -> str:
    state["place"] = given["place"]
    state["codes"].append(("action", "order.traced"))
    return "place"


def _place(state: State, given: Any) -> str:
    state["seen"] = given
    return "cause"


def _cause(state: State, _: Any) -> str:
    carrier = state["trusted"] and state["rate"] > 5
    state["codes"].append(("qualification", "cause.carrier" if carrier else "cause.payment"))
    return "resend"


def _resend(state: State, _: Any) -> str:
    state["codes"].append(("action", "order.resent"))
    return "content"


def _content(state: State, given: Any) -> str:
    state["content"] = given
    return "solved"


STEPS: dict[str, Handler] = {
    "reason": _reason,
    "urgent": _urgent,
    "known": _known,
    "trust": _trust,
    "identified": _identified,
    "weight": _weight,
    "rate": _rate,
    "trace": _trace,
    "place": _place,
    "cause": _cause,
    "resend": _resend,
    "content": _content,
}
WAITS = frozenset({"reason", "weight", "trace", "place", "resend", "content", "solved"})


def start() -> State:
    """Return a session at the walk's first question."""
    return {"at": "reason", "path": [], "codes": []}


def advance(state: State, given: Any) -> State:
    """Take what was given for the step waited at, and go on to the next one that waits."""
    step = state["at"]
    path = state["path"]
    now = time.time_ns() // 1_000_000
    while True:
        following = STEPS[step](state, given)
        path.append((step, following, now))
        step = following
        if step in WAITS:
            state["at"] = step
            return state


def walk() -> State:
    """Walk the whole journey once: the start and six turns."""
    state = start()
    for given in ("late", 12, {"place": "Lyon"}, "depot", {}, True):
        advance(state, given)
    return state
