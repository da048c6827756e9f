"""What people change around the walk: hand-overs, pauses, hold, offers, notes, promises."""

from __future__ import annotations

from engine import events as e
from engine.evolve.changes import Changes, become
from engine.state import State


def _transfer_asked(state: State, event: e.TransferAsked) -> None:
    state.transfer = (event.what, event.to, event.visit)
    state.asked_at, state.asked_by, state.handed = event.at, event.by, True
    become(state, "waiting")


def _accepted(state: State, event: e.Accepted) -> None:
    state.audience = event.audience
    # Taken up while it was put down: it goes on with what it then waited for.
    status = state.status if state.paused is None else state.paused
    state.transfer, state.paused = None, None
    if event.contact is not None:
        state.contact = event.contact
    if event.channel is not None:
        state.channel = event.channel
    state.status = "active" if status == "waiting" and state.wait is None else status


def _piloted(state: State, event: e.Piloted) -> None:
    if event.pilot is None:
        state.pilot, state.handed = None, True
    else:
        state.pilot, state.handed = (event.pilot, event.role or "robot", 0), False


def _declined(state: State, _event: e.Declined) -> None:
    state.transfer = None
    if state.status == "waiting" and state.wait is None:
        state.status = "active"


def _offered(state: State, event: e.Offered) -> None:
    state.offers = {**state.offers, **event.values}


def _recognised(state: State, event: e.Recognised) -> None:
    state.known = event.known


def _attached(state: State, event: e.Attached) -> None:
    state.ticket, state.known = event.ticket, event.known
    state.attached = (event.what, event.reason, event.at)


def _paused(state: State, _event: e.Paused) -> None:
    state.paused, state.status = state.status, "paused"


def _resumed(state: State, event: e.Resumed) -> None:
    if event.audience != state.audience:
        # Who takes it up is another kind of actor: they read first where it stands.
        state.handed = True
    state.channel, state.audience, state.language = event.channel, event.audience, event.language
    if event.contact is not None:
        state.contact = event.contact
    if state.paused is not None:
        state.status, state.paused = state.paused, None


def _held(state: State, event: e.Held) -> None:
    state.held = event.on


def _marked(state: State, event: e.Marked) -> None:
    state.marks = state.marks | {event.mark} if event.on else state.marks - {event.mark}


def _consulted(state: State, event: e.Consulted) -> None:
    state.side_call = None
    if event.visit is None:
        state.consulting = event.team if event.on else None
    if event.on:
        state.side_call = {"team": event.team, "visit": event.visit, "at": event.at,
                           "question": event.question, "by": None, "accepted": None,
                           "reason": None}  # fmt: skip


def _consult_answered(state: State, event: e.ConsultAnswered) -> None:
    if state.side_call is not None:
        state.side_call = {
            **state.side_call, "by": event.by, "accepted": event.accepted, "reason": event.reason,
        }  # fmt: skip


def _passed_on(state: State, event: e.PassedOn) -> None:
    if event.what == "transfer" and state.transfer is not None:
        state.transfer, state.asked_at = ("transfer", event.to, state.transfer[2]), event.at
    elif event.what == "consult" and state.side_call is not None:
        state.side_call = {**state.side_call, "team": event.to, "at": event.at}
        if state.consulting is not None:
            state.consulting = event.to


def _noted(state: State, event: e.Noted) -> None:
    state.notes = (*state.notes, {"text": event.text, "at": event.at, "by": event.by})


def _flagged(state: State, _event: e.Flagged) -> None:
    """A flag is for the author; it changes nothing of the walk."""


def _promised(state: State, event: e.Promised) -> None:
    promise = {
        "number": len(state.promises) + 1,
        "what": event.what,
        "due": event.due,
        "team": event.team,
        "visit": event.visit,
        "at": event.at,
        "keeps": event.keeps,
        "begins": event.begins,
        "moves": 0,
        "state": "open",
        "state_at": event.at,
        "how": None,
    }
    state.promises = (*state.promises, promise)


def _promise_followed(state: State, event: e.PromiseFollowed) -> None:
    place = event.promise - 1
    followed = {
        **state.promises[place], "state": event.state, "state_at": event.at, "how": event.how,
    }  # fmt: skip
    state.promises = (*state.promises[:place], followed, *state.promises[place + 1 :])


def _promise_moved(state: State, event: e.PromiseMoved) -> None:
    """A time of its own again: who owes it is reminded anew."""
    place = event.promise - 1
    was = state.promises[place]
    moved = {
        **was, "team": event.team, "begins": event.begins, "due": event.due,
        "moves": was["moves"] + 1, "state": "open", "state_at": event.at, "how": None,
    }  # fmt: skip
    state.promises = (*state.promises[:place], moved, *state.promises[place + 1 :])


def _erased(_state: State, _event: e.Erased) -> None:
    """The values are gone from the events before it: folded again, there is nothing to take."""


def _clock_jumped(state: State, _event: e.ClockJumped) -> None:
    """The ledger flags the times across it; the walk is not concerned."""


APPLY: Changes = {
    e.TransferAsked: _transfer_asked,
    e.Accepted: _accepted,
    e.Declined: _declined,
    e.Piloted: _piloted,
    e.Offered: _offered,
    e.Recognised: _recognised,
    e.Attached: _attached,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.Held: _held,
    e.Marked: _marked,
    e.Consulted: _consulted,
    e.ConsultAnswered: _consult_answered,
    e.PassedOn: _passed_on,
    e.Noted: _noted,
    e.Flagged: _flagged,
    e.Promised: _promised,
    e.PromiseFollowed: _promise_followed,
    e.PromiseMoved: _promise_moved,
    e.ClockJumped: _clock_jumped,
    e.Erased: _erased,
}
