"""A robot that goes on by itself. Source: semantics.md 7, 14, 24; experience.md 1, 14."""

from __future__ import annotations

from typing import Any

import pytest

from engine.events import Left, Piloted, TransferAsked
from engine.ledger import Contact, segments
from tests.support.sessions import Session
from tests.support.small_libraries import LIBRARY, small_library

PARCEL = """
inputs: {order: {type: text}}
steps:
- {id: hello, say: "Hello."}
- {id: order, ask: {order: {type: text, label: Order}}}
- id: reason
  ask:
    reason:
      type: choice
      label: What is wrong?
      default: late
      options:
        - {id: late, label: Late, declares: order.late}
        - {id: damaged, label: Damaged, declares: order.damaged}
- id: look
  do: shop.read
  with: {id: order}
  saves: {amount: result.amount}
  by_hand: {say: Look it up., fills: [amount]}
- {id: amount, ask: {amount: {type: money, currency: EUR, label: Amount}}, qualifies: payment.card}
- id: again
  do: shop.resend
  with: {id: order}
  acts: order.resent
  by_hand: {say: Send it again.}
- {id: liked, ask: {liked: {type: yes_no, label: Is that right?}}}
- {id: done, end: resolved}
"""
SHOP = {"status": "held", "amount": {"amount": "12.00", "currency": "EUR"}}


def parcel(audience: str = "robot", **more: Any) -> Session:
    """Return a session on a parcel, begun with its order."""
    return Session(small_library(PARCEL)).begin(audience=audience, inputs={"order": "F-1"}, **more)


def why(session: Session) -> list[str | None]:
    """Return why the robot stopped, each time it did."""
    return [e.reason for e in session.events if isinstance(e, Piloted) and e.pilot is None]


def test_a_robot_goes_on_to_what_only_a_person_can_give_and_hands_over_there() -> None:
    session = parcel()

    session.bring("autopilot", "robot")
    assert (session.step, session.state.status) == ("look", "pending")
    session.settle(result=SHOP)
    assert (session.step, session.state.status) == ("again", "pending")
    session.settle(result={"parcel": "P-1"})

    assert (session.step, session.state.status) == ("liked", "waiting")
    assert session.state.transfer == ("hand_over", "advisor", None)
    assert why(session) == ["answer"]
    assert session.at("order").source == {"order": "found"}
    assert session.at("reason").source == {"reason": "default"}
    assert session.at("amount").source == {"amount": "found"}
    assert session.state.codes == {
        "declaration": ["order.late"],
        "qualification": ["payment.card"],
        "action": ["order.resent"],
    }


def test_what_a_robot_resolves_is_its_own_deed_even_when_an_advisor_set_it_going() -> None:
    session = parcel("advisor")

    session.bring("autopilot")
    session.settle(result=SHOP)

    left = [e for e in session.events if isinstance(e, Left) and e.how == "answered"]
    assert {e.by for e in left} == {"robot"}
    assert session.look()["goes_on"] == {"by": "connector", "what": "effect"}
    assert session.look()["pilot"] == "robot"


def test_an_advisors_robot_gives_the_session_back_without_a_transfer() -> None:
    session = parcel("advisor")
    session.bring("autopilot")
    session.settle(result=SHOP)
    session.settle(result={"parcel": "P-1"})

    assert (session.step, session.state.status) == ("liked", "active")
    assert session.look()["goes_on"] == {"by": "advisor", "what": "answer"}
    assert session.look()["recap"] is not None
    session.answer(liked=True)
    assert session.state.outcome == "resolved"


def test_whoever_takes_over_reads_five_lines_until_they_have_done_something() -> None:
    # A reference tells nobody anything where something else is known.
    session = parcel(customer="cus_1")
    session.bring("autopilot", "robot")
    session.settle(result=SHOP)
    session.settle(result={"parcel": "P-1"})

    told = {line["what"]: (line["label"], line["text"]) for line in session.look()["recap"]}

    assert told == {
        "who": ("Who", "order F-1"),
        "declared": ("Declared", "Late"),
        "found": ("Found", "Card"),
        "done": ("Done", "Sent again"),
        "asked": ("Your turn", "liked · Is that right?"),
    }
    session.bring("accept")
    assert session.look()["recap"] is not None
    session.answer(liked=True)
    assert session.look()["recap"] is None


