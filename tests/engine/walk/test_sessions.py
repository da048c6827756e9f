"""A session's life beside its walk: pauses, notes, marks, roles, its end.

Source: semantics.md 3, 5, 24.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import COMMANDS, Command
from engine.events import ClockJumped, Consulted, Ended, Flagged, Held, Marked, Noted, Promised
from engine.machine import Start, decide, start
from engine.refusals import Refused
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

SIMPLE = """
- {id: name, ask: {name: text}, declares: order.late}
- {id: order, do: shop.read, saves: {order: result}, by_hand: {say: "Look."}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
"""


def simple(audience: str = "advisor") -> Session:
    """Return a session at its first question."""
    return Session(small_library(SIMPLE)).begin(audience=audience)


# Pauses


def test_a_paused_session_is_resumed_where_it_was_on_another_channel() -> None:
    session = simple()
    session.bring("pause", reason="lunch")

    assert session.state.status == "paused"
    assert session.refuses("answer", values={"name": "Zoe"}).code == "session.paused"
    session.bring("resume", channel="chat", contact="c2")
    assert (session.step, session.state.status) == ("name", "active")
    assert (session.state.channel, session.state.contact) == ("chat", "c2")


def test_a_result_that_comes_while_it_is_paused_lets_it_go_on_once_resumed() -> None:
    session = simple()
    session.answer(name="Zoe")
    session.bring("pause")

    session.settle("succeeded", {"status": "held"})

    assert (session.state.status, session.step) == ("paused", "more")
    session.bring("resume")
    assert (session.state.status, session.step) == ("active", "more")


def test_a_failure_that_comes_while_it_is_paused_waits_to_be_done_by_hand() -> None:
    session = simple()
    session.answer(name="Zoe")
    session.bring("pause")

    session.settle("failed")
    session.bring("resume")

    assert (session.state.status, session.look()["step"]["by_hand"]) == ("active", True)


def test_a_pending_session_that_is_resumed_still_waits_for_its_action() -> None:
    session = simple()
    session.answer(name="Zoe")
    session.bring("pause")
    session.bring("resume")

    assert session.state.status == "pending"


def test_only_a_paused_session_is_resumed_and_only_on_channels_there_are() -> None:
    session = simple()

    assert session.refuses("resume").code == "session.not-paused"
    assert session.refuses("resume", channel="pigeon").code == "start.unknown-channel"


# Beside the walk


def test_notes_marks_holds_and_flags_do_not_disturb_the_next_answer() -> None:
    session = simple()
    version = session.state.version

    for name, body in (
        ("note", {"text": "a note"}), ("hold", {}), ("unhold", {}), ("mark", {"mark": "searching"}),
        ("consult", {"team": "seller", "question": "?"}), ("flag", {"category": "typo"}),
        ("promise", {"what": "We call you."}),
    ):  # fmt: skip
        session.bring(name, **body)
        assert not COMMANDS[name].guarded

    assert session.state.version == version
    kinds = [type(e) for e in session.events[-7:]]
    assert kinds == [Noted, Held, Held, Marked, Consulted, Flagged, Promised]


def test_what_is_already_so_is_not_recorded_again() -> None:
    session = simple()
    session.bring("hold")
    session.bring("mark", mark="searching")
    session.bring("consult", team="seller")

    assert session.bring("hold") == []
    assert session.bring("mark", mark="searching") == []
    assert session.bring("consult", team="expert") == []
    assert session.bring("consult", team="seller", on=False) != []
    assert session.look()["marks"] == ["searching"]


def test_a_promise_keeps_what_by_when_and_by_whom() -> None:
    session = simple()

    session.bring("promise", what="We call you.", due="2026-10-01T12:00:00+02:00", by="seller")

    promise = session.look()["promises"][0]
    assert (promise["what"], promise["team"], promise["due"]) == (
        "We call you.", "seller", 1_790_848_800_000,
    )  # fmt: skip
    refused = session.refuses("promise", what="x", due="tomorrow")
    assert refused.code == "command.wrong-field"


def test_a_step_promises_when_it_is_left() -> None:
    session = Session(
        small_library("""
- id: name
  ask: {name: text}
  promise: {what: "We call {name}.", within: 24h, by: seller}
- {id: done, end: resolved}
""")
    ).begin()

    session.answer(name="Zoe")

    promise = session.state.promises[0]
    assert (promise["what"], promise["team"]) == ("We call Zoe.", "seller")
    assert promise["due"] == session.now + 24 * 3_600_000


@pytest.mark.parametrize(("outcome", "kept"), [("unresolved", ["We call Zoe."]), ("abandoned", [])])
def test_a_promise_being_read_out_when_one_finishes_was_made(outcome: str, kept: list[str]) -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: told, say: "We call you back.", promise: {what: "We call {name}.", within: 24h}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(name="Zoe")

    session.bring("finish", outcome=outcome)

    assert [promise["what"] for promise in session.state.promises] == kept


def test_a_flag_names_the_step_for_its_author() -> None:
    session = simple()

    session.bring("flag", category="unclear", text="Which name?")

    flag = session.events[-1]
    assert isinstance(flag, Flagged)
    assert (flag.visit, flag.category, flag.text) == (
        session.at("name").id,
        "unclear",
        "Which name?",
    )


def test_a_clock_that_jumped_is_recorded_with_the_turn() -> None:
    session = simple()

    happened = decide(
        session.library, session.state, Command("note", {"text": "x"}),
        session.env("advisor", jump=90_000),
    )  # fmt: skip

    assert [e.ms for e in happened.events if isinstance(e, ClockJumped)] == [90_000]


# Ends


def test_a_session_may_be_finished_cancelled_or_left_too_long() -> None:
    finished, cancelled, expired = simple(), simple(), simple()

    finished.bring("finish", outcome="refused", reason="will not say more")
    cancelled.bring("cancel", reason="hung up")
    expired.bring("expire", "system")

    assert (finished.state.status, finished.state.outcome) == ("ended", "refused")
    assert (cancelled.state.status, cancelled.state.outcome) == ("ended", "abandoned")
    assert cancelled.at("cancelled").run == "cancel"
    assert (expired.state.status, expired.state.outcome) == ("ended", "abandoned")
    assert finished.state.notes[0]["text"] == "will not say more"


def test_one_ends_well_before_the_last_questions_once_all_three_axes_are_said() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}, declares: order.late}
- {id: found, say: "It is late.", qualifies: order.late, acts: told.done}
- {id: survey, ask: {rating: text}}
- {id: done, end: resolved}
""")
    ).begin()
    unsaid = session.look()["unsaid"]
    early = session.refuses("finish", outcome="resolved")
    session.answer(name="Zoe")
    told = session.look()

    session.bring("finish", outcome="resolved")

    # The view says what the service counts: what is read out has no code yet, and is said.
    assert unsaid == early.params["missing"]
    assert (told["unsaid"], told["codes"]["qualification"]) == ([], [])

    assert (early.code, early.params["missing"]) == (
        "finish.not-reached", ["declaration", "qualification", "action"],
    )  # fmt: skip
    assert (session.state.status, session.state.outcome) == ("ended", "resolved")


