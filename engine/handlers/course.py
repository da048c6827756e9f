"""Commands on a session's course: digressions, pauses, wake-ups, its end."""

from __future__ import annotations

from engine import events as e
from engine.commands import STAFF, Command
from engine.evolve import ENDED
from engine.handlers.stop import Handlers, human, one_of
from engine.refusals import Refused
from engine.settle import give_up
from engine.walk import Walk


def _digress(walk: Walk, command: Command) -> None:
    here = human(walk, command)
    name = command.body["journey"]
    allowed = (*walk.library.digressions, *walk.library.system.values())
    if name not in allowed or name not in walk.library.journeys:
        raise Refused(
            "digression.unknown",
            {
                "fr": "Ce parcours ne s'ouvre pas en digression.",
                "en": "This journey does not open as a digression.",
            },
            params={"allowed": list(walk.library.digressions)},
        )
    incident = command.body.get("incident")
    # What is said of it is read where it stands: only its name enters the walk.
    is_told = incident is not None and "incident" in walk.library.journeys[name].inputs
    walk.open(here, name, "digression", inputs={"incident": incident} if is_told else {})


def _return(walk: Walk, _command: Command) -> None:
    run = walk.aside()
    if run is None:
        raise Refused(
            "digression.none",
            {"fr": "Aucune digression n'est ouverte.", "en": "No digression is open."},
        )
    walk.come_back(run)


def _pause(walk: Walk, command: Command) -> None:
    walk.emit(e.Paused(walk.env.now, walk.env.by, command.body.get("reason")))


def _resume(walk: Walk, command: Command) -> None:
    state, body = walk.state, command.body
    language, channel = body.get("language", state.language), body.get("channel", state.channel)
    one_of("language", language, walk.library.languages)
    one_of("channel", channel, walk.library.channels)
    wait = state.wait
    called_back = state.status == "waiting" and wait is not None and wait.what == "call_back"
    moved = (channel, language) != (state.channel, state.language) or body.get("contact") not in (
        None,
        state.contact,
    )
    audience = "advisor" if walk.env.role in STAFF else walk.env.role
    # A customer or a bot takes what is handed to it by taking the session up again.
    handed = state.transfer is not None and state.transfer[:2] == ("hand_over", audience)
    if state.status != "paused" and not (called_back or moved or handed):
        raise Refused(
            "session.not-paused",
            {"fr": "La session n'est pas en pause.", "en": "The session is not paused."},
        )
    walk.emit(
        e.Resumed(walk.env.now, walk.env.by, channel, audience, language, body.get("contact"))
    )
    if handed:
        walk.emit(e.Accepted(walk.env.now, walk.env.by, audience))
    if called_back and wait is not None and walk.state.status == "waiting":
        here = walk.here(walk.state.visit(wait.visit))
        here.step.wake(walk, here, Command("wake", {"wait": wait.id}))


def _finish(walk: Walk, command: Command) -> None:
    outcome = command.body.get("outcome", "unresolved")
    if outcome == "resolved" and (missing := walk.unreached()):
        raise Refused(
            "finish.not-reached",
            {
                "fr": "Rien ne dit encore ce qui a été constaté et fait : ce contact ne peut pas "
                "se terminer comme résolu.",
                "en": "Nothing says yet what was found and done: this contact cannot end as "
                "resolved.",
            },
            params={"missing": missing},
        )
    if command.body.get("reason"):
        walk.emit(e.Noted(walk.env.now, walk.env.by, command.body["reason"]))
    if outcome in ("resolved", "unresolved"):
        # What is read out was heard: its codes stand, and the customer counts on what it promises.
        walk.told()
    walk.end(outcome)


def _cancel(walk: Walk, command: Command) -> None:
    if command.body.get("reason"):
        walk.emit(e.Noted(walk.env.now, walk.env.by, command.body["reason"]))
    if not walk.divert("cancel"):
        walk.end("abandoned")


def _wake(walk: Walk, command: Command) -> None:
    wait = walk.state.wait
    if wait is None or wait.id != command.body["wait"] or walk.state.status in ENDED:
        return
    if wait.what == "effect":
        give_up(walk, "timeout")
        return
    here = walk.here(walk.state.visit(wait.visit))
    here.step.wake(walk, here, command)


def _expire(walk: Walk, _command: Command) -> None:
    if walk.state.status not in ENDED:
        walk.end("abandoned")


HANDLERS: Handlers = {
    "digress": _digress,
    "return": _return,
    "pause": _pause,
    "resume": _resume,
    "finish": _finish,
    "cancel": _cancel,
    "wake": _wake,
    "expire": _expire,
}
