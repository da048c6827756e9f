"""What becomes of a promise: kept in time or late, overdue, not kept, or owed no more.

Source: issue "Continuity"; decision 0033.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine.events import PromiseFollowed
from tests.support.sessions import BEGUN, Session
from tests.support.small_libraries import small_library

HOUR = 3_600_000
CALLED_BACK = """
- id: late
  ask: {late: {type: yes_no, label: "Is it late?"}}
- {id: way, decide: [{when: late, next: later}, {else: true, next: solved}]}
- {id: later, say: "We call you.", promise: {what: "We call Zoé.", within: 24h, by: seller}}
- {id: sleep, wait: {call_back: true}}
- {id: called, ask: {well: {type: yes_no, label: "Is it well?"}}, keeps: later}
- {id: solved, end: resolved}
"""


def promising(**more: Any) -> Session:
    """Return a session in which something was promised by hand, for an hour later."""
    session = Session(small_library("- {id: a, ask: {a: text}}\n- {id: b, end: resolved}")).begin()
    session.bring("promise", what="We call you.", due="2026-09-21T17:13:20+02:00", **more)
    return session


def standing(session: Session) -> list[tuple[str, str | None]]:
    """Return (state, how) of each promise of a session."""
    return [(one["state"], one["how"]) for one in session.state.promises]


def test_a_promise_is_owed_until_somebody_says_that_it_is_kept() -> None:
    session = promising()
    assert standing(session) == [("open", None)]

    session.bring("follow_promise", promise=1, state="kept")

    assert standing(session) == [("kept", "hand")]
    assert session.bring("follow_promise", promise=1, state="kept") == []


def test_the_clock_reminds_once_then_says_that_the_time_has_passed() -> None:
    session = promising()

    session.bring("promise_news", "system", promise=1, state="soon")
    assert session.bring("promise_news", "system", promise=1, state="soon") == []
    session.bring("promise_news", "system", promise=1, state="overdue")

    assert standing(session) == [("overdue", "clock")]
    assert session.bring("promise_news", "system", promise=1, state="soon") == []


def test_what_is_done_after_its_time_is_kept_late() -> None:
    session = promising()
    session.now += 2 * HOUR
    session.bring("promise_news", "system", promise=1, state="overdue")

    session.bring("follow_promise", promise=1, state="kept")

    assert standing(session) == [("late", "hand")]


def test_a_promise_is_given_up_with_a_reason_alone() -> None:
    session = promising()

    refused = session.refuses("follow_promise", promise=1, state="broken")
    session.bring("follow_promise", promise=1, state="broken", reason="No part is left.")

    assert refused.code == "promise.reason"
    assert standing(session) == [("broken", "hand")]
    assert isinstance(session.events[-1], PromiseFollowed)
    assert session.events[-1].reason == "No part is left."


def test_the_latest_word_of_a_person_holds() -> None:
    session = promising()
    session.bring("follow_promise", promise=1, state="kept")

    session.bring("follow_promise", promise=1, state="dropped", reason="It was another one.")

    assert standing(session) == [("dropped", "hand")]


def test_a_promise_that_was_not_made_is_not_followed() -> None:
    session = promising()

    assert session.refuses("follow_promise", promise=2, state="kept").code == "promise.unknown"


@pytest.mark.parametrize("state", ["contact", "resolution"])
def test_a_contact_or_another_session_keeps_what_is_still_owed(state: str) -> None:
    session = promising()

    session.bring("promise_news", "system", promise=1, state=state)

    assert standing(session) == [("kept", state)]
    assert session.bring("promise_news", "system", promise=1, state="overdue") == []


def test_a_resolution_keeps_the_promises_that_wait_for_it_and_no_others() -> None:
    session = promising(kept_by="resolution")
    session.bring("promise", what="A letter follows.")

    session.answer(a="x")

    assert standing(session) == [("kept", "resolution"), ("open", None)]


def test_a_promise_is_followed_after_the_end_of_its_session() -> None:
    session = promising()
    session.answer(a="x")

    session.bring("follow_promise", promise=1, state="kept")

    assert session.state.status == "ended"
    assert "follow_promise" in session.look()["commands"]
    assert standing(session) == [("kept", "hand")]


def test_the_step_that_keeps_a_promise_keeps_it_when_it_is_left() -> None:
    session = Session(small_library(CALLED_BACK)).begin()
    session.answer(late=True)
    session.bring("acknowledge")
    assert standing(session) == [("open", None)]

    session.bring("resume")
    session.answer(well=True)

    assert standing(session) == [("kept", "walk")]


def test_a_correction_takes_a_promise_back_and_another_one_gives_it_again() -> None:
    session = Session(small_library(CALLED_BACK)).begin()
    session.answer(late=True)
    session.bring("acknowledge")
    assert standing(session) == [("open", None)]

    session.amend("late", late=False)
    assert standing(session) == [("dropped", "correction")]


def test_what_is_promised_anew_after_a_correction_is_owed_once() -> None:
    session = Session(
        small_library("""
- id: when
  ask: {when: text}
  promise: {what: "We call {when}.", within: 24h}
