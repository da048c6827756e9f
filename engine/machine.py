"""The engine's face: a command comes in, events come out.

`decide` works on a draft of the state with the walk's verbs and returns what happened; the caller
stores the events and carries out what they request. Everything it needs is given: library, state,
command, circumstances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import events as e
from engine.amend import AMENDABLE, amend, amendable, conclude, effects_view, rewind
from engine.answering import accept
from engine.commands import COMMANDS, Command
from engine.evolve import ENDED, PEOPLE
from engine.expressions import CostExceeded
from engine.model import Library
from engine.places import Here
from engine.provide import provide
from engine.refusals import Refused
from engine.settle import give_up, settle
from engine.state import ROOT, State, Visit
from engine.steps.ask import Ask
from engine.walk import Env, Walk

STAFF_ROLES = ("advisor", "supervisor")


@dataclass(frozen=True, slots=True)
class Start:
    """What a session begins with.

    `known`: fact name -> {value, at, source}; `words` are the customer's own.
    """

    session: str
    journey: str
    audience: str
    language: str | None = None
    channel: str | None = None
    contact: str | None = None
    ticket: str | None = None
    customer: str | None = None
    inputs: Mapping[str, e.Json] = field(default_factory=dict)
    known: Mapping[str, e.Json] = field(default_factory=dict)
    words: str | None = None


@dataclass(slots=True)
class Decision:
    """What happened, and the state after it. No events: nothing changed."""

    events: list[e.Event]
    state: State


def start(library: Library, request: Start, env: Env) -> Decision:
    """Begin a session and walk to its first stop.

    Raises:
        Refused: no such journey, one that is only called, a language or channel the library has
            not, wrong inputs.
    """
    journey = library.journeys.get(request.journey)
    if journey is None or not journey.startable:
        raise Refused(
            "start.unknown-journey",
            {
                "fr": f"Aucun parcours « {request.journey} » ne se démarre ici.",
                "en": f"No journey '{request.journey}' can be started here.",
            },
            params={"allowed": sorted(j.id for j in library.journeys.values() if j.startable)},
        )
    language = _one_of("language", request.language, library.languages)
    channel = _one_of("channel", request.channel, library.channels)
    inputs: dict[str, e.Json] = {}
    if journey.inputs or request.inputs:
        inputs = _inputs(library, request, env)
    walk = Walk(library, State(), env)
    walk.emit(_started(library, request, env, language=language, channel=channel, inputs=inputs))
    walk.go(ROOT, journey.start, "")
    walk.proceed()
    return Decision(walk.events, walk.state)


def _inputs(library: Library, request: Start, env: Env) -> dict[str, e.Json]:
    """Return what a session is started with, in canonical form; refused as answers are."""
    journey = library.journeys[request.journey]
    walk = Walk(library, State(), env)
    walk.emit(_started(library, request, env, language="", channel="", inputs={}))
    here = Here(ROOT, journey.steps[journey.start], 1, "", walk.today, 0)
    return accept(walk, here, tuple(journey.inputs.values()), request.inputs)


def _started(
    library: Library,
    request: Start,
    env: Env,
    *,
    language: str,
    channel: str,
    inputs: dict[str, e.Json],
) -> e.Started:
    return e.Started(
        env.now,
        env.by,
        request.session,
        library.revision,
        request.journey,
        request.audience,
        language,
        channel,
        request.contact,
        request.ticket,
        request.customer,
        inputs,
        dict(request.known),
        request.words,
    )


def _one_of(name: str, given: str | None, allowed: tuple[str, ...]) -> str:
    if given is None:
        return allowed[0]
    if given not in allowed:
        raise Refused(
            f"start.unknown-{name}",
            {
                "fr": f"« {given} » n'est pas prévu par la bibliothèque.",
                "en": f"The library has no '{given}'.",
            },
            fields={
                name: {"code": f"start.unknown-{name}", "message": {}, "allowed": list(allowed)}
            },
        )
    return given


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
    try:
        _HANDLERS[command.type](walk, command)
    except CostExceeded:
        walk.trip("bound.expression-cost", command.type)
    walk.proceed()


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
    if status in ENDED and command.type not in ("note", "flag", "promise"):
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
    found = amend(walk, visit, command.body["values"], command.body.get("effects", {}))
    allowed, refusal = True, None
    unsure = effects_view(library, walk.state, [x.id for x in found.orphans] + found.unsure)
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


def _current(walk: Walk, command: Command) -> Here:
    """Return where the session stands, if the command is meant for it.

    Raises:
        Refused: `answer.not-current` when the command names another step; `session.waiting` when
            nothing is open.
    """
    visit = walk.state.current
    if visit is None:
        raise Refused(
            "session.waiting",
            {"fr": "Rien n'est attendu de vous.", "en": "Nothing is asked of you."},
        )
    named = command.body.get("step")
    if named is not None and named != visit.step:
        raise Refused(
            "answer.not-current",
            {
                "fr": f"L'étape en cours est « {visit.step} ».",
                "en": f"The current step is '{visit.step}'.",
            },
            fields={"step": {"code": "answer.not-current", "message": {}, "allowed": [visit.step]}},
        )
    return walk.here(visit)


def _human(walk: Walk, command: Command) -> Here:
    """Return the stop, when it is a person's turn."""
    here = _current(walk, command)
    if walk.state.status != "active":
        raise Refused(
            "session.waiting",
            {
                "fr": "La session attend autre chose que vous.",
                "en": "The session waits for something else.",
            },
            params={"status": walk.state.status},
        )
    return here


