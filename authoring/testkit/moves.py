"""What may be done in a test, and the command each move brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from authoring.testkit.cases import Move
from authoring.testkit.session import Session
from authoring.values import canonical, untyped
from engine.commands import COMMANDS
from engine.events import Json
from engine.expressions import parse_duration
from engine.machine import AMENDABLE
from engine.state import Visit

MS = 1000
MAIN_FIELD = {
    "skip": "reason",
    "none_of_these": "text",
    "digress": "journey",
    "mark": "mark",
    "note": "text",
    "transfer": "team",
    "consult": "team",
    "hand_over": "to",
    "ask_human": "reason",
    "approve": "accept",
    "finish": "outcome",
    "cancel": "reason",
    "pause": "reason",
    "resume": "channel",
    "hold": "reason",
    "not_done": "reason",
    "decline": "reason",
    "accept": "channel",
    "flag": "category",
    "promise": "what",
    "follow_promise": "state",
}
"""The field of the command that a move's bare value fills."""
SUPERVISED = frozenset({"approve", "rewind"})
STAFF_ONLY = frozenset({"accept", "decline", "take_over", "retry", "later", "use_result"})
PATIENT = frozenset(
    {"wait", "take_over", "later", "hold", "unhold", "mark", "note", "consult", "pause", "cancel"}
)
"""Moves that do not let the clock run on to a result somebody waits for."""


class Impossible(Exception):
    """A move that means nothing where it stands; the message says why."""


def make(session: Session, move: Move) -> None:
    """Do one move.

    Raises:
        Refused: the engine refused its command.
        Impossible: the move is not known, or has nothing to apply to.
    """
    if move.name not in PATIENT and move.name != "start":
        session.catch_up()
    special = _SPECIAL.get(move.name)
    if special is not None:
        special(session, move)
        return
    spec = COMMANDS.get(move.name)
    if spec is None or spec.system:
        raise Impossible(f"'{move.name}' is not a move of a test.")
    session.bring(move.name, _body(session, move), role=_role(session, move.name))


def _role(session: Session, name: str) -> str:
    if name in SUPERVISED:
        return "supervisor"
    if name in STAFF_ONLY and session.audience not in {"advisor", "supervisor"}:
        return "advisor"
    return session.audience


def _body(session: Session, move: Move) -> dict[str, Json]:
    fields = COMMANDS[move.name].fields
    beside = {key: value for key, value in move.beside.items() if key in fields}
    if isinstance(move.value, dict):
        body = {**move.value, **beside}
    elif move.value is None or (move.value is True and move.name != "approve"):
        body = dict(beside)
    else:
        main = MAIN_FIELD.get(move.name)
        if main is None:
            raise Impossible(f"'{move.name}' takes no value.")
        body = {main: move.value, **beside}
    if move.name == "follow_promise":
        body.setdefault("promise", len(session.state.promises))
    if move.name == "promise" and "within" in body:
        span = parse_duration(str(body.pop("within"))) or 0
        due = datetime.fromtimestamp(session.now / MS + span, session.zone)
        body["due"] = due.isoformat()
    return body


def _start(session: Session, move: Move) -> None:
    session.begin(str(move.value))


def _answer(session: Session, move: Move) -> None:
    focus = session.state.focus
    visit = session.state.current if focus is None else session.state.visit(focus)
    body: dict[str, Json] = {"values": _values(session, visit, move.value)}
    if "at" in move.beside:
        body["step"] = move.beside["at"]
    session.bring("answer", body)


def _values(session: Session, visit: Visit | None, written: Json) -> dict[str, Json]:
    if not isinstance(written, dict):
        raise Impossible("answers are written `{question: answer}`.")
    asked = session.questions(visit)
    return {
        name: canonical(asked[name].type, value) if name in asked else untyped(value)
        for name, value in written.items()
    }


