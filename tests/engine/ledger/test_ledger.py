"""Where a contact's time went. Source: measures.md A1, A4."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import Command
from engine.events import Event, Noted
from engine.ledger import (
    CATEGORIES,
    Contact,
    Segment,
    machine_time,
    segments,
    totals,
    useful_share,
)
from engine.machine import decide
from tests.support.sessions import BEGUN, Session
from tests.support.small_libraries import LIBRARY, small_library

SECOND = 1_000
TIMES = "time: {ask: useful, say: useful, by_hand: procedure}\n"
STEPS = """
- {id: name, ask: {name: text}}
- {id: order, do: shop.read, with: {id: name}, saves: {order: result},
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: more, ask: {more: text}, time: analysis}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
"""


class Call:
    """A call on the phone, answered as its session begins."""

    def __init__(self, steps: str = STEPS, **begin: Any) -> None:
        files = {"library.yaml": LIBRARY + TIMES}
        self.session = Session(small_library(steps, files=files))
        self.session.begin(**begin)
        self.begun = self.session.now

    def after(self, seconds: int, name: str, role: str = "advisor", **body: Any) -> list[Event]:
        """Bring a command so many seconds after the last."""
        self.session.now += (seconds - 1) * SECOND
        return self.session.bring(name, role, **body)

    def result(self, seconds: int, how: str = "succeeded", **result: Any) -> None:
        """Bring the oldest action's result so many seconds after the last turn."""
        effect = self.session.open_effects()[0].id
        self.after(seconds, "effect_result", "system", effect=effect, status=how, result=result)

    def spent(self, channel: str = "phone", **more: int) -> dict[str, float]:
        """Return the seconds of each category that took any; `more` are the contact's phases."""
        phases = {"answered": self.begun, "ended": self.session.now, **more}
        contact = Contact("c", channel, "inbound", phases.pop("offered", self.begun), **phases)
        found = segments(contact, [self.session.events])
        assert_partition(found, contact.offered, contact.wrapped or contact.ended or 0)
        return {name: ms / SECOND for name, ms in totals(found).items() if ms}


def assert_partition(found: list[Segment], start: int, end: int) -> None:
    """Assert that segments cover [start, end) without gap, overlap or empty one."""
    edges = [start, *(one.end for one in found)]
    assert [one.start for one in found] == edges[:-1]
    assert edges[-1] == end or not found
    assert all(one.start < one.end for one in found)
    assert {one.category for one in found} <= set(CATEGORIES)


def test_time_on_a_step_is_of_the_steps_class() -> None:
    call = Call()
    call.after(40, "answer", values={"name": "Zoe"})
    call.result(3, status="held")
    call.after(20, "answer", values={"more": "x"})
    call.after(10, "answer", values={"last": "x"})

    assert call.spent() == {"useful": 50, "robot_wait": 3, "analysis": 20}


def test_time_by_hand_is_procedure() -> None:
    call = Call()
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(4, "failed")
    call.after(60, "answer", values={"order.status": "sent"})

    assert call.spent() == {"useful": 5, "robot_wait": 4, "procedure": 60}


def test_time_of_another_attempt_is_the_robots_again() -> None:
    call = Call()
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(4, "failed")
    call.after(60, "retry")
    call.result(3, status="held")

    assert call.spent() == {"useful": 5, "robot_wait": 7, "procedure": 60}


def test_the_queue_before_and_the_work_after_are_the_channels() -> None:
    call = Call()
    call.after(10, "answer", values={"name": "Zoe"})
    begun, now = call.begun, call.session.now

    spent = call.spent(offered=begun - 30 * SECOND, wrapped=now + 45 * SECOND)

    assert spent == {"queue": 30, "useful": 10, "after_call": 45}


def test_a_call_or_message_nobody_answered_is_all_queue_and_self_care_is_not() -> None:
    def share(channel: str) -> dict[str, int]:
        contact = Contact("c", channel, "inbound", BEGUN, None, BEGUN + 60_000)
        return {k: v for k, v in totals(segments(contact, [])).items() if v}

    assert share("phone") == {"queue": 60_000}
    assert share("chat") == share("email") == {"queue": 60_000}
    assert share("web") == {"unattributed": 60_000}


