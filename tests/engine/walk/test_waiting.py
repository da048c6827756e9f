"""Sleeping, approvals, and passing the session on. Source: semantics.md 3, 22, 24."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.effects import timers
from engine.events import Declined, Slept, TransferAsked
from tests.support.sessions import PARIS, Session
from tests.support.small_libraries import small_library


def waiting(wait: str, more: str = "", audience: str = "advisor") -> Session:
    """Return a session that sleeps at a step."""
    return Session(
        small_library(f"""
- id: day
  ask: {{day: {{type: date, required: false}}}}
- id: sleep
  wait: {wait}
  {more or "title: Sleep"}
- {{id: name, ask: {{name: text}}}}
- {{id: done, end: resolved}}
- {{id: late, ask: {{late: text}}}}
- {{id: gone, end: refused}}
""")
    ).begin(audience=audience)


def paris(due: int | None) -> str:
    """Return an instant as a clock in Paris shows it."""
    assert due is not None
    return datetime.fromtimestamp(due / 1000, PARIS).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("wait", "due"),
    [
        ("{delay: 2h}", "2026-09-21 18:13"),
        ("{delay: 2h, working: true}", "2026-09-22 09:13"),
        ("{until: 'date(\"2026-10-25\")'}", "2026-10-25 09:00"),
        ("{event: parcel.delivered, timeout: 5 days}", "2026-09-26 16:13"),
        ("{call_back: true, until: 'date(\"2026-09-23\")'}", "2026-09-23 09:00"),
    ],
)
def test_a_wait_is_due_when_its_step_says(wait: str, due: str) -> None:
    session = waiting(wait)

    session.answer(day="2026-10-01")

    assert session.state.status == "waiting"
    slept = next(e for e in session.events if isinstance(e, Slept))
    assert paris(slept.due) == due
    assert timers(session.events) == [(slept.wait, slept.due)]


def test_an_event_without_a_time_limit_sets_no_timer() -> None:
    session = waiting("{event: parcel.delivered}")
    session.answer()

    assert session.state.status == "waiting"
    assert timers(session.events) == []


def test_a_delay_that_is_over_goes_on() -> None:
    session = waiting("{delay: 2h}")
    session.answer()

    session.wake(timeout=True)

    assert (session.step, session.state.status) == ("name", "active")
    assert session.at("sleep").how == "woken"


def test_an_event_brings_its_content_and_its_time_limit_has_its_own_way() -> None:
    step = "saves: {parcel: event}"
    came, ran_out = (
        waiting(f"{{event: parcel.delivered, timeout: 5 days, {step}}}", "on: {timeout: late}")
        for _ in range(2)
    )
    for session in (came, ran_out):
        session.answer()

    came.wake(event={"place": "door"})
    ran_out.wake(timeout=True)

    assert (came.step, came.values["parcel"]) == ("name", {"place": "door"})
    assert (ran_out.step, ran_out.at("sleep").how) == ("late", "timeout")
    assert "parcel" not in ran_out.values


def test_only_a_wake_up_that_names_the_wait_counts() -> None:
    session = waiting("{delay: 2h}")
    session.answer()

    assert session.bring("wake", "system", wait="w1.1") == []
    assert session.state.status == "waiting"


def test_a_second_wake_up_makes_nothing_happen() -> None:
    session = waiting("{delay: 2h}")
    session.answer()
    assert session.state.wait is not None
    wait = session.state.wait.id
    session.wake(timeout=True)

    assert session.bring("wake", "system", wait=wait, timeout=True) == []


def test_when_nobody_is_on_the_line_the_step_after_is_played_by_whom_the_wait_says() -> None:
    session = waiting("{delay: 2h}", "then: advisor", audience="customer")
    session.bring("answer", "customer", values={})

    session.wake(timeout=True)

    assert [(e.what, e.to) for e in session.events if isinstance(e, TransferAsked)] == [
        ("hand_over", "advisor")
    ]
    assert session.state.status == "waiting"
    session.bring("accept")
    assert (session.step, session.state.audience, session.state.status) == (
        "name", "advisor", "active",
    )  # fmt: skip


def test_a_call_back_goes_on_when_the_customer_is_back_on_the_line() -> None:
    session = waiting("{call_back: true, until: 'date(\"2026-10-01\")'}")
    session.answer()
    assert "resume" in session.look()["commands"]

    session.bring("resume", contact="c2", channel="phone")

    assert (session.step, session.state.status, session.state.contact) == ("name", "active", "c2")


def test_a_wait_amended_away_leaves_no_timer_that_counts() -> None:
    session = waiting("{until: day}")
    session.answer(day="2026-10-01")
    assert session.state.wait is not None
    old = session.state.wait.id

    session.amend("day", day="2026-11-01")

    assert session.bring("wake", "system", wait=old, timeout=True) == []
    assert paris(session.state.wait.due) == "2026-11-01 09:00"


# Approvals


APPROVAL = """
- {id: gesture, approve: {role: supervisor, timeout: 2m}, on: {refused: no, timeout: later},
   acts: order.explained}
