"""A fresh session given the resolutions that survive in another one. Source: semantics.md 10."""

from __future__ import annotations

from typing import Any

from engine.evolve import ENDED
from engine.state import Effect, State, Visit
from tests.support.sessions import Session

LEFT_BY: dict[str, tuple[str, str, dict[str, Any]]] = {
    "acknowledged": ("acknowledge", "advisor", {}),
    "skipped": ("skip", "advisor", {}),
    "none": ("none_of_these", "advisor", {}),
    "not_done": ("not_done", "advisor", {}),
    "approved": ("approve", "supervisor", {"accept": True}),
    "declined": ("approve", "supervisor", {"accept": False}),
    "transferred": ("accept", "advisor", {}),
    "refused": ("decline", "advisor", {}),
}
"""What leaves a visit as it was left: the command, the role, its body."""
ANSWERED = ("answered", "by_hand", "consulted")


def replayed(session: Session) -> State:
    """Return the state of a fresh session given what survives."""
    old = session.state
    # What was known is given here as an answer: a correction may have put another in its place.
    fresh = Session(session.library).begin()
    for _ in range(300):
        if fresh.state.status in ENDED or not _one(fresh, old):
            break
    return fresh.state


def _result(old: State, place: tuple[str, str, int], inputs: dict[str, Any]) -> Effect | None:
    """Return what came of an action at a place: the last one there.

    A look-up's for these inputs goes before; another action may have been kept whatever they are,
    and one that had them have been undone since.
    """
    if all(visit.key != place for visit in old.path):
        return None
    done = [e for e in old.effects.values() if e.place == place and e.compensates is None]
    alike = [e for e in done if e.effect_class == "read" and e.inputs == inputs]
    found = alike or done
    return found[-1] if found else None


def _one(fresh: Session, old: State) -> bool:
    """Bring the next thing that survives; False when nothing does."""
    for effect in fresh.open_effects():
        known = _result(old, effect.place, effect.inputs)
        if known is not None and known.status != "requested":
            status = known.status
            if status == "kept":
                status = "unknown" if known.is_fruitless else "succeeded"
            reason = {"reason": known.reason} if known.reason is not None else {}
            fresh.bring("effect_result", "system", effect=effect.id, status=status,
                        result=known.result, **reason)  # fmt: skip
            return True
    current = fresh.state.current
    assert current is not None
    kept = next((v for v in old.path if v.key == current.key), None)
    if kept is None:
        return False
    waits = old.wait is not None and old.wait.visit == kept.id
    done = _result(old, kept.key, {}) is not None and not waits
    if _aside(fresh, (current, kept)) or _begin(fresh, kept, done=done):
        return True
    if kept.how is None:
        return False
    return _leave(fresh, kept)


def _aside(fresh: Session, visits: tuple[Visit, Visit]) -> bool:
    """Open the digressions that the old visit had, or come back from one that was left early."""
    current, kept = visits
    opened = [sum(o[2] == "digression" for o in v.opens) for v in (current, kept)]
    if fresh.state.status == "active" and opened[0] < opened[1]:
        fresh.bring("digress", journey="aside")
        return True
    if kept.how == "returned" and fresh.state.runs[current.run].mode == "digression":
        fresh.bring("return")
        return True
    return False


def _begin(fresh: Session, kept: Visit, *, done: bool) -> bool:
    """Approve the action, or take it over, that had gone on at the old visit without leaving it."""
    state = fresh.state
    if state.wait is not None and state.wait.what == "approval":
        if done:
            fresh.bring("approve", "supervisor", accept=True)
        return done
    if state.status == "pending" and state.wait is None and kept.by_hand == "taken_over":
        fresh.bring("take_over")
        return True
    return False


def _leave(fresh: Session, kept: Visit) -> bool:
    """Leave the current visit as the old one was left."""
    state, how = fresh.state, kept.how or ""
    if how in ("woken", "timeout") or (how == "declined" and kept.reason == "timeout"):
        fresh.wake(timeout=True)
    elif how in ANSWERED:
        if state.status != "active":
            return False
        fresh.bring("answer", values=kept.values or {})
    elif how in LEFT_BY:
        name, role, body = LEFT_BY[how]
        fresh.bring(name, role, **body)
    else:
        return False
    return True
