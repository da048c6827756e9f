"""A robot that goes on by itself: it answers what is known, and stops where a person is needed.

It is engaged by the command `autopilot`, goes on through the results of its actions without being
asked again, and ends at the very step where somebody else must act. It never consents, never
approves, never follows a manual procedure, and answers nothing marked as a barrier. Source:
semantics.md 7, 17, 24; decision 0019.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine import events as e
from engine.answering import accept, accept_one, known, mode, offered
from engine.answers import BadAnswer
from engine.commands import Command
from engine.evolve import ENDED
from engine.expressions import CostExceeded
from engine.handlers.stop import Handlers
from engine.parts import Field
from engine.places import Here
from engine.provide import provide
from engine.refusals import Refused
from engine.state import ROOT
from engine.steps.ask import Ask
from engine.walk import Walk

BOUND = 200
"""Stops a robot resolves before it hands over, however far it could still go."""
FOUND = ("succeeded", "behind", "passed", "returned")
"""Ways of leaving a step whose values were looked up or worked out, and said by nobody."""
BESIDES = frozenset(
    {
        "autopilot",
        "provide",
        "approve",
        "note",
        "flag",
        "promise",
        "move_promise",
        "follow_promise",
        "hold",
        "unhold",
        "mark",
        "consult",
        "attach",
    }
)
"""Commands a robot that goes on is not disturbed by; by any other, somebody takes the session."""


def _autopilot(walk: Walk, command: Command) -> None:
    state, env = walk.state, walk.env
    if state.transfer is not None:
        if env.role != "robot" or state.transfer[:2] != ("hand_over", "robot"):
            raise Refused(
                "session.waiting",
                {
                    "fr": "La session attend que quelqu'un la prenne.",
                    "en": "The session waits for somebody to take it.",
                },
                params={"status": state.status},
            )
        walk.emit(e.Accepted(env.now, env.by, "robot"))
    if state.status not in ("active", "pending"):
        raise Refused(
            "session.waiting",
            {
                "fr": "La session attend autre chose que vous.",
                "en": "The session waits for something else.",
            },
            params={"status": state.status},
        )
    if state.focus is not None:
        raise Refused(
            "back.looking",
            {
                "fr": "Vous regardez une étape passée : répondez-y, ou revenez d'abord.",
                "en": "You are looking at an earlier stop: answer it, or come back first.",
            },
        )
    values = command.body.get("values")
    if values:
        provide(walk, values)
    if state.pilot is None:
        by = env.by if env.role == "robot" else "robot"
        walk.emit(e.Piloted(env.now, env.by, by, env.role))


def give_way(walk: Walk, command: Command) -> None:
    """Stop the robot when somebody brings a command that takes the session out of its hands."""
    system = walk.env.role == "system"
    if walk.state.pilot is not None and not system and command.type not in BESIDES:
        walk.emit(e.Piloted(walk.env.now, walk.env.by, None, None, "taken"))


def go_on(walk: Walk) -> None:
    """Go on as far as a robot can; where it cannot, hand over at that very step."""
    pilot = walk.state.pilot
    if pilot is None:
        return
    turn = walk.env
    walk.env = replace(turn, by=pilot[0], role=pilot[1])
    while walk.state.pilot is not None and walk.state.status == "active":
        try:
            reason = _advance(walk)
        except CostExceeded:
            walk.trip("bound.expression-cost", "autopilot")
            walk.proceed()
            continue
        if reason is not None:
            _hand_over(walk, reason)
    if walk.state.pilot is not None and walk.state.transfer is not None:
        walk.emit(e.Piloted(walk.env.now, walk.env.by, None, None, "transfer"))
    walk.env = turn


def _hand_over(walk: Walk, reason: str) -> None:
    """Stop here; a session that only a robot had goes to an advisor."""
    now, by, state = walk.env.now, walk.env.by, walk.state
    walk.emit(e.Piloted(now, by, None, None, reason))
    if state.audience == "robot" and state.transfer is None and state.status not in ENDED:
        walk.emit(e.TransferAsked(now, by, "hand_over", "advisor", None, f"autopilot.{reason}"))


def _advance(walk: Walk) -> str | None:
    """Resolve the open stop and walk to the next; give why it is not a robot's to resolve."""
    state = walk.state
    visit = state.current
    if visit is None or state.pilot is None:
        return "nothing"
    here = walk.here(visit)
    step = here.step
    if state.pilot[2] >= BOUND:
        return "bound"
    if state.tripped is not None:
        return "failure"
    if step.staffed(visit):
        return "by_hand" if visit.by_hand is not None else "person"
    if step.barrier:
        return "barrier"
    if step.KIND == "say":
        if any(getattr(walk.step(told), "verbatim", False) for told in walk.untold()):
            return "verbatim"
        step.resolve(walk, here, Command("acknowledge"))
    elif isinstance(step, Ask):
        reason = _answer(walk, here, step)
        if reason is not None:
            return reason
    else:
        return "person"
    walk.proceed()
    return None