def test_a_failed_action_is_handed_over_with_its_manual_procedure() -> None:
    session = parcel()
    session.bring("autopilot", "robot")

    session.settle("failed", reason="timeout")

    assert (session.step, session.state.status) == ("look", "waiting")
    assert session.at("look").by_hand == "timeout"
    assert [e.to for e in session.events if isinstance(e, TransferAsked)] == ["advisor"]
    assert session.look()["recap"][-1]["text"] == "to be done by hand: look"
    session.bring("accept")
    session.answer(amount={"amount": "1.00", "currency": "EUR"})
    assert session.step == "amount", "nobody set the robot going again"


def test_an_advisors_robot_stops_at_a_failed_action_too() -> None:
    session = parcel("advisor")
    session.bring("autopilot")

    session.settle("failed", reason="timeout")

    assert (session.step, session.state.status) == ("look", "active")
    assert why(session) == ["by_hand"]


def test_an_action_that_is_taken_over_by_hand_stops_the_robot() -> None:
    session = parcel("advisor")
    session.bring("autopilot")

    session.bring("take_over")

    assert why(session) == ["taken"]
    assert session.look()["do"] == "Look it up."


def test_a_robot_that_is_set_going_twice_goes_on_once() -> None:
    session = parcel()
    session.bring("autopilot", "robot")

    assert session.bring("autopilot", "robot") == []
    assert "autopilot" not in session.look("robot")["commands"]


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ('- {id: a, ask: {ok: {type: consent, text: "Yes?", label: Ok}}}', "consent"),
        ("- {id: a, ask: {x: {type: text, label: X, default: q}}, barrier: true}", "barrier"),
        ("- {id: a, consult: {team: expert}}", "person"),
        ('- {id: a, say: "By law.", verbatim: true}', "verbatim"),
        (
            """
- {id: o, ask: {y: {type: text, label: Y, default: q}}}
- {id: a, transfer: {team: seller}}
""",
            "transfer",
        ),
        ("- {id: a, ask: {x: {type: number, label: X, min: 3}}}", "refused"),
    ],
)
def test_what_a_robot_never_does_by_itself(steps: str, reason: str) -> None:
    session = Session(small_library(steps + "\n- {id: done, end: resolved}")).begin()
    session.bring("provide", values={"x": "1", "ok": {"given": True}})

    session.bring("autopilot")

    assert session.step == "a"
    assert why(session) == [reason]


def test_a_robot_never_consents_even_with_a_consent_that_it_brought() -> None:
    steps = '- {id: a, ask: {ok: {type: consent, text: "Yes?", label: Ok}}}'
    session = Session(small_library(steps + "\n- {id: done, end: resolved}"))
    session.begin(audience="robot")

    session.bring("autopilot", "robot", values={"ok": {"given": True}})

    assert (session.step, session.state.status) == ("a", "waiting")


def test_a_robot_never_approves_and_goes_on_once_somebody_has() -> None:
    steps = """
- id: a
  do: shop.resend
  with: {id: '"F-1"'}
  approve: {role: supervisor}
  by_hand: {say: Send it.}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin(audience="robot")
    session.bring("autopilot", "robot")
    assert session.look()["goes_on"] == {"by": "supervisor", "what": "approve"}
    assert session.refuses("approve", "robot", accept=True).code == "command.role"

    session.bring("approve", "supervisor", accept=True)
    session.settle()

    assert session.state.outcome == "resolved"


FACT = "- {id: a, ask: {mail: {type: email, label: Mail, fact: customer.email, known: %s}}}"
KNOWN = {"customer.email": {"value": "a@b.fr", "at": 1, "source": "before"}}


@pytest.mark.parametrize(
    ("mode", "audience", "implied", "reason"),
    [
        ("confirm", "robot", "", None),
        ("confirm", "advisor", "", "confirm"),
        ("confirm", "advisor", "provide: {implied: [robot]}", None),
        ("always", "robot", "", "confirm"),
        ("always", "advisor", "provide: {implied: [robot]}", "confirm"),
    ],
)
def test_what_is_known_is_confirmed_where_that_is_implied_and_asked_anew_where_it_always_is(
    mode: str, audience: str, implied: str, reason: str | None
) -> None:
    steps = FACT % mode + "\n- {id: done, end: resolved}"
    library = small_library(steps, files={"library.yaml": LIBRARY + implied})
    session = Session(library).begin(audience=audience, known=KNOWN)

    session.bring("autopilot", audience)

    assert why(session) == ([] if reason is None else [reason])
    if reason is None:
        assert session.at("a").source == {"mail": "confirmed"}


def test_a_look_up_behind_is_waited_for_and_then_answers() -> None:
    steps = """