def _resolve(walk: Walk, command: Command) -> None:
    focus = walk.state.focus
    if focus is not None:
        if command.type == "answer":
            _amend(walk, Command("amend", {"visit": focus, "values": command.body["values"]}))
            return
        walk.emit(e.Focused(walk.env.now, walk.env.by, None))
        if command.type == "acknowledge":
            return
    here = _human(walk, command)
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
    here = _current(walk, command)
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
    values = command.body["values"]
    if {**(visit.values or {}), **values} == (visit.values or {}):
        if walk.state.focus is not None:
            walk.emit(e.Focused(walk.env.now, walk.env.by, None))
        return
    found = amend(walk, visit, values, command.body.get("effects", {}))
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


def _digress(walk: Walk, command: Command) -> None:
    here = _human(walk, command)
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
    walk.open(here, name, "digression", {})


def _return(walk: Walk, command: Command) -> None:
    state = walk.state
    run = next((r for r in reversed(state.stack) if state.runs[r].mode == "digression"), None)
    if run is None:
        raise Refused(
            "digression.none",
            {"fr": "Aucune digression n'est ouverte.", "en": "No digression is open."},
        )
    last = None
    for visit in [
        v
        for v in state.path
        if v.left_order is None and (v.run == run or v.run.startswith(run + "/"))
    ]:
        walk.emit(e.Left(walk.env.now, walk.env.by, visit.id, "returned", "returned"))
        last = visit.id
    walk.close(run, "returned", last)


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
    _team(walk, command.body["team"])
    if on == (walk.state.consulting is None):
        walk.emit(
            e.Consulted(
                walk.env.now, walk.env.by, command.body["team"], on, command.body.get("question")
            )
        )


def _team(walk: Walk, team: str) -> None:
    if team not in walk.library.teams:
        raise Refused(
            "team.unknown",
            {
                "fr": "La bibliothèque ne connaît pas cette équipe.",
                "en": "The library knows no such team.",
            },
            fields={
                "team": {
                    "code": "team.unknown",
                    "message": {},
                    "allowed": sorted(walk.library.teams),
                }
            },
        )


def _transfer(walk: Walk, command: Command) -> None:
    _human(walk, command)
    _team(walk, command.body["team"])
    walk.emit(
        e.TransferAsked(
            walk.env.now,
            walk.env.by,
            "transfer",
            command.body["team"],
            None,
            command.body.get("reason"),
        )
    )


def _hand_over(walk: Walk, command: Command) -> None:
    to = command.body.get("to", "advisor")
    if walk.state.transfer is not None:
        raise Refused(
            "transfer.pending",
            {
                "fr": "Un passage de relais est déjà demandé.",
                "en": "A hand-over is already asked for.",
            },
        )
    _human(walk, command)
    walk.emit(
        e.TransferAsked(
            walk.env.now, walk.env.by, "hand_over", to, None, command.body.get("reason")
        )
    )


def _accept(walk: Walk, command: Command) -> None:
    transfer = walk.state.transfer
    if transfer is None:
        raise Refused(
            "transfer.none",
            {"fr": "Aucun passage de relais n'est demandé.", "en": "No hand-over is asked for."},
        )
    if command.type == "decline":
        waiting = transfer[0] == "transfer" and transfer[2] is not None
        if waiting:
            here = _current(walk, command)
            here.step.resolve(walk, here, command)
        else:
            walk.emit(e.Declined(walk.env.now, walk.env.by, command.body.get("reason")))
        return
    audience = "advisor" if walk.env.role in STAFF_ROLES else walk.env.role
    walk.emit(
        e.Accepted(
            walk.env.now,
            walk.env.by,
            audience,
            command.body.get("contact"),
            command.body.get("channel"),
        )
    )
    if transfer[0] == "transfer" and transfer[2] is not None:
        here = walk.here(walk.state.visit(transfer[2]))
        here.step.resolve(walk, here, command)


