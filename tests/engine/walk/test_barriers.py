"""What an amend may not go back before. Source: semantics.md 8."""

from __future__ import annotations

from tests.support.sessions import Session
from tests.support.small_libraries import small_library

PAID = """
- {id: number, ask: {number: text}}
- {id: colour, ask: {colour: text}}
- {id: pay, do: shop.pay, with: {id: number}, acts: order.resent, by_hand: {say: "Pay."}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
"""


def paid() -> Session:
    """Return a session that stands after a payment."""
    session = Session(small_library(PAID)).begin()
    session.answer(number="F1")
    session.answer(colour="red")
    session.settle("succeeded")
    assert session.step == "more"
    return session


def test_what_cannot_be_undone_bars_the_way_back() -> None:
    session = paid()

    refused = session.refuses("amend", visit=session.at("number").id, values={"number": "F2"},
                              effects={session.asked("shop.pay")[0].effect: "keep"})  # fmt: skip

    assert refused.code == "amend.barrier"
    assert [b["step"] for b in refused.params["barriers"]] == ["pay"]
    assert [b["step"] for b in session.preview("number", number="F2")["barriers"]] == ["pay"]


def test_an_answer_before_a_barrier_may_change_when_the_barriers_own_inputs_do_not() -> None:
    session = paid()

    session.amend("colour", colour="blue")

    assert session.step == "more"
    assert session.values["colour"] == "blue"
    assert len(session.asked("shop.pay")) == 1


def test_a_step_marked_as_a_barrier_bars_too() -> None:
    library = small_library("""
- {id: number, ask: {number: text}}
- {id: signed, ask: {signed: {type: text}}, barrier: true, when: 'number != "F2"'}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    session = Session(library).begin()
    session.answer(number="F1")
    session.answer(signed="Zoe")

    assert session.preview("number", number="F2")["code"] == "amend.barrier"
    session.amend("number", number="F3")
    assert session.step == "more"


CONSENT = """
- {id: number, ask: {number: text}}
- {id: agree, ask: {agree: {type: consent, text: "I agree."}}, when: 'number != "F2"'}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
"""


def test_a_consent_is_a_barrier_that_keeps_the_time_it_was_given() -> None:
    session = Session(small_library(CONSENT)).begin()
    session.answer(number="F1")
    session.answer(agree={"given": True, "at": "1999-12-31"})
    given = session.values["agree"]

    assert given["at"].startswith("2026-09-21T")
    assert session.preview("number", number="F2")["code"] == "amend.barrier"
    session.amend("number", number="F3")
    assert session.step == "more"
    assert session.values["agree"] == given