- {id: more, ask: {more: text}}
- {id: solved, end: resolved}
""")
    ).begin()
    session.answer(when="at noon")

    session.amend("when", when="at six")

    assert [one["what"] for one in session.state.promises] == [
        "We call at noon.",
        "We call at six.",
    ]
    assert standing(session) == [("dropped", "correction"), ("open", None)]


def test_who_takes_over_reads_what_is_owed_and_by_when() -> None:
    session = promising()
    session.bring("transfer", team="seller")

    session.bring("accept")

    [asked] = [line["text"] for line in session.look()["recap"] if line["what"] == "asked"]
    assert asked.endswith("promised by 21 September 2026, 17:13: We call you.")


def test_a_promise_without_a_time_is_read_too_and_one_that_is_kept_is_not() -> None:
    session = Session(small_library("- {id: a, ask: {a: text}}\n- {id: b, end: resolved}")).begin()
    session.bring("promise", what="A letter follows.")
    session.bring("promise", what="A call follows.")
    session.bring("follow_promise", promise=2, state="kept")
    session.bring("transfer", team="seller")

    session.bring("accept")

    [asked] = [line["text"] for line in session.look()["recap"] if line["what"] == "asked"]
    assert asked.endswith("promised: A letter follows.")


def test_a_step_of_a_working_journey_says_when_it_is_due() -> None:
    session = Session(small_library(CALLED_BACK)).begin()

    session.answer(late=True)
    session.bring("acknowledge")

    [promise] = session.state.promises
    assert promise["due"] - BEGUN > 23 * HOUR
    assert (promise["team"], promise["number"]) == ("seller", 1)


def in_slot(session: Session, *, hours: int = 1, name: str = "promise", **more: Any) -> None:
    """Have a promise take a slot of half an hour, as whoever keeps the calendar says."""
    begins = BEGUN + hours * HOUR
    taken = (begins, begins + HOUR // 2)
    session.bring(name, slot="2026-09-21T17:13:20+02:00", taken=taken, **more)


def test_an_appointment_is_a_promise_for_a_slot_due_at_its_end() -> None:
    session = Session(small_library("- {id: a, ask: {a: text}}\n- {id: b, end: resolved}")).begin()

    in_slot(session, what="We call you.", by="seller", kept_by="contact")

    [promise] = session.state.promises
    assert (promise["begins"], promise["due"]) == (BEGUN + HOUR, BEGUN + HOUR + HOUR // 2)
    assert (promise["team"], promise["state"], promise["keeps"]) == ("seller", "open", "contact")
    assert "move_promise" in session.look()["commands"]
    session.bring("follow_promise", promise=1, state="kept")
    assert "move_promise" not in session.look()["commands"]


def test_an_appointment_that_is_moved_is_reminded_of_anew_and_says_how_often_it_was() -> None:
    session = promising(by="seller")
    session.bring("promise_news", "system", promise=1, state="soon")

    in_slot(session, name="move_promise", promise=1, hours=5)
    in_slot(session, name="move_promise", promise=1, hours=6, by="support")

    [promise] = session.state.promises
    assert (promise["begins"], promise["moves"]) == (BEGUN + 6 * HOUR, 2)
    assert (promise["team"], promise["state"], promise["how"]) == ("support", "open", None)
    before = len(session.events)
    in_slot(session, name="move_promise", promise=1, hours=6)
    assert len(session.events) == before


def test_a_slot_that_nobody_gives_or_a_second_time_beside_it_is_refused() -> None:
    session = promising()
    at = "2026-09-21T17:13:20+02:00"

    assert session.refuses("promise", what="x", slot=at).code == "promise.no-slot"
    assert session.refuses("move_promise", promise=1, slot=at).code == "promise.no-slot"
    both = session.refuses("promise", what="x", slot=at, due=at, by="seller", taken=(1, 2))
    assert both.code == "promise.no-slot"
    late = session.refuses("promise", what="x", due="2026-09-21T17:13:20")
    assert list(late.fields) == ["due"]
    nobody = session.refuses("promise", what="x", by="nobody")
    assert (nobody.code, list(nobody.fields)) == ("team.unknown", ["by"])


def test_what_is_owed_no_more_keeps_its_time() -> None:
    session = promising()
    session.bring("follow_promise", promise=1, state="kept")

    refused = session.refuses("move_promise", promise=1, slot="x", taken=(1, 2), by="seller")

    assert refused.code == "promise.not-owed"
    assert session.refuses("move_promise", promise=2, slot="x").code == "promise.unknown"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "appointment on 21 September 2026, 17:13 to 17:43: We call you."),
        ("fr", "rendez-vous le 21 septembre 2026 de 17 h 13 à 17 h 43 : We call you."),
    ],
)
def test_who_takes_over_reads_when_the_appointment_is(language: str, said: str) -> None:
    library = small_library("- {id: a, ask: {a: text}}\n- {id: b, end: resolved}")
    session = Session(library).begin()
    in_slot(session, what="We call you.", by="seller")
    session.bring("transfer", team="seller")
    session.bring("accept")

    session.state.language = language
    recap = session.look()["recap"]

    [asked] = [line["text"] for line in recap if line["what"] == "asked"]
    assert asked.replace("\u00a0", " ").endswith(said)