def _take_over(walk: Walk, command: Command) -> None:
    if walk.state.wait is not None and walk.state.wait.what == "effect":
        give_up(walk)
        return
    if walk.state.status == "pending" and walk.state.wait is None:
        here = _current(walk, command)
        here.step.resolve(walk, here, command)
        return
    walk.emit(e.Accepted(walk.env.now, walk.env.by, "advisor"))
    transfer = walk.state.current
    if transfer is not None and walk.step(transfer).KIND == "transfer":
        here = walk.here(transfer)
        here.step.resolve(walk, here, Command("accept"))


def _approve(walk: Walk, command: Command) -> None:
    wait = walk.state.wait
    if wait is None or wait.what != "approval":
        raise Refused(
            "approve.none",
            {"fr": "Rien n'attend d'accord.", "en": "Nothing waits for an approval."},
        )
    if wait.name is not None and walk.env.role not in (wait.name, "supervisor"):
        raise Refused(
            "approve.role",
            {
                "fr": f"Il faut l'accord du rôle « {wait.name} ».",
                "en": f"The role '{wait.name}' must approve.",
            },
            params={"role": wait.name},
        )
    here = walk.here(walk.state.visit(wait.visit))
    here.step.resolve(walk, here, command)


def _promise(walk: Walk, command: Command) -> None:
    body = command.body
    due = None
    if body.get("due") is not None:
        due = _instant(body["due"])
    walk.emit(e.Promised(walk.env.now, walk.env.by, body["what"], due, body.get("by"), None))


def _instant(text: str) -> int:
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(
            "command.wrong-field",
            {
                "fr": "Une date et une heure avec leur décalage sont attendues.",
                "en": "A date and time with its offset is expected.",
            },
            fields={
                "due": {
                    "code": "command.wrong-field",
                    "message": {},
                    "allowed": "2026-10-01T12:00:00+02:00",
                }
            },
        )
    return round(moment.timestamp() * 1000)


def _pause(walk: Walk, command: Command) -> None:
    walk.emit(e.Paused(walk.env.now, walk.env.by, command.body.get("reason")))


def _resume(walk: Walk, command: Command) -> None:
    state, body = walk.state, command.body
    language, channel = body.get("language", state.language), body.get("channel", state.channel)
    _one_of("language", language, walk.library.languages)
    _one_of("channel", channel, walk.library.channels)
    wait = state.wait
    called_back = state.status == "waiting" and wait is not None and wait.what == "call_back"
    moved = (channel, language) != (state.channel, state.language) or body.get("contact") not in (
        None,
        state.contact,
    )
    if state.status != "paused" and not called_back and not moved:
        raise Refused(
            "session.not-paused",
            {"fr": "La session n'est pas en pause.", "en": "The session is not paused."},
        )
    audience = "advisor" if walk.env.role in STAFF_ROLES else walk.env.role
    walk.emit(
        e.Resumed(walk.env.now, walk.env.by, channel, audience, language, body.get("contact"))
    )
    if called_back and wait is not None and walk.state.status == "waiting":
        here = walk.here(walk.state.visit(wait.visit))
        here.step.wake(walk, here, Command("wake", {"wait": wait.id}))


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


def _finish(walk: Walk, command: Command) -> None:
    if command.body.get("reason"):
        walk.emit(e.Noted(walk.env.now, walk.env.by, command.body["reason"]))
    walk.end(command.body.get("outcome", "unresolved"))


def _cancel(walk: Walk, command: Command) -> None:
    if command.body.get("reason"):
        walk.emit(e.Noted(walk.env.now, walk.env.by, command.body["reason"]))
    if not walk.divert("cancel"):
        walk.end("abandoned")


def _wake(walk: Walk, command: Command) -> None:
    wait = walk.state.wait
    if (
        wait is None
        or wait.id != command.body["wait"]
        or walk.state.status in ENDED
        or wait.what == "effect"
    ):
        return
    here = walk.here(walk.state.visit(wait.visit))
    here.step.wake(walk, here, command)


def _expire(walk: Walk, command: Command) -> None:
    if walk.state.status not in ENDED:
        walk.end("abandoned")


_HANDLERS: dict[str, Callable[[Walk, Command], None]] = {
    "answer": _resolve, "acknowledge": _resolve, "skip": _resolve, "none_of_these": _resolve, "not_done": _resolve,
    "provide": _provide, "back": _back, "amend": _amend, "rewind": _rewind, "digress": _digress, "return": _return,
    "hold": _hold, "unhold": _hold, "mark": _mark, "consult": _consult, "transfer": _transfer,
    "hand_over": _hand_over, "ask_human": _hand_over, "accept": _accept, "decline": _accept, "take_over": _take_over,
    "approve": _approve, "promise": _promise, "pause": _pause, "resume": _resume, "note": _note, "flag": _flag,
    "finish": _finish, "cancel": _cancel, "effect_result": settle, "wake": _wake, "expire": _expire,
}  # fmt: skip

__all__ = ["AMENDABLE", "Decision", "Env", "Start", "decide", "preview", "start"]