- {id: yes, end: resolved}
- {id: no, end: refused}
- {id: later, end: deferred}
"""


@pytest.mark.parametrize(("accept", "outcome"), [(True, "resolved"), (False, "refused")])
def test_a_role_says_yes_or_no(*, accept: bool, outcome: str) -> None:
    session = Session(small_library(APPROVAL)).begin()
    assert session.state.status == "pending"

    session.bring("approve", "supervisor", accept=accept, reason="because")

    assert session.state.outcome == outcome
    assert session.at("gesture").reason == "because"
    assert session.state.codes["action"] == (["order.explained"] if accept else [])


def test_an_approval_that_does_not_come_has_its_own_way() -> None:
    session = Session(small_library(APPROVAL)).begin()

    session.wake(timeout=True)

    assert session.state.outcome == "deferred"


def test_another_role_does_not_approve_and_nothing_else_waits_for_it() -> None:
    session = Session(small_library(APPROVAL)).begin()

    assert session.refuses("approve", accept=True).code == "approve.role"
    session.bring("approve", "supervisor", accept=True)
    other = waiting("{delay: 2h}")
    assert other.refuses("approve", "supervisor", accept=True).code == "approve.none"


def test_an_approval_holds_only_for_what_it_was_given_on() -> None:
    session = Session(
        small_library("""
