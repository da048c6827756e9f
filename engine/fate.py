"""What a person may still do about an action: try again, leave it for later, take its result.

One rule, read by the list of commands and by the commands themselves. Source: experience.md 1, 15.
"""

from __future__ import annotations

from engine.state import Effect, State, Visit
from engine.steps.base import Step
from engine.steps.do import Do

HARMLESS = ("read", "idempotent")
"""Classes of action that lose nothing by being done twice."""
NOTHING: frozenset[str] = frozenset()


def fates(state: State, step: Step, visit: Visit) -> frozenset[str]:
    """Return which of `retry`, `later` and `use_result` an open action takes.

    `later` while the system is at work, or where a person is led through it: the walk goes on, and
    comes back to it where its result is read. What failed is surely not done and may be tried
    again; what nobody knows the end of only if twice is as good as once. What cannot be undone, or
    closes the way back, is not left for later.
    """
    effect = waited_for(state, visit)
    if not isinstance(step, Do) or effect is None or state.focus is not None:
        return NOTHING
    is_made_up_for = visit.came.startswith("@")
    final = step.barrier or step.irreversible or step.operation.irreversible
    later = NOTHING if final or is_made_up_for else frozenset({"later"})
    if state.status == "pending" and state.wait is None:
        return later
    if state.status != "active" or visit.by_hand is None:
        return NOTHING
    if effect.status == "succeeded":
        return frozenset({"use_result"})
    return later if is_made_up_for or not _may_be_tried(effect) else later | {"retry"}


def waited_for(state: State, visit: Visit) -> Effect | None:
    """Return the action asked for at a visit, or the one behind whose failure led there."""
    if visit.came.startswith("@"):
        return state.effects.get(visit.came.split("@")[1])
    found = None
    for effect in state.effects.values():
        if effect.place == visit.key and effect.compensates is None:
            found = effect
    return found


def _may_be_tried(effect: Effect) -> bool:
    """Return whether trying again does nothing twice that must be done once."""
    return effect.status == "failed" or (
        effect.status == "unknown" and effect.effect_class in HARMLESS
    )