def _provide(session: Session, move: Move) -> None:
    if not isinstance(move.value, dict):
        raise Impossible("values are written `{question: answer}`.")
    types = {
        question.name: question.type
        for run in session.state.runs.values()
        for step in session.library.journeys[run.journey].steps.values()
        for question in step.fields()
    }
    types |= {name: fact.type for name, fact in session.library.facts.items()}
    values = {
        name: canonical(types[name], value) if name in types else value
        for name, value in move.value.items()
    }
    session.bring("provide", {"values": values})


def _amend(session: Session, move: Move) -> None:
    visit = _visit(session, move)
    body: dict[str, Json] = {"visit": visit.id, "values": _values(session, visit, move.value)}
    if "effects" in move.beside:
        body["effects"] = _effects(session, move.beside["effects"])
    session.amended = ((), ())
    session.bring("amend", body)


def _visit(session: Session, move: Move) -> Visit:
    """Return the last visit of the path that holds what is corrected.

    The step named, or the one that asked it.
    """
    step = move.beside.get("at")
    wanted = set(move.value) if isinstance(move.value, dict) else set()
    for visit in reversed(session.state.path):
        if step is not None:
            if visit.step == step and visit.left_order is not None:
                return visit
        elif visit.how in AMENDABLE and wanted <= set(session.questions(visit)):
            return visit
    named = f"step '{step}'" if step is not None else ", ".join(sorted(wanted))
    raise Impossible(f"nothing on the path was answered for {named}.")


def _effects(session: Session, written: Json) -> dict[str, str]:
    """Return decisions by effect; a test names actions by their step or their operation."""
    found: dict[str, str] = {}
    for name, choice in written.items() if isinstance(written, dict) else ():
        matching = [
            effect.id
            for effect in session.state.effects.values()
            if name in {effect.id, effect.step, effect.operation} and effect.compensates is None
        ]
        if not matching:
            raise Impossible(f"no action '{name}' was done.")
        found.update(dict.fromkeys(matching, str(choice)))
    return found


def _by_hand(session: Session, move: Move) -> None:
    values = _values(session, session.state.current, move.value or {})
    session.bring("answer", {"values": values})


def _wait(session: Session, move: Move) -> None:
    span = parse_duration(str(move.value))
    if span is None:
        raise Impossible(f"'{move.value}' is not a duration.")
    session.pass_time(span * MS)


def _wake(session: Session, move: Move) -> None:
    wait = session.state.wait
    if wait is None:
        raise Impossible("the session waits for nothing.")
    if move.value is not None and move.value not in {wait.name, wait.what, wait.id}:
        raise Impossible(
            f"the session waits for '{wait.name or wait.what}', not for '{move.value}'."
        )
    body: dict[str, Json] = {"wait": wait.id}
    if "event" in move.beside:
        body["event"] = untyped(move.beside["event"])
    if move.beside.get("timeout") is True:
        body["timeout"] = True
    session.bring("wake", body, role="system")


def _back(session: Session, move: Move) -> None:
    step = move.value if isinstance(move.value, str) else move.beside.get("at")
    body: Mapping[str, Json] = {}
    if step is not None:
        found = [visit.id for visit in session.state.path if visit.step == step]
        if not found:
            raise Impossible(f"step '{step}' is not on the path.")
        body = {"visit": found[-1]}
    session.bring("back", body)


def _rewind(session: Session, move: Move) -> None:
    found = [visit.id for visit in session.state.path if visit.step == move.value]
    if not found:
        raise Impossible(f"step '{move.value}' is not on the path.")
    body: dict[str, Json] = {"visit": found[-1]}
    if "effects" in move.beside:
        body["effects"] = _effects(session, move.beside["effects"])
    session.bring("rewind", body, role="supervisor")


_SPECIAL: dict[str, Callable[[Session, Move], None]] = {
    "start": _start,
    "answer": _answer,
    "provide": _provide,
    "amend": _amend,
    "by_hand": _by_hand,
    "wait": _wait,
    "wake": _wake,
    "back": _back,
    "rewind": _rewind,
}