def test_hold_and_a_side_call_are_hold_whatever_the_step() -> None:
    call = Call()
    call.after(5, "hold")
    call.after(20, "unhold")
    call.after(5, "consult", team="seller")
    call.after(30, "consult", team="seller", on=False)
    call.after(5, "answer", values={"name": "Zoe"})

    assert call.spent() == {"useful": 15, "hold": 50}


def test_an_approval_that_is_waited_for_is_hold() -> None:
    call = Call("- {id: ok, approve: {role: supervisor}}\n- {id: done, end: resolved}")
    call.after(90, "approve", "supervisor", accept=True)

    assert call.spent() == {"hold": 90}


def test_a_transfer_lasts_until_somebody_accepts() -> None:
    call = Call()
    call.after(5, "transfer", team="seller")
    call.after(50, "accept")
    call.after(5, "answer", values={"name": "Zoe"})

    assert call.spent() == {"useful": 10, "transfer": 50}


def test_what_the_advisor_marks_goes_before_the_steps_class() -> None:
    call = Call()
    call.after(5, "mark", mark="searching")
    call.after(25, "mark", mark="searching", on=False)
    call.after(5, "answer", values={"name": "Zoe"})

    assert call.spent() == {"useful": 10, "lookup": 25}


def test_filler_masks_a_loss_and_never_makes_it_useful() -> None:
    call = Call()
    call.after(5, "mark", mark="filler")
    call.after(10, "hold")
    call.after(20, "unhold")
    call.after(5, "mark", mark="filler", on=False)

    found = segments(Contact("c", "phone", "inbound", call.begun, call.begun, call.session.now),
                     [call.session.events])  # fmt: skip

    assert call.spent() == {"useful": 20, "masked": 20}
    assert [one.raw for one in found if one.category == "masked"] == ["hold"]


REPEATED = """
- {id: email, ask: {email: {type: email, fact: customer.email, known: KNOWN}}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
"""


@pytest.mark.parametrize(("known", "category"), [("always", "repetition"), ("confirm", "useful")])
def test_asking_again_what_was_known_is_repetition_and_confirming_it_is_not(
    known: str, category: str
) -> None:
    entry = {"value": "zoe@example.org", "at": 1, "source": "s0"}
    call = Call(REPEATED.replace("KNOWN", known), known={"customer.email": entry})
    call.after(15, "answer", values={"email": "zoe@example.org"})

    assert call.spent() == {category: 15}


def test_time_spent_on_what_a_correction_undid_is_rework() -> None:
    call = Call("""
- id: way
  ask: {way: {type: choice, options: [{id: a, label: A}, {id: b, label: B, next: other}]}}
- {id: name, ask: {name: text}}
- {id: last, ask: {last: text}}
- {id: done, end: resolved}
- {id: other, ask: {other: text}}
- {id: gone, end: refused}
""")
    session = call.session
    call.after(5, "answer", values={"way": "a"})
    call.after(30, "answer", values={"name": "Zoe"})
    call.after(10, "amend", visit=session.at("way").id, values={"way": "b"})
    call.after(5, "answer", values={"other": "x"})

    assert call.spent() == {"useful": 10, "rework": 40}


def test_work_behind_a_question_costs_the_customer_nothing_and_the_machine_its_time() -> None:
    call = Call("""
- {id: order, do: shop.read, behind: true, saves: {order: result},
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: name, ask: {name: text}}
- {id: done, end: resolved}
""")
    call.result(8, status="held")
    call.after(12, "answer", values={"name": "Zoe"})

    assert call.spent() == {"useful": 20}
    effect = call.session.asked("shop.read")[0]
    assert machine_time(call.session.events) == [
        (effect.effect, effect.at, effect.at + 8 * SECOND, True)
    ]


def test_waiting_for_work_behind_is_robot_wait() -> None:
    call = Call("""
- {id: order, do: shop.read, behind: true, saves: {order: result},
   by_hand: {say: "Look.", fills: [order.status]}}
- {id: name, ask: {name: text}}
- {id: rule, decide: [{when: 'order.status == "held"', next: done}, {else: true, next: done}]}
- {id: done, end: resolved}
""")
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(7, status="held")

    assert call.spent() == {"useful": 5, "robot_wait": 7}


