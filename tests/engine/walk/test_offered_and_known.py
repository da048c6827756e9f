"""Values brought beforehand, and values known from elsewhere. Source: semantics.md 6, 7."""

from __future__ import annotations

from typing import Any

import pytest

from engine.events import Offered
from tests.support.sessions import BEGUN, Session
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
        "why": "declared",
    }  # fmt: skip
    session.answer(email="zoe@example.org")
    assert session.at("email").source == {"email": "confirmed"}


DAY = 86_400_000
UNSAID = FACT.replace(", known: skip", "")
RULES = """\
reuse:
  - {from: [robot, "import:erp"], known: skip}
  - {older: 30 days, known: always}
  - {from: advisor, older: 7 days, known: confirm}
"""


@pytest.mark.parametrize(
    ("rules", "source", "days", "mode", "why"),
    [
        ("", "advisor:ana", 1, "skip", None),
        ("", "customer:lin", 179, "skip", None),
        ("", "advisor:ana", 181, "confirm", "age"),
        ("", "import:crm", 1, "confirm", "source"),
        ("", "bot:chat", 1, "confirm", "source"),
        (RULES, "robot:night", 400, "skip", "source"),
        (RULES, "import:erp", 400, "skip", "source"),
        (RULES, "import:crm", 31, "always", "age"),
        (RULES, "import:crm", 29, "skip", None),
        (RULES, "advisor:ana", 8, "confirm", "age"),
        (RULES, "advisor:ana", 31, "always", "age"),
    ],
)
def test_where_no_question_says_it_source_and_age_decide_how_what_is_known_is_used(
    rules: str, source: str, days: int, mode: str, why: str | None
) -> None:
    library = small_library(UNSAID, files={"library.yaml": LIBRARY + rules})
    known = {"customer.email": {"value": "zoe@example.org", "at": BEGUN - days * DAY,
                                "source": source}}  # fmt: skip

    session = Session(library).begin(known=known)

    assert (session.step == "more") == (mode == "skip")
    assert session.at("email").repeats == (mode == "always")
    if mode != "skip":
        shown = session.look()["fields"][0]["known"]
        assert (shown["mode"], shown["why"], shown["source"]) == (mode, why, source)
        session.answer(email="zoe@example.org")
        assert session.at("email").source == {"email": "confirmed"}


def test_a_question_or_its_fact_that_says_it_is_heard_before_any_rule() -> None:
    said = LIBRARY.replace(
        "customer.email: {type: email, holder: customer",
        "customer.email: {type: email, known: skip, holder: customer",
    )
    assert said != LIBRARY
    old = {"customer.email": {"value": "zoe@example.org", "at": 1, "source": "import:crm"}}

    by_question = Session(small_library(FACT)).begin(known=old)
    by_fact = Session(small_library(UNSAID, files={"library.yaml": said})).begin(known=old)

    assert (by_question.step, by_fact.step) == ("more", "more")


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


# Who the customer is, found out during the walk

WHO = """
- id: email
  ask: {email: {type: email, fact: customer.email, known: confirm}}
- id: name
  ask: {name: {type: text, fact: customer.name, known: skip}}
- {id: more, ask: {more: text}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
"""
ZOE = ("cus_1", {"customer.name": {"value": "Zoe", "at": 1, "source": "session s0"}})
MAX = ("cus_2", {"customer.name": {"value": "Max", "at": 2, "source": "session s1"}})
NOBODY: tuple[None, dict[str, Any]] = (None, {})
NAMED = LIBRARY.replace(
    "  ticket.order", "  customer.name: {type: text, holder: customer}\n  ticket.order"
)


def who() -> Session:
    """Return a session that asks for an address first, and then for what may be known."""
    return Session(small_library(WHO, files={"library.yaml": NAMED})).begin()


def test_what_is_known_of_a_recognised_customer_serves_from_the_next_question_on() -> None:
    session = who()

    session.found = ZOE
    happened = session.answer(email="zoe@example.org")

    assert [e.KIND for e in happened] == ["left", "recognised", "entered", "left", "entered"]
    assert (session.step, session.values["name"]) == ("more", "Zoe")
    assert session.at("name").source == {"name": "known"}
    assert session.at("email").source is None


def test_a_recognised_customer_changes_no_answer_that_was_given_before() -> None:
    session = who()
    session.answer(email="zoe@example.org")
    session.answer(name="Ana")

    session.found = ZOE
    session.amend("email", email="zoe@example.com")

    assert session.values == {"email": "zoe@example.com", "name": "Ana"}
    assert session.step == "more"


def test_what_was_known_of_somebody_else_is_taken_back_and_comes_back_with_them() -> None:
    session = who()
    session.found = ZOE
    session.answer(email="zoe@example.org")
    session.answer(more="a")

    session.found = MAX
    session.amend("email", email="max@example.org")
    as_max = dict(session.values)
    session.found = NOBODY
    session.amend("email", email="nobody@example.org")
    as_nobody, stop = dict(session.values), session.step
    session.found = ZOE
    session.amend("email", email="zoe@example.org")

    assert as_max == {"email": "max@example.org", "name": "Max", "more": "a"}
    assert (as_nobody, stop) == ({"email": "nobody@example.org"}, "name")
    assert session.values == {"email": "zoe@example.org", "name": "Zoe", "more": "a"}
    assert session.step == "last"


def test_a_preview_tells_what_another_customer_would_make_of_it() -> None:
    session = who()
    session.found = ZOE
    session.answer(email="zoe@example.org")

    session.found = NOBODY
    told = session.preview("email", email="nobody@example.org")

    assert told["at"] == "name"
    assert [one["step"] for one in told["pruned"]] == ["name", "more"]


def test_what_is_known_of_a_recognised_customer_serves_no_question_met_again() -> None:
    session = Session(small_library(TRIES)).begin()
    session.found = ("cus_1", {"customer.email": {"value": "old@example.org", "at": 1}})
    session.answer(email="zoe@example.org")

    session.settle("refused", reason="not_found")

    assert (session.step, session.at("email").occ) == ("email", 2)
    assert session.look()["fields"][0]["known"] is None
    session.answer(email="old@example.org")
    assert session.at("email").source == {"email": "given"}


def test_a_supervisor_who_sets_a_session_back_before_the_address_makes_it_nobodys() -> None:
    session = who()
    session.found = ZOE
    session.answer(email="zoe@example.org")

    session.found = NOBODY
    session.bring("rewind", "supervisor", visit=session.at("email").id)

    assert session.state.known == {}
    assert session.step == "email"