- {id: look, do: shop.read, with: {id: '"F-1"'}, saves: {status: result.status}, behind: true,
   by_hand: {say: Look., fills: [status]}}
- {id: name, ask: {name: {type: text, label: Name, default: Zoe}}}
- {id: told, ask: {status: {type: choice, label: Status, options: [{id: held, label: Held},
   {id: sent, label: Sent}]}}, when: known(status)}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin(audience="robot")

    session.bring("autopilot", "robot")
    assert (session.state.status, session.at("name").how) == ("pending", "answered")
    session.settle(result={"status": "sent"})

    assert session.state.outcome == "resolved"
    assert session.values["status"] == "sent"


def test_what_a_person_said_elsewhere_answers_no_other_question_of_that_name() -> None:
    steps = """
- {id: a, ask: {works: {type: yes_no, label: Does it work?}}}
- {id: b, ask: {works: {type: yes_no, label: And now?}}}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin()
    session.answer(works=False)

    session.bring("autopilot")

    assert (session.step, why(session)) == ("b", ["answer"])


def test_an_optional_question_without_an_answer_is_left_without_one() -> None:
    steps = """
- {id: a, ask: {remark: {type: text, label: Remark, required: false}}}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin(audience="robot")

    session.bring("autopilot", "robot")

    assert session.state.outcome == "resolved"


def test_a_robot_that_turns_in_a_circle_hands_over() -> None:
    session = Session(small_library(CIRCLE)).begin(audience="robot")

    session.bring("autopilot", "robot")

    assert why(session) == ["bound"]
    assert session.state.status == "waiting"


CIRCLE = """
- id: a
  ask:
    more:
      type: choice
      label: More?
      required: false
      options: [{id: end, label: No more, next: done}]
  next: b
- {id: b, ask: {other: {type: text, label: Other, required: false}}, next: a}
- {id: done, end: resolved}
"""


def test_a_robot_goes_on_after_a_wait_and_not_after_somebody_took_the_session_up() -> None:
    steps = """
- {id: first, ask: {y: {type: text, label: Y, default: q}}}
- {id: a, wait: {delay: 1h}, then: robot}
- {id: b, ask: {x: {type: text, label: X, default: q}}}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin(audience="robot")
    session.bring("autopilot", "robot")
    assert session.look()["goes_on"] == {"by": "clock", "what": "wake"}

    session.wake(timeout=True)

    assert session.state.outcome == "resolved"


def test_a_robot_takes_up_what_is_handed_to_robots() -> None:
    steps = """
- {id: a, wait: {delay: 1h}, then: robot}
- {id: b, ask: {x: {type: text, label: X, default: q}}}
- {id: done, end: resolved}
"""
    session = Session(small_library(steps)).begin()
    session.wake(timeout=True)
    assert session.look("robot")["commands"] == ["provide", "autopilot", "note"]
    assert session.refuses("autopilot").code == "session.waiting"

    session.bring("autopilot", "robot")

    assert session.state.outcome == "resolved"


def test_a_robot_is_not_set_going_while_somebody_looks_back_or_the_session_sleeps() -> None:
    session = parcel("advisor")
    session.answer(order="F-2")
    session.bring("back")
    assert session.refuses("autopilot").code == "back.looking"
    session.bring("acknowledge")
    session.bring("pause")
    assert session.refuses("autopilot").code == "session.paused"


def test_a_stop_that_a_robot_stands_on_is_robot_time_and_a_look_up_is_one() -> None:
    session = parcel()
    session.bring("autopilot", "robot")
    session.now += 30_000
    session.settle(result=SHOP)
    contact = Contact("c", "internal", "internal", session.events[0].at, session.events[0].at)

    cut = segments(contact, [session.events])

    assert {(s.step, s.category) for s in cut} == {("order", "robot_wait"), ("look", "robot_wait")}
