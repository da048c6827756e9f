"""Values brought beforehand, and values known from elsewhere. Source: semantics.md 6, 7."""

from __future__ import annotations

from engine.events import Offered
from tests.support.sessions import Session
from tests.support.small_libraries import LIBRARY, small_library

TWO = """
- id: name
  ask: {name: text, age: {type: number, min: 18, required: false}}
- id: reason
  ask: {reason: {type: choice, options: [{id: late, label: Late}, {id: lost, label: Lost}]}}
- {id: done, end: resolved}
"""


def two() -> Session:
    """Return a session on the first of two stops."""
    return Session(small_library(TWO)).begin()


# Values brought beforehand, and values known


def test_values_brought_beforehand_wait_for_their_question_and_never_move_past_a_stop() -> None:
    session = two()

    happened = session.bring("provide", values={"name": "Zoe", "reason": "late"})

    assert [type(e) for e in happened] == [Offered]
    assert session.step == "name"
    assert session.look()["fields"][0]["offered"] == "Zoe"
    session.answer(name="Zoe")
    assert session.step == "reason"
    assert session.look()["fields"][0]["offered"] == "late"
    assert session.at("name").source == {"name": "offered"}


def test_a_value_brought_beforehand_serves_once() -> None:
    session = two()
    session.bring("provide", values={"name": "Zoe"})
    session.answer(name="Max")

    assert session.state.offers == {}
    assert session.at("name").source == {"name": "given"}


def test_values_that_cannot_serve_stay_visible_with_the_reason() -> None:
    session = two()

    session.bring("provide", values={"colour": "red", "age": 3, "reason": "late"})

    unused = {one["name"]: one["code"] for one in session.look()["offers_unused"]}
    assert unused == {"colour": "offer.unreachable", "age": "answer.too-small"}
    session.bring("provide", values={"colour": None})
    assert "colour" not in [one["name"] for one in session.look()["offers_unused"]]


def test_a_robot_answers_with_what_it_brought_without_anybodys_confirmation() -> None:
    session = Session(small_library(TWO)).begin(audience="robot")

    session.bring("provide", "robot", values={"name": "Zoe", "reason": "late"})

    assert session.state.outcome == "resolved"


def test_the_library_may_let_customers_confirm_by_bringing() -> None:
    implied = small_library(TWO, files={"library.yaml": LIBRARY + "provide: {implied: [customer]}"})
    for library, stops_at in ((implied, "reason"), (small_library(TWO), "name")):
        session = Session(library).begin(audience="customer")

        session.bring("provide", "customer", values={"name": "Zoe"})

        assert session.step == stops_at


FACT = """
- id: email
  ask: {email: {type: email, fact: customer.email, known: skip}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
"""
KNOWN = {"customer.email": {"value": "zoe@example.org", "at": 1, "source": "session s0"}}


def test_a_known_value_is_used_and_recorded_as_such() -> None:
    session = Session(small_library(FACT)).begin(known=KNOWN)

    assert session.step == "more"
    assert session.at("email").source == {"email": "known"}
    assert session.values == {"email": "zoe@example.org"}


def test_a_known_value_may_have_to_be_confirmed() -> None:
    session = Session(small_library(FACT.replace("known: skip", "known: confirm"))).begin(
        known=KNOWN
    )

    assert session.step == "email"
    assert session.look()["fields"][0]["known"] == {
        "value": "zoe@example.org", "source": "session s0", "at": 1, "mode": "confirm",
    }  # fmt: skip
    session.answer(email="zoe@example.org")
    assert session.at("email").source == {"email": "confirmed"}


def test_a_known_value_that_is_no_longer_valid_is_not_known() -> None:
    wrong = {"customer.email": {"value": "no address", "at": 1, "source": "x"}}

    assert Session(small_library(FACT)).begin(known=wrong).step == "email"


TRIES = """
- id: email
  ask: {email: {type: email, fact: customer.email, known: skip}}
- {id: check, do: shop.read, with: {id: email}, saves: {order: result}, on: {refused: email},
   by_hand: {say: "Look."}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
"""


def test_a_known_value_never_serves_twice_so_try_check_try_does_not_spin() -> None:
    session = Session(small_library(TRIES)).begin(known=KNOWN)
    assert session.step == "check"

    session.settle("refused", reason="not_found")

    assert (session.step, session.at("email").occ) == ("email", 2)
    assert session.look()["fields"][0]["known"] is None
    session.answer(email="max@example.org")
    assert session.at("email").source == {"email": "given"}
    assert len(session.asked("shop.read")) == 2


def test_an_old_contact_never_changes_the_way_by_itself() -> None:
    session = Session(
        small_library("""
- id: way
  decide:
    - {when: 'known(email)', next: more}
    - {else: true, next: email}
- id: email
  ask: {email: {type: email, fact: customer.email, known: confirm}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin(known=KNOWN)

    assert session.step == "email"
