"""Approvals before an action, and actions behind. Source: semantics.md 9, 14."""

from __future__ import annotations

from typing import Any

import pytest

from engine.events import Requested
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

# Approvals

GATED = """
- {id: amount, ask: {amount: {type: number}}}
- id: send
  do: shop.resend
  acts: order.resent
  by_hand: {say: "Send it."}
  approve: {role: supervisor, when: 'amount > 100', timeout: 2m, otherwise: later}
- {id: done, end: resolved}
- {id: later, end: refused}
"""

ENDED = "- {id: over, end: refused}\n"


def gated(amount: int = 150) -> Session:
    """Return a session at an action that needs an approval above 100."""
    session = Session(small_library(GATED)).begin()
    session.answer(amount=amount)
    return session


def test_an_action_is_not_asked_before_its_approval() -> None:
    session = gated()

    assert session.asked("shop.resend") == []
    assert (session.state.status, session.look()["wait"]["name"]) == ("pending", "supervisor")
    session.bring("approve", "supervisor", accept=True)
    assert len(session.asked("shop.resend")) == 1
    session.settle("succeeded")
    assert session.state.outcome == "resolved"


def test_an_action_under_the_threshold_needs_no_approval() -> None:
    assert len(gated(50).asked("shop.resend")) == 1


def test_a_no_leads_otherwise_and_the_action_is_never_asked() -> None:
    session = gated()

    session.bring("approve", "supervisor", accept=False, reason="too much")

    assert session.state.outcome == "refused"
    assert session.at("send").how == "declined"
    assert session.asked("shop.resend") == []


def test_an_approval_that_does_not_come_in_time_is_a_no() -> None:
    session = gated()
    assert session.state.wait is not None
    assert session.state.wait.due == session.now + 120_000

    session.wake(timeout=True)

    assert session.state.outcome == "refused"
    assert session.at("send").reason == "timeout"


def test_a_no_holds_only_for_what_it_was_given_on() -> None:
    session = Session(small_library(GATED.replace("end: refused", "ask: {why: text}") + ENDED))
    session.begin()
    session.answer(amount=500)
    session.bring("approve", "supervisor", accept=False)
    assert session.step == "later"

    session.amend("amount", amount=50)

    assert len(session.asked("shop.resend")) == 1
    assert session.state.status == "pending"


def test_only_the_named_role_or_a_supervisor_approves() -> None:
    session = gated()

    refused = session.refuses("approve", accept=True)

    assert (refused.code, refused.params["role"]) == ("approve.role", "supervisor")
    assert session.refuses("answer", values={}).code == "session.waiting"


# Actions behind


def behind(more: str = "", audience: str = "advisor") -> Session:
    """Return a session that is asked something while a look-up runs behind."""
    library = small_library(f"""
- id: order
  do: shop.read
  behind: true
  saves: {{order: result}}
  acts: order.explained
  by_hand: {{say: "Look it up.", fills: [order.status]}}
  {more}
- {{id: name, ask: {{name: text}}}}
- id: cause
  decide:
    - {{when: 'order.status == "held"', next: held}}
    - {{else: true, next: gone}}
- {{id: held, ask: {{held: text}}}}
- {{id: done, end: resolved}}
- {{id: gone, end: refused}}
""")
    return Session(library).begin(audience=audience)


def test_an_action_behind_runs_while_questions_are_asked() -> None:
    session = behind()

    assert (session.step, session.state.status) == ("name", "active")
    session.settle("succeeded", {"status": "held"})
    assert (session.step, session.values["order"]) == ("name", {"status": "held"})
    assert session.state.codes["action"] == ["order.explained"]
    session.answer(name="Zoe")
    assert session.step == "held"


def test_the_first_step_that_reads_its_result_waits_for_it() -> None:
    session = behind()

    session.answer(name="Zoe")

    assert (session.state.status, session.look()["wait"]["what"]) == ("pending", "effect")
    session.settle("succeeded", {"status": "held"})
    assert (session.step, session.state.status) == ("held", "active")


@pytest.mark.parametrize("early", [True, False])
def test_what_failed_behind_is_done_by_hand_where_it_is_read(*, early: bool) -> None:
    session = behind()
    if early:
        session.settle("failed")
        assert session.step == "name"
    session.answer(name="Zoe")
    if not early:
        session.settle("failed")

    assert (session.step, session.look()["step"]["by_hand"]) == ("order", True)
    session.bring("answer", values={"order.status": "held"})
    assert session.step == "held"
    assert [a["by_hand"] for a in session.trace()["action"]] == [True]


def test_what_was_refused_behind_takes_its_way_where_it_is_read() -> None:
    session = behind("on: {refused: gone}")
    session.settle("refused", reason="not_found")
    assert session.step == "name"

    session.answer(name="Zoe")

    assert session.state.outcome == "refused"


def test_a_refusal_behind_that_comes_back_acknowledges_nothing_for_anybody() -> None:
    session = Session(
        small_library("""
- {id: way, ask: {way: text}}
- id: order
  do: shop.read
  with: {id: way}
  behind: true
  saves: {order: result}
  by_hand: {say: "Look it up.", fills: [order.status]}
  on: {refused: {else: done}}
- {id: told, say: "Let me see."}
- {id: cause, decide: [{when: 'order.status == "held"', next: held}, {else: true, next: done}]}
- {id: held, ask: {held: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(way="a")
    session.settle("refused")
    assert (session.step, session.state.status) == ("told", "active")
    session.amend("way", way="b")
    session.settle("succeeded", {"status": "held"})
    assert session.step == "held"

    session.amend("way", way="a")

    assert (session.step, session.state.status) == ("told", "active")


def test_waiting_for_an_action_behind_may_be_taken_over() -> None:
    session = behind()
    session.answer(name="Zoe")

    session.bring("take_over")

    assert (session.step, session.look()["step"]["by_hand"]) == ("order", True)


def test_a_result_behind_that_nobody_reads_does_not_disturb_the_next_answer() -> None:
    session = behind()
    version = session.state.version

    session.settle("succeeded", {"status": "held"})

    assert session.state.version == version
    assert session.state.seq > version


def test_an_action_behind_that_reads_what_it_saved_before_waits_for_it() -> None:
    session = Session(
        small_library("""
- id: again
  do: shop.resend
  behind: true
  with: {id: 'default(parcel, "none")'}
  saves: {parcel: result.parcel}
  by_hand: {say: "Look.", fills: [parcel]}
- id: more
  ask: {more: {type: yes_no, yes: {next: again}}}
- {id: done, end: resolved}
""")
    ).begin()

    session.answer(more=True)

    assert session.state.status == "pending"
    session.settle("succeeded", {"parcel": "P1"})
    assert [e.inputs for e in session.asked("shop.resend")] == [{"id": "none"}, {"id": "P1"}]


def test_the_same_place_never_executes_twice_without_a_new_generation() -> None:
    session = Session(
        small_library("""
- {id: send, do: shop.resend, by_hand: {say: "Send."}}
- {id: again, ask: {again: {type: yes_no, yes: {next: send}}}}
- {id: done, end: resolved}
""")
    ).begin()
    session.settle("succeeded")
    session.answer(again=True)

    asked: list[Any] = [e for e in session.events if isinstance(e, Requested)]

    assert [(e.occ, e.generation) for e in asked] == [(1, 1), (2, 1)]
    assert len({e.effect for e in asked}) == 2
