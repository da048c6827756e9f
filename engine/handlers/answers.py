"""Commands on answers: given, brought beforehand, looked at again, changed."""

from __future__ import annotations

from engine import events as e
from engine.amend import amend, amendable, conclude, rewind
from engine.commands import Command
from engine.evolve import PEOPLE
from engine.handlers.stop import Handlers, current, for_whom_it_is, human, meant_for
from engine.provide import provide
from engine.refusals import Refused
from engine.steps.ask import Ask
from engine.walk import Walk


def _resolve(walk: Walk, command: Command) -> None:
    focus = walk.state.focus
    if focus is not None:
        meant_for(walk.state.visit(focus), command)
        if command.type == "answer":
            _amend(walk, Command("amend", {"visit": focus, "values": command.body["values"]}))
        elif command.type == "acknowledge":
            walk.emit(e.Focused(walk.env.now, walk.env.by, None))
        else:
            raise Refused(
                "back.looking",
                {
                    "fr": "Vous regardez une étape passée : répondez-y, ou revenez d'abord.",
                    "en": "You are looking at an earlier stop: answer it, or come back first.",
                },
            )
        return
    here = human(walk, command)
    for_whom_it_is(walk, walk.state.visit(here.visit))
    here.step.resolve(walk, here, command)


def _provide(walk: Walk, command: Command) -> None:
    provide(walk, command.body["values"])
    current = walk.state.current
    if current is not None and walk.state.status == "active":
        here = walk.here(current)
        if isinstance(here.step, Ask) and here.step.confirms_itself(walk):
            here.step.answer_alone(walk, here)


def _back(walk: Walk, command: Command) -> None:
    state = walk.state
    here = current(walk, command)
    wanted = command.body.get("visit")
    people = [v for v in state.path if v.how in PEOPLE]
    if wanted is None:
        at = state.focus if state.focus is not None else here.visit
        order = next(v.order for v in state.path if v.id == at)
        earlier = [v for v in people if v.order < order]
        if not earlier:
            raise Refused(
                "back.at-start", {"fr": "Il n'y a rien avant.", "en": "There is nothing before."}
            )
        wanted = earlier[-1].id
    elif wanted != here.visit and wanted not in {v.id for v in people}:
        raise Refused(
            "back.unknown-visit",
            {
                "fr": "Ce passage n'est pas dans le parcours.",
                "en": "This visit is not on the path.",
            },
            params={"allowed": [v.id for v in people]},
        )
    target = None if wanted == here.visit else wanted
    if target != state.focus:
        walk.emit(e.Focused(walk.env.now, walk.env.by, target))


def _amend(walk: Walk, command: Command) -> None:
    visit = amendable(walk.state, command.body["visit"])
    for_whom_it_is(walk, visit)
    values = command.body["values"]
    if {**(visit.values or {}), **values} == (visit.values or {}):
        if walk.state.focus is not None:
            walk.emit(e.Focused(walk.env.now, walk.env.by, None))
        return
    found = amend(walk, visit, values, decisions=command.body.get("effects", {}))
    conclude(walk, visit, found)


def _rewind(walk: Walk, command: Command) -> None:
    visit = next((v for v in walk.state.path if v.id == command.body["visit"]), None)
    if visit is None or visit.how not in PEOPLE:
        raise Refused(
            "amend.unknown-visit",
            {
                "fr": "Aucune réponse de ce numéro dans le parcours.",
                "en": "No answer of that number on the path.",
            },
            params={"allowed": [v.id for v in walk.state.path if v.how in PEOPLE]},
        )
    found = rewind(walk, visit, command.body.get("effects", {}))
    conclude(walk, visit, found)


HANDLERS: Handlers = {
    "answer": _resolve,
    "acknowledge": _resolve,
    "skip": _resolve,
    "none_of_these": _resolve,
    "not_done": _resolve,
    "provide": _provide,
    "back": _back,
    "amend": _amend,
    "rewind": _rewind,
}
