"""Teams and skills that are asked: who of them takes a side call, and who is asked next in time.

A transfer that nobody accepts and a side call that nobody takes are passed on to the team that the
deployment names, after the time it names. Source: issue "Continuity"; decision 0038.
"""

from __future__ import annotations

from engine import events as e
from engine.commands import Command
from engine.handlers.stop import Handlers, known_team
from engine.refusals import Refused
from engine.side_calls import asked, side_call
from engine.walk import Walk


def _answer(walk: Walk, command: Command) -> None:
    """Take somebody's word for a side call: they come, or they cannot and say why."""
    call, body = side_call(walk.state), command.body
    if call is None or call["accepted"] is not None:
        raise Refused(
            "consult.none",
            {
                "fr": "Aucune consultation n'attend de réponse.",
                "en": "No side call waits for an answer.",
            },
        )
    accepted, reason = body.get("accept", True), body.get("reason")
    if not accepted and not (reason or "").strip():
        raise Refused(
            "consult.reason",
            {
                "fr": "Dites pourquoi la consultation est refusée.",
                "en": "Say why the side call is declined.",
            },
        )
    walk.emit(e.ConsultAnswered(walk.env.now, walk.env.by, call["team"], accepted, reason))


def _pass_on(walk: Walk, command: Command) -> None:
    """Ask the next team, when the one named is still the one that is waited for."""
    waits, body = asked(walk.state), command.body
    if waits is None or waits[0] == "hand_over" or waits[1] != body["was"]:
        return
    if walk.env.now - waits[2] < body["after_ms"]:
        return
    known_team(walk, body["team"])
    walk.emit(e.PassedOn(walk.env.now, walk.env.by, waits[0], body["team"], body["was"]))


HANDLERS: Handlers = {"answer_consult": _answer, "pass_on": _pass_on}
