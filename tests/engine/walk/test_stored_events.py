"""Events as they are stored: what any release wrote is read for ever.

A golden file is never edited once released; a new field of an event must have a default.
Source: promises.md 7; semantics.md 28.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.codec import ERASED, decode, encode
from engine.events import EVENTS, Entered, Event, Opened, Requested, Started
from engine.evolve import evolve, fold
from engine.snapshot import dump
from engine.state import State
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

FOLDER = Path(__file__).parents[2] / "golden" / "events"


def stored(kind: str) -> dict[str, Any]:
    """Return a stored event of a kind."""
    found: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def decoded(kind: str, *, payload: bool = True) -> Event:
    """Return it decoded, with its payload or once that was erased."""
    one = stored(kind)
    return decode(
        one["kind"], at=one["at"], by=one["by"], header=one["header"],
        payload=one["payload"] if payload else ERASED if one["payload"] is not None else None,
    )  # fmt: skip


def under_way() -> State:
    """Return a session to which each golden event may happen."""
    state = State()
    main = "main"
    for event in (
        decoded("started"),
        decoded("promised"),
        Entered(2, "a", 1, main, "name", 1, "", "2026-09-21"),
        Opened(3, "a", "main/in", "who", main, 1, "call"),
        Entered(4, "a", 2, "main/in", "who", 1, "", "2026-09-21"),
        Entered(5, "a", 3, main, "order", 1, "name", "2026-09-21"),
        Requested(
            6, "a", "s1/main/order~1.1", 3, main, "order", 1, 1, "shop.read", "read", True, 1
        ),
    ):
        evolve(state, event)
    return state


def test_every_kind_of_event_has_its_golden_file_and_every_file_its_kind() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(EVENTS)


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_a_stored_event_is_read_as_it_was_written(kind: str) -> None:
    one = stored(kind)

    event = decoded(kind)

    assert isinstance(event, EVENTS[kind])
    header, payload = json.loads(json.dumps(encode(event)))
    assert (header, payload) == (one["header"], one["payload"])


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_what_a_person_said_is_in_the_payload_alone(kind: str) -> None:
    header = json.dumps(stored(kind)["header"], ensure_ascii=False)

    assert [word for word in ("Zoé", "zoe", "F1", "busy", "colis") if word in header] == []


@pytest.mark.parametrize("payload", [True, False], ids=["whole", "erased"])
@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_a_stored_event_happens_to_a_session_even_once_erased(kind: str, *, payload: bool) -> None:
    state = State() if kind == "started" else under_way()
    if kind == "restored":
        state.cache = {1: state.path[0]}
    before = state.seq

    evolve(state, decoded(kind, payload=payload))

    assert state.seq == before + 1
    assert (state.version == state.seq) is EVENTS[kind].MOVES
    assert dump(state)["format"] == dump(State())["format"]


def test_a_kind_of_a_newer_release_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        decode("invented", at=1, by="a", header={}, payload=None)


def test_erasing_everything_a_person_said_leaves_the_walk_its_codes_and_its_times() -> None:
    session = Session(
        small_library("""
- id: name
  ask: {name: text}
  declares: order.late
  promise: {what: "We call {name}.", within: 24h}
- {id: order, do: shop.read, with: {id: name}, saves: {order: result}, acts: order.explained,
   by_hand: {say: "Look.", fills: [order.status]}}
- id: rule
  decide: [{when: 'known(order)', set: {seen: order.status}, qualifies: payment.card},
           {else: true, set: {seen: '"no"'}}]
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin(
        words="Where is it?",
        known={"customer.email": {"value": "zoe@example.org", "at": 1, "source": "s0"}},
    )
    session.bring("provide", values={"more": "later"})
    session.answer(name="Zoe")
    session.settle("succeeded", {"status": "held"})
    session.bring("note", text="Zoe is angry")
    session.amend("name", name="Max")
    session.settle("failed", reason="timeout")
    session.bring("answer", values={"order.status": "sent"})
    session.answer(more="no")

    erased = fold(
        decode(event.KIND, at=event.at, by=event.by, header=header,
               payload=ERASED if payload is not None else None)
        for event in session.events
        for header, payload in [json.loads(json.dumps(encode(event)))]
    )  # fmt: skip

    assert erased.codes == session.state.codes
    assert (erased.status, erased.outcome, erased.seq, erased.version) == (
        session.state.status, session.state.outcome, session.state.seq, session.state.version,
    )  # fmt: skip
    places = [(v.id, v.step, v.at, v.left_at, v.how) for v in session.state.path]
    assert [(v.id, v.step, v.at, v.left_at, v.how) for v in erased.path] == places
    text = json.dumps(dump(erased))
    assert [word for word in ("Zoe", "Max", "zoe@", "angry", "sent", "Where") if word in text] == []


def test_the_first_event_begins_a_session() -> None:
    event = decoded("started")
    assert isinstance(event, Started)

    state = fold([event])

    assert (state.session, state.status, state.stack) == (event.session, "active", ["main"])
    assert state.known == event.known
