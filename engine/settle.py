"""Taking in what became of a requested action."""

from __future__ import annotations

from collections.abc import Mapping

from engine import events as e
from engine.answers import BadAnswer
from engine.commands import Command
from engine.events import Json
from engine.evolve import ENDED
from engine.operations import accept_result
from engine.refusals import Refused
from engine.state import Effect
from engine.steps.do import Do
from engine.walk import Walk

OPEN = ("requested", "unknown")
NEWS: Mapping[str, tuple[str, ...]] = {
    "succeeded": (*OPEN, "failed", "refused"),
    "closed": ("failed", "unknown", "refused"),
}
"""What an action's status may become late: taken up again it may succeed after all, and one that
nobody has may be closed by a supervisor."""


def settle(walk: Walk, command: Command) -> None:
    """Record a result; let the visit that waits for it go on.

    A result that nobody waits for any more is recorded and changes nothing; a second one for the
    same action makes nothing happen. Source: semantics.md 5, 14; promises.md 2.4.

    Raises:
        Refused: `effect.unknown`, no such action was requested.
    """
    effect = walk.state.effects.get(command.body["effect"])
    if effect is None:
        raise Refused(
            "effect.unknown",
            {"fr": "Aucune action de ce nom.", "en": "No such action was requested."},
        )
    if effect.status not in NEWS.get(command.body["status"], OPEN):
        return
    status, reason, result = _brought(walk, command, effect)
    if status == effect.status or effect.status not in NEWS.get(status, OPEN):
        return
    now, by = walk.env.now, walk.env.by
    step = None
    if effect.compensates is None and effect.run in walk.state.runs:
        step = walk.journey(effect.run).steps.get(effect.step)
    visit = walk.visit_of(effect)
    over = walk.state.status in ENDED or status == "closed"
    if not isinstance(step, Do) or visit is None or over:
        walk.emit(e.Settled(now, by, effect.id, status, reason, result))
        return
    if effect.behind:
        here = walk.here(visit)
        assigned = walk.assigned(here, step.saved(result)) if status == "succeeded" else None
        codes = step.codes if status == "succeeded" else ()
        walk.emit(
            e.Settled(now, by, effect.id, status, reason, result, assigned or None, codes, visit.id)
        )
        _wake_reader(walk, effect)
        return
    walk.emit(e.Settled(now, by, effect.id, status, reason, result))
    waits = (
        visit.left_order is None
        and visit.by_hand is None
        and walk.state.status in ("pending", "paused")
    )
    if not waits:
        return
    here = walk.here(visit)
    if status == "succeeded":
        step.succeed(walk, here, result)
    elif status == "refused":
        step.refuse(walk, here, reason)
    else:
        step.fall_back(walk, here, reason or status)


def _brought(walk: Walk, command: Command, effect: Effect) -> tuple[str, str | None, Json]:
    """Return the status, reason and result to record; a result must be as it was declared."""
    status, reason = command.body["status"], command.body.get("reason")
    if status != "succeeded":
        return status, reason, None
    try:
        operation = walk.library.operations[effect.operation]
        return status, reason, accept_result(operation, command.body.get("result"))
    except BadAnswer:
        # What was read is as good as nothing; anything else was done, whatever was answered.
        done = "failed" if effect.effect_class == "read" else "unknown"
        return done, "connector.schema", None


def give_up(walk: Walk, reason: str = "taken_over") -> None:
    """Stop waiting for an action behind: somebody does it by hand.

    Somebody takes it over, or its time is over. A late result is still recorded.
    """
    wait = walk.state.wait
    if wait is None or wait.name is None:
        return
    effect = walk.state.effects[wait.name]
    walk.emit(e.Settled(walk.env.now, walk.env.by, effect.id, "unknown", reason))
    _wake_reader(walk, effect)


def _wake_reader(walk: Walk, effect: Effect) -> None:
    """Let the walk go on to the step that waited for this result."""
    wait, ahead = walk.state.wait, walk.state.ahead
    if wait is not None and wait.what == "effect" and wait.name == effect.id and ahead is not None:
        walk.emit(e.Woken(walk.env.now, walk.env.by, wait.visit))
        walk.next = ahead[1:]
