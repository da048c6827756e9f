"""A session that wakes when nobody is on the line. Source: docs/language.md, `wait`."""

from __future__ import annotations

from tests.support.sessions import Session
from tests.support.small_libraries import small_library


def test_a_session_woken_alone_may_act_and_then_waits_for_somebody() -> None:
    library = small_library("""
- {id: sleep, wait: {delay: 2h}, then: advisor}
- {id: check, do: shop.read, with: {id: '"F1"'}, saves: {order: result}, by_hand: {say: "Look."}}
- {id: name, ask: {name: text}}
- {id: done, end: refused}
""")
    session = Session(library).begin(audience="customer")
    session.wake(timeout=True)
    assert session.state.status == "pending"

    session.settle("succeeded", {"status": "held"})
    assert (session.state.status, session.step) == ("waiting", "name")
    session.bring("accept")

    assert session.state.status == "active"
    session.answer(name="Zoe")
    assert session.state.outcome == "refused"


def test_taken_over_while_it_is_put_down_a_session_still_waits_for_its_action() -> None:
    library = small_library("""
- {id: check, do: shop.read, with: {id: '"F1"'}, saves: {order: result}, by_hand: {say: "Look."}}
- {id: name, ask: {name: text}}
- {id: done, end: refused}
""")
    session = Session(library).begin()
    session.bring("pause")

    session.bring("take_over")
    assert session.state.status == "pending"
    session.settle("succeeded", {"status": "held"})

    assert (session.state.status, session.step) == ("active", "name")


def test_taken_over_while_it_is_put_down_a_sleeping_session_sleeps_on() -> None:
    library = small_library("""
- {id: sleep, wait: {delay: 2h}}
- {id: name, ask: {name: text}}
- {id: done, end: refused}
""")
    session = Session(library).begin()
    session.bring("pause")

    session.bring("take_over")
    assert session.state.status == "waiting"
    session.wake(timeout=True)

    assert (session.state.status, session.step) == ("active", "name")
