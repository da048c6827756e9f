"""Commands around the walk: hold, marks, side calls, notes, flags."""

from __future__ import annotations

from engine import events as e
from engine.commands import Command
from engine.handlers.stop import Handlers, known_team
from engine.refusals import Refused
from engine.walk import Walk


def _hold(walk: Walk, command: Command) -> None:
    on = command.type == "hold"
    if on != walk.state.held:
        walk.emit(e.Held(walk.env.now, walk.env.by, on, command.body.get("reason")))


def _mark(walk: Walk, command: Command) -> None:
    mark, on = command.body["mark"], command.body.get("on", True)
    if on != (mark in walk.state.marks):
        walk.emit(e.Marked(walk.env.now, walk.env.by, mark, on))


def _consult(walk: Walk, command: Command) -> None:
    on = command.body.get("on", True)
    known_team(walk, command.body["team"])
    if on == (walk.state.consulting is None):
        walk.emit(
            e.Consulted(
                walk.env.now, walk.env.by, command.body["team"], on, command.body.get("question")
            )
        )


def _note(walk: Walk, command: Command) -> None:
    walk.emit(e.Noted(walk.env.now, walk.env.by, command.body["text"]))


def _flag(walk: Walk, command: Command) -> None:
    current = walk.state.current
    visit = command.body.get("visit", None if current is None else current.id)
    walk.emit(
        e.Flagged(
            walk.env.now, walk.env.by, visit, command.body["category"], command.body.get("text")
        )
    )


def _attach(walk: Walk, _command: Command) -> None:
    if walk.env.attach is None:
        raise Refused(
            "ticket.same",
            {
                "fr": "La session appartient déjà à cette demande.",
                "en": "The session belongs to that ticket already.",
            },
        )
    walk.attach()


HANDLERS: Handlers = {
    "hold": _hold,
    "unhold": _hold,
    "mark": _mark,
    "consult": _consult,
    "note": _note,
    "flag": _flag,
    "attach": _attach,
}