def test_a_paused_session_is_idle_while_its_contact_lasts() -> None:
    call = Call()
    call.after(5, "pause")
    call.after(60, "resume")
    call.after(5, "answer", values={"name": "Zoe"})

    assert call.spent() == {"useful": 10, "idle": 60}


def test_a_long_silence_is_idle_on_a_chat_and_talk_on_the_phone() -> None:
    call = Call()
    call.after(400, "answer", values={"name": "Zoe"})

    assert call.spent("chat") == {"idle": 400}
    assert call.spent("phone") == {"useful": 400}


def test_time_that_nothing_is_known_of_is_unattributed() -> None:
    call = Call()
    call.after(5, "answer", values={"name": "Zoe"})
    call.result(2, status="held")
    call.after(5, "finish")

    spent = call.spent(ended=call.session.now + 30 * SECOND)

    assert spent == {"useful": 5, "robot_wait": 2, "analysis": 5, "unattributed": 30}


def test_the_session_with_the_latest_event_has_the_time() -> None:
    first, second = Call(), Call()
    second.session.now = first.session.now
    first.after(10, "answer", values={"name": "Zoe"})
    second.session.now = first.session.now
    second.after(20, "mark", mark="searching")
    contact = Contact("c", "phone", "inbound", first.begun, first.begun,
                      second.session.now + 5 * SECOND)  # fmt: skip

    found = segments(contact, [first.session.events, second.session.events])

    assert_partition(found, contact.offered, contact.ended or 0)
    assert {k: v // SECOND for k, v in totals(found).items() if v} == {
        "useful": 10, "robot_wait": 20, "lookup": 5,
    }  # fmt: skip


def test_an_interval_across_which_the_clock_jumped_is_flagged() -> None:
    call = Call()
    session = call.session
    session.now += 20 * SECOND
    session.take(
        decide(session.library, session.state, Command("note", {"text": "x"}),
               session.env("advisor", jump=15_000))
    )  # fmt: skip
    call.after(10, "answer", values={"name": "Zoe"})
    contact = Contact("c", "phone", "inbound", call.begun, call.begun, session.now)

    found = segments(contact, [session.events])

    assert [(one.end - one.start, one.flag) for one in found] == [
        (21 * SECOND, "jump"), (10 * SECOND, None),
    ]  # fmt: skip


def test_a_clock_that_ran_backwards_gives_no_negative_time_and_a_flag() -> None:
    call = Call()
    late = Noted(call.begun - 60 * SECOND, "advisor:test", "x")
    events = [*call.session.events, late]
    contact = Contact("c", "phone", "inbound", call.begun, call.begun, call.begun + 10 * SECOND)

    found = segments(contact, [events])

    assert_partition(found, contact.offered, contact.ended or 0)
    assert [one.flag for one in found] == ["negative"]


def test_steps_done_by_a_robot_in_no_time_are_legal() -> None:
    call = Call(audience="robot")
    call.session.now -= SECOND
    contact = Contact("c", "web", "inbound", call.begun, call.begun, call.begun)

    found = segments(contact, [call.session.events])

    assert found == []
    assert useful_share(totals(found)) is None


@pytest.mark.parametrize(
    ("spent", "handling", "share"),
    [
        ({"queue": 120, "useful": 120}, False, 0.5),
        ({"queue": 120, "useful": 120}, True, 1.0),
        ({"useful": 60, "after_call": 60}, False, 1.0),
        ({"useful": 60, "after_call": 60}, True, 0.5),
        ({"useful": 30, "masked": 30, "deferral": 500}, False, 0.5),
        ({"identification": 10, "useful": 10}, False, 0.5),
        ({}, False, None),
    ],
)
def test_the_useful_share_is_of_the_time_the_customer_spent(
    spent: dict[str, int], *, handling: bool, share: float | None
) -> None:
    sums = {**dict.fromkeys(CATEGORIES, 0), **spent}

    assert useful_share(sums, handling=handling) == share


def test_whether_identification_is_useful_is_the_librarys_to_say() -> None:
    sums = {**dict.fromkeys(CATEGORIES, 0), "identification": 10, "useful": 10}

    assert useful_share(sums, identification_useful=True) == 1.0