- {id: amount, ask: {amount: {type: number}}}
- {id: colour, ask: {colour: text}}
- {id: gesture, say: "Agree on {amount}?", approve: {role: supervisor}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(amount=10)
    session.answer(colour="red")
    session.bring("approve", "supervisor", accept=True)

    session.amend("colour", colour="blue")
    assert session.step == "more"
    session.amend("amount", amount=500)

    assert (session.step, session.state.status) == ("gesture", "pending")


# Transfers


TRANSFER = """
- id: name
  ask: {name: text}
- id: seller
  transfer: {team: seller, reason: "About {name}", context: [name]}
  {on}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
- {id: back, ask: {back: text}}
- {id: gone, end: refused}
"""


def transferred(on: str = "title: To the seller") -> Session:
    """Return a session that waits for the sellers to accept it."""
    session = Session(small_library(TRANSFER.replace("{on}", on))).begin()
    session.answer(name="Zoe")
    return session


def test_a_transfer_takes_everything_along_and_waits_to_be_accepted() -> None:
    session = transferred()

    asked = next(e for e in session.events if isinstance(e, TransferAsked))
    assert (asked.what, asked.to, asked.reason, asked.context) == (
        "transfer", "seller", "About Zoe", {"name": "Zoe"},
    )  # fmt: skip
    assert session.state.status == "waiting"
    session.bring("accept", contact="c2", channel="chat")
    assert (session.step, session.state.status) == ("more", "active")
    assert (session.state.contact, session.state.channel) == ("c2", "chat")
    assert session.at("seller").how == "transferred"


@pytest.mark.parametrize(("on", "stops_at"), [("on: {refused: back}", "back"), ("", "more")])
def test_a_declined_transfer_has_its_own_way_or_goes_on(on: str, stops_at: str) -> None:
    session = transferred(on or "title: To the seller")

    session.bring("decline", reason="too busy")

    assert session.step == stops_at
    assert session.at("seller").reason == "too busy"


def test_a_supervisor_takes_a_waiting_transfer_over() -> None:
    session = transferred()

    session.bring("take_over", "supervisor")

    assert (session.step, session.state.status) == ("more", "active")


def test_an_advisor_may_transfer_at_any_stop_and_goes_on_there_once_accepted() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin()

    session.bring("transfer", team="expert", reason="not my field")

    assert (session.step, session.state.status) == ("name", "waiting")
    session.bring("accept")
    assert (session.step, session.state.status) == ("name", "active")
    assert session.refuses("transfer", team="nobody").code == "team.unknown"


def test_a_transfer_at_a_stop_that_is_declined_stays_with_its_actor() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin()
    session.bring("transfer", team="expert")

    happened = session.bring("decline", reason="no")

    assert [e.reason for e in happened if isinstance(e, Declined)] == ["no"]
    assert (session.step, session.state.status) == ("name", "active")


def test_a_customer_asks_for_a_person_once() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin(
        audience="customer"
    )

    session.bring("ask_human", "customer", reason="I am lost")

    assert session.state.transfer == ("hand_over", "advisor", None)
    assert session.refuses("ask_human", "customer").code == "transfer.pending"
    session.bring("accept")
    assert (session.step, session.state.audience) == ("name", "advisor")


def test_an_advisor_hands_back_to_the_customer() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin()

    session.bring("hand_over", to="customer")

    assert session.state.transfer == ("hand_over", "customer", None)
    assert "resume" in session.look(role="customer")["commands"]
    session.bring("resume", "customer")
    assert (session.state.status, session.state.audience) == ("active", "customer")
    session.bring("answer", "customer", values={"name": "Zoe"})
    assert session.values == {"name": "Zoe"}


def test_what_is_handed_to_another_is_not_taken_up_by_resuming() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin()

    session.bring("hand_over", to="bot")

    assert session.refuses("resume", "customer").code == "session.not-paused"
    assert session.refuses("accept", "robot").code == "command.role"


def test_accepting_what_nobody_asked_is_refused() -> None:
    session = Session(small_library(TRANSFER.replace("{on}", "title: T"))).begin()

    assert session.refuses("accept").code == "transfer.none"
    assert session.refuses("decline").code == "transfer.none"


# Consults


def test_a_side_call_takes_the_reply() -> None:
    session = Session(
        small_library("""
- id: expert
  consult: {team: expert, question: "Does it fit?", fields: {advice: text}}
  qualifies: payment.card
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()

    assert [f["name"] for f in session.look()["fields"]] == ["advice"]
    session.answer(advice="It does.")
    assert (session.step, session.values["advice"]) == ("more", "It does.")
    assert session.state.codes["qualification"] == ["payment.card"]
    session.amend("expert", advice="It does not.")
    assert session.values["advice"] == "It does not."


def test_an_approval_that_shows_nothing_and_one_that_did_not_come_hold_over_corrections() -> None:
    yes, late = (
        Session(
            small_library("""
- {id: name, ask: {name: text}}
- {id: gesture, approve: {role: supervisor, timeout: 2m}, on: {refused: more, timeout: more}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
        ).begin()
        for _ in range(2)
    )
    yes.answer(name="Zoe")
    yes.bring("approve", "supervisor", accept=True)
    late.answer(name="Zoe")
    late.wake(timeout=True)

    for session, how in ((yes, "approved"), (late, "timeout")):
        session.amend("name", name="Max")

        assert (session.step, session.at("gesture").how) == ("more", how)