def test_axes_without_a_code_are_said_not_to_be_reached() -> None:
    session = simple()
    session.answer(name="Zoe")
    session.settle("succeeded", {"status": "held"})

    session.bring("finish", outcome="unresolved")

    ended = session.events[-1]
    assert isinstance(ended, Ended)
    assert ended.not_reached == ("qualification", "action")
    assert session.trace()["not_reached"] == ["qualification", "action"]


def test_an_ended_session_takes_notes_and_flags_and_nothing_else() -> None:
    session = simple()
    session.bring("finish")

    assert session.refuses("answer", values={}).code == "session.ended"
    assert session.bring("note", text="one more thing") != []
    assert session.look()["commands"] == ["promise", "note", "flag"]
    assert session.bring("expire", "system") == []


def test_a_result_that_comes_after_the_end_is_recorded_and_changes_nothing() -> None:
    session = simple()
    session.answer(name="Zoe")
    session.bring("finish")

    session.settle("succeeded", {"status": "held"})

    assert (session.state.status, session.state.outcome) == ("ended", "unresolved")
    assert "order" not in session.values


# Roles


REFUSED = {
    "customer": {"skip", "digress", "return", "hold", "unhold", "mark", "consult", "transfer",
                 "hand_over", "take_over", "approve", "promise", "finish", "rewind"},
    "robot": {"acknowledge", "skip", "back", "amend", "digress", "hold", "transfer", "pause",
              "resume", "cancel", "finish", "approve", "rewind"},
    "advisor": {"rewind", "ask_human"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role, names in REFUSED.items() for name in sorted(names)]
)
def test_a_role_brings_only_its_own_commands(role: str, name: str) -> None:
    session = simple()

    refused = session.refuses(name, role, **_body(name))

    assert refused.code == "command.role"
    assert role not in refused.params["roles"]
    assert name not in session.look(role=role)["commands"]


def _body(name: str) -> dict[str, Any]:
    examples: dict[str, Any] = {"mark": "searching", "team": "seller", "visit": 1, "values": {},
                                "journey": "hours", "accept": True, "what": "x"}  # fmt: skip
    return {key: examples[key] for key in COMMANDS[name].required}


@pytest.mark.parametrize("name", [spec.name for spec in COMMANDS.values() if spec.system])
def test_only_the_system_brings_results_wake_ups_and_expiries(name: str) -> None:
    body = {"effect": "x", "status": "failed", "wait": "w"}

    for role in ("advisor", "supervisor", "robot"):
        assert simple().refuses(name, role, **body).code == "command.unknown"


# Starts


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"journey": "nowhere"}, "start.unknown-journey"),
        ({"journey": "hours"}, "start.unknown-journey"),
        ({"audience": "pirate"}, "start.unknown-audience"),
        ({"language": "de"}, "start.unknown-language"),
        ({"channel": "pigeon"}, "start.unknown-channel"),
        ({"inputs": {"size": 3}}, "answer.refused"),
    ],
)
def test_a_session_starts_only_on_what_there_is(wrong: dict[str, Any], code: str) -> None:
    session = Session(small_library(SIMPLE))
    request = {"session": "s", "journey": "main", "audience": "advisor", **wrong}

    with pytest.raises(Refused) as refused:
        start(session.library, Start(**request), session.env("advisor"))

    assert refused.value.code == code


def test_what_a_session_starts_with_is_read_by_its_steps_and_the_customers_words_are_kept() -> None:
    library = small_library("""
inputs: {number: {type: text, required: false}}
steps:
  - {id: way, decide: [{when: 'known(number)', next: done}, {else: true, next: ask}]}
  - {id: ask, ask: {other: text}}
  - {id: done, end: resolved}
""")

    session = Session(library).begin(inputs={"number": "F1"}, words="Where is it?")

    assert session.state.outcome == "resolved"
    assert session.state.words == "Where is it?"
    assert session.values == {"number": "F1"}


def test_the_last_words_of_a_journey_are_shown_once_it_is_over() -> None:
    library = small_library("""
- {id: name, ask: {name: text}}
- {id: done, say: "Good bye, {name}.", end: resolved}
""")
    session = Session(library).begin()

    session.answer(name="Zoe")

    assert [said["text"] for said in session.look()["say"]] == ["Good bye, Zoe."]
    assert session.look()["step"] is None
