"""The engine's face: a command comes in, events come out.

`decide` works on a draft of the state with the walk's verbs and returns what happened; the caller
stores the events and carries out what they request. Everything it needs is given: library, state,
command, circumstances.
"""

from __future__ import annotations

from typing import Any

from engine import events as e
from engine import pilot, promising, relaying
from engine.amend import amend, amendable, conclude, effects_view
from engine.commands import COMMANDS, Command
from engine.evolve import AMENDABLE, ENDED
from engine.expressions import CostExceeded
from engine.handlers import actions, answers, course, relays, service
from engine.handlers.stop import for_whom_it_is
from engine.model import Library
from engine.reading import Env
from engine.refusals import Refused
from engine.settle import settle
from engine.starting import Decision, Start, start
from engine.state import State, Visit
from engine.walk import Walk

__all__ = ["AMENDABLE", "Decision", "Env", "Start", "decide", "preview", "start"]

HANDLERS = {
    **answers.HANDLERS,
    **actions.HANDLERS,
    **course.HANDLERS,
    **relays.HANDLERS,
    **service.HANDLERS,
    **pilot.HANDLERS,
    **promising.HANDLERS,
    **relaying.HANDLERS,
    "effect_result": settle,
}
"""Every command, and what it does."""


ANY_TIME = ("note", "flag", "promise", "move_promise", "follow_promise")
"""Commands that a session takes after its end too."""


def decide(library: Library, state: State, command: Command, env: Env) -> Decision:
    """Return what a command makes happen to a session.

    `state` is left as it was. A system command that comes too late makes nothing happen.

    Raises:
        Refused: the command cannot be taken; nothing happened.
    """
    walk = Walk(library, state.draft(), env)
    _admit(walk, command)
    _perform(walk, command)
    if not walk.events:
        return Decision([], state)
    if env.jump:
        walk.emit(e.ClockJumped(env.now, env.by, env.jump))
    return Decision(walk.events, walk.state)


def _perform(walk: Walk, command: Command) -> None:
    pilot.give_way(walk, command)
    try:
        HANDLERS[command.type](walk, command)
    except CostExceeded:
        walk.trip("bound.expression-cost", command.type)
    walk.proceed()
    walk.recognise()
    walk.attach()
    pilot.go_on(walk)
    promising.follow(walk)


def _admit(walk: Walk, command: Command) -> None:
    """Refuse what this role may not bring, or what a session in this status does not take."""
    spec = COMMANDS[command.type]
    status = walk.state.status
    if spec.system:
        if walk.env.role != "system":
            raise Refused("command.unknown", {"fr": "Commande inconnue.", "en": "Unknown command."})
        return
    if walk.env.role not in spec.roles:
        raise Refused(
            "command.role",
            {
                "fr": f"Votre rôle ne permet pas « {command.type} ».",
                "en": f"Your role may not '{command.type}'.",
            },
            params={"roles": list(spec.roles)},
        )
    if status in ENDED and command.type not in ANY_TIME:
        raise Refused(
            "session.ended",
            {"fr": "La session est finie.", "en": "The session is over."},
            params={"outcome": walk.state.outcome},
        )
    if status == "paused" and command.type not in (
        "resume",
        "note",
        "flag",
        "cancel",
        "take_over",
        "promise",
        "move_promise",
        "follow_promise",
    ):
        raise Refused(
            "session.paused",
            {
                "fr": "La session est en pause : reprenez-la.",
                "en": "The session is paused: resume it.",
            },
        )


def preview(library: Library, state: State, command: Command, env: Env) -> dict[str, Any]:
    """Return what an amend would do, without doing it.

    Gives `allowed` and, where it is not, the refusal's `code` and `message`; the visits `pruned`
    and `restored`, those `asked_again`, the executed `effects` that need a decision, the
    `barriers`, and where the walk would stop (`at`).

    Raises:
        Refused: the amend could not even be tried (no such visit, a wrong answer, an action under
            way).
    """
    walk = Walk(library, state.draft(), env)
    _admit(walk, command)
    visit = amendable(state, command.body["visit"])
    for_whom_it_is(walk, visit)
    found = amend(walk, visit, command.body["values"], decisions=command.body.get("effects", {}))
    allowed, refusal = True, None
    unsure = effects_view(walk, found, [x.id for x in found.orphans] + found.unsure)
    try:
        conclude(walk, visit, found)
    except Refused as refused:
        allowed, refusal = False, refused
    current = walk.state.current
    live = {(v.run, v.step) for v in walk.state.path if v.left_order is not None}
    asked = [
        v
        for v in found.pruned
        if (v.run, v.step) in {(w.run, w.step) for w in walk.state.path} - live
    ]
    return {
        "allowed": allowed,
        "code": None if refusal is None else refusal.code,
        "message": None if refusal is None else refusal.message,
        "at": None if current is None else current.step,
        "outcome": walk.state.outcome,
        "pruned": [_shown(v) for v in found.pruned],
        "restored": [_shown(v) for v in found.restored],
        "asked_again": [_shown(v) for v in asked],
        "effects": list({x["effect"]: x for x in unsure}.values()),
        "barriers": [_shown(v) for v in found.barriers],
        "codes": walk.state.codes,
    }


def _shown(visit: Visit) -> dict[str, Any]:
    return {"visit": visit.id, "step": visit.step, "run": visit.run, "values": visit.values}