def _answer(walk: Walk, here: Here, step: Ask) -> str | None:
    """Answer with what is known; give why it cannot where something only a person can give."""
    values: dict[str, e.Json] = {}
    source: dict[str, str] = {}
    for question in step.questions:
        found = _known(walk, here, question)
        if found is not None:
            values[question.name], source[question.name] = found
        elif question.required:
            return _lacking(walk, here, question)
    held = {name: values[name] for name in values if source[name] in ("known", "confirmed")}
    try:
        taken = accept(walk, here, step.questions, given=values, before=held)
    except Refused:
        # A rule over several answers does not hold: a person is asked.
        return "refused"
    step.take(walk, here, taken, source=source or None)
    return None


def _known(walk: Walk, here: Here, question: Field) -> tuple[e.Json, str] | None:
    """Return the answer a robot may give, and where it comes from; None where there is none."""
    if question.type.name == "consent":
        return None
    brought = offered(walk, here, question)
    if brought is not None:
        return brought, "offered"
    if _is_brought(walk, question):
        # Somebody said something else than fits here: nothing may stand in for it.
        return None
    held = known(walk, here, question)
    if held is not None:
        how, _ = mode(walk, question)
        if how == "skip":
            return held, "known"
        return (held, "confirmed") if how == "confirm" and _implied(walk) else None
    looked_up = _looked_up(walk, here, question)
    if looked_up is not None:
        return looked_up, "found"
    if question.default is None or here.occ > 1:
        return None
    declared = _fitting(walk, here, question, question.default)
    return None if declared is None else (declared, "default")


def _implied(walk: Walk) -> bool:
    """Return whether nobody has to confirm what is known from before.

    Nobody is there to be asked in a robot's own session; elsewhere the library says so.
    """
    audience, implied = walk.state.audience, walk.library.implied
    return audience == "robot" or audience in implied or "robot" in implied


def _is_brought(walk: Walk, question: Field) -> bool:
    offers = walk.state.offers
    return offers.get(question.name) is not None or (
        question.fact is not None and offers.get(question.fact) is not None
    )


def _looked_up(walk: Walk, here: Here, question: Field) -> e.Json:
    """Return what an input or an action gave under the question's name.

    It counts only if it is newer than what was last answered here. What a person said at another
    step answers no other question.
    """
    since = max(
        (v.left_order or 0 for v in walk.state.path if (v.run, v.step) == (here.run, here.step.id)),
        default=0,
    )
    for visit in reversed(walk.state.path):
        if visit.run == here.run and visit.assigned and question.name in visit.assigned:
            if visit.how not in FOUND or (visit.left_order or 0) <= since:
                return None
            return _fitting(walk, here, question, visit.assigned[question.name])
    if here.occ > 1:
        return None
    return _fitting(walk, here, question, _inputs(walk, here.run).get(question.name))


def _inputs(walk: Walk, run: str) -> Mapping[str, e.Json]:
    if run == ROOT:
        return walk.state.inputs
    opened = (o for visit in walk.state.path for o in visit.opens if o[0] == run)
    return next((inputs for _, _, _, inputs in opened), {})


def _fitting(walk: Walk, here: Here, question: Field, raw: e.Json) -> e.Json:
    if raw is None:
        return None
    try:
        return accept_one(question, raw, walk.scope(here))
    except BadAnswer:
        return None


def _lacking(walk: Walk, here: Here, question: Field) -> str:
    """Return why a robot may not answer a question: a stable code."""
    if question.type.name == "consent":
        return "consent"
    if _is_brought(walk, question):
        return "refused"
    return "answer" if known(walk, here, question) is None else "confirm"


HANDLERS: Handlers = {"autopilot": _autopilot}
