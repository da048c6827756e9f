"""What becomes of promises: kept in time or late, overdue, not kept, or no longer owed.

A promise is broken once its time has passed by the service's clock, and stays owed until somebody
keeps it late or says that it is not to be kept. Source: measures.md A7; decision 0033.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from engine import events as e
from engine.commands import Command
from engine.evolve import ENDED
from engine.handlers.stop import Handlers, known_team
from engine.parts import CODED_OUTCOMES
from engine.recording import OWED, fulfilled
from engine.refusals import Refused
from engine.walk import Walk

STATES: Final[Mapping[str, str]] = {
    "open": "it is owed, and its time has not come",
    "soon": "it is owed, and its time comes soon: who owes it was reminded",
    "overdue": "it is owed, and its time has passed",
    "kept": "it was kept in time",
    "late": "it was kept after its time",
    "broken": "somebody said, with a reason, that it was not kept",
    "dropped": "it is owed no more: a correction took it back, or the customer needs it no more",
}
"""Where a promise may stand."""


def follow(walk: Walk) -> None:
    """Say what a turn made of the promises before it: kept by the end, or taken back."""
    state = walk.state
    if not state.promises:
        return
    has_settled = state.status in ENDED and state.outcome in CODED_OUTCOMES
    live = None
    for promise in state.promises:
        is_owed = promise["state"] in OWED
        if promise["visit"] is not None:
            if live is None:
                live = {visit.id for visit in state.path if visit.left_order is not None}
            if is_owed and promise["visit"] not in live:
                _note(walk, promise, "dropped", cause="correction")
                continue
            if (
                (promise["state"], promise["how"]) == ("dropped", "correction")
                and promise["visit"] in live
                and not _is_replaced(walk, promise)
            ):
                _note(walk, promise, "open", cause="correction")
                continue
        if (
            is_owed
            and has_settled
            and promise["keeps"] == "resolution"
            and promise["at"] < walk.env.now
        ):
            _note(walk, promise, fulfilled(promise, walk.env.now), cause="resolution")


def _is_replaced(walk: Walk, promise: Mapping[str, Any]) -> bool:
    """Return whether the same visit promised anew, after a correction."""
    later = walk.state.promises[promise["number"] :]
    return any(other["visit"] == promise["visit"] for other in later)


def _note(
    walk: Walk, promise: Mapping[str, Any], state: str, *, cause: str, reason: str | None = None
) -> None:
    now, by = walk.env.now, walk.env.by
    walk.emit(e.PromiseFollowed(now, by, promise["number"], state, cause, reason))


def _promise(walk: Walk, command: Command) -> None:
    """Promise something, by a time or in a slot."""
    body = command.body
    begins, due = None, None
    if body.get("slot") is not None:
        begins, due = _slot(command)
    else:
        if body.get("by") is not None:
            known_team(walk, body["by"], field="by")
        if body.get("due") is not None:
            due = instant(body["due"], "due")
    walk.emit(
        e.Promised(
            walk.env.now, walk.env.by, body["what"], due, body.get("by"), None,
            body.get("kept_by"), begins,
        )
    )  # fmt: skip


def _move(walk: Walk, command: Command) -> None:
    """Have a promise that is still owed take another slot."""
    promise = _named(walk, command)
    if promise["state"] not in OWED:
        raise Refused(
            "promise.not-owed",
            {
                "fr": "Cette promesse n'est plus due : son heure ne peut plus changer.",
                "en": "This promise is owed no more: its time cannot change any more.",
            },
            params={"state": promise["state"]},
        )
    begins, due = _slot(command)
    team = command.body.get("by") or promise["team"]
    if (promise["team"], promise["begins"]) != (team, begins):
        walk.emit(e.PromiseMoved(walk.env.now, walk.env.by, promise["number"], team, begins, due))


def _slot(command: Command) -> tuple[int, int]:
    """Return the slot that whoever keeps the calendar took for a command: `taken`."""
    taken = command.body.get("taken")
    if taken is None or command.body.get("due") is not None:
        raise Refused(
            "promise.no-slot",
            {
                "fr": "Un créneau est celui d'une équipe qui en donne (`by`), et tient lieu de "
                "`due`.",
                "en": "A slot is that of a team which gives some (`by`), and stands for `due`.",
            },
        )
    begins, ends = taken
    return begins, ends


def instant(text: str, field: str) -> int:
    """Return an instant of a command, in milliseconds UTC. Raises Refused: it has no offset."""
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
                field: {
                    "code": "command.wrong-field",
                    "message": {},
                    "allowed": "2026-10-01T12:00:00+02:00",
                }
            },
        )
    return round(moment.timestamp() * 1000)


def _said(walk: Walk, command: Command) -> None:
    """Take what a person says of a promise; the latest word holds."""
    promise = _named(walk, command)
    state, reason = command.body["state"], command.body.get("reason")
    if state != "kept" and not (reason or "").strip():
        raise Refused(
            "promise.reason",
            {
                "fr": "Dites pourquoi la promesse n'est pas tenue, ou n'est plus due.",
                "en": "Say why the promise is not kept, or is owed no more.",
            },
        )
    if state == "kept":
        state = fulfilled(promise, walk.env.now)
    is_told = promise["state"] in ("kept", "late") and command.body["state"] == "kept"
    if promise["state"] != state and not is_told:
        _note(walk, promise, state, cause="hand", reason=reason)


def _news(walk: Walk, command: Command) -> None:
    """Take what the clock, a contact or another session says of a promise that is still owed."""
    promise, what = _named(walk, command), command.body["state"]
    if promise["state"] not in OWED:
        return
    if what in ("contact", "resolution"):
        _note(walk, promise, fulfilled(promise, walk.env.now), cause=what)
    elif OWED.index(what) > OWED.index(promise["state"]):
        _note(walk, promise, what, cause="clock")


def _named(walk: Walk, command: Command) -> Mapping[str, Any]:
    number = command.body["promise"]
    if number > len(walk.state.promises):
        raise Refused(
            "promise.unknown",
            {
                "fr": f"Cette session n'a pas de promesse n° {number}.",
                "en": f"This session has no promise number {number}.",
            },
            params={"promises": len(walk.state.promises)},
        )
    named: Mapping[str, Any] = walk.state.promises[number - 1]
    return named


HANDLERS: Handlers = {
    "promise": _promise,
    "move_promise": _move,
    "follow_promise": _said,
    "promise_news": _news,
}
