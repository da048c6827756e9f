"""Looking back, and going aside. Source: semantics.md 11."""

from __future__ import annotations

from engine.events import Closed, Focused, Left
from tests.support.sessions import Session, standing
from tests.support.small_libraries import small_library

THREE = """
- id: way
  ask: {way: {type: choice, options: [{id: a, label: A}, {id: b, label: B, next: off}]}}
- {id: name, ask: {name: text}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
- {id: off, ask: {off: text}}
- {id: gone, end: refused}
"""


def third() -> Session:
    """Return a session on its third stop."""
    session = Session(small_library(THREE)).begin()
    session.answer(way="a")
    session.answer(name="Zoe")
    return session


def test_back_shows_the_stop_before_and_removes_nothing() -> None:
    session = third()
    before = standing(session.state)

    happened = session.bring("back")

    assert [type(e) for e in happened] == [Focused]
    assert standing(session.state) == before
    seen = session.look()
    assert (seen["step"]["id"], seen["fields"][0]["value"]) == ("name", "Zoe")
    assert seen["focus"] == session.at("name").id


def test_back_again_goes_further_and_stops_at_the_first_stop() -> None:
    session = third()
    session.bring("back")
    session.bring("back")

    assert session.look()["step"]["id"] == "way"
    assert session.refuses("back").code == "back.at-start"


def test_one_may_look_at_any_stop_of_the_history_and_at_the_current_one_again() -> None:
    session = third()
    session.bring("back", visit=session.at("way").id)
    assert session.look()["step"]["id"] == "way"

    session.bring("back", visit=session.at("more").id)

    assert (session.state.focus, session.look()["step"]["id"]) == (None, "more")
    assert session.refuses("back", visit=99).code == "back.unknown-visit"


def test_acknowledging_what_one_looks_at_comes_back_to_the_current_stop() -> None:
    session = third()
    session.bring("back")

    session.bring("acknowledge")

    assert session.look()["step"]["id"] == "more"


def test_answering_there_is_an_amend() -> None:
    session = third()
    session.bring("back", visit=session.at("way").id)

    session.answer(way="b")

    assert session.step == "off"
    assert session.state.focus is None
    assert session.values == {"way": "b"}


def test_answering_there_as_before_changes_nothing_and_comes_back() -> None:
    session = third()
    before = standing(session.state)
    session.bring("back")

    happened = session.answer(name="Zoe")

    assert [type(e) for e in happened] == [Focused]
    assert standing(session.state) == before


def test_an_answer_meant_for_the_current_stop_is_refused_while_another_is_looked_at() -> None:
    session = third()
    session.bring("back")

    refused = session.refuses("answer", step="more", values={"more": "x"})

    assert refused.code == "answer.not-current"
    assert refused.fields["step"]["allowed"] == ["name"]


def test_what_is_looked_at_is_neither_skipped_nor_said_not_to_fit() -> None:
    session = third()
    session.bring("back")

    assert [session.refuses(name).code for name in ("skip", "none_of_these")] == [
        "back.looking", "back.looking",
    ]  # fmt: skip
    offered = session.look()["commands"]
    assert "skip" not in offered
    assert "none_of_these" not in offered


# Digressions


def test_a_digression_comes_back_to_where_it_was_opened() -> None:
    session = third()

    session.bring("digress", journey="hours")

    assert (session.step, session.look()["step"]["journey"]) == ("told", "hours")
    assert "return" in session.look()["commands"]
    session.answer(clear=True)
    assert session.step == "more"
    assert session.values == {"way": "a", "name": "Zoe"}


def test_one_may_return_early() -> None:
    session = third()
    session.bring("digress", journey="hours")

    happened = session.bring("return")

    assert [e.how for e in happened if isinstance(e, Left)] == ["returned"]
    assert [e.outcome for e in happened if isinstance(e, Closed)] == ["returned"]
    assert session.step == "more"


def test_only_the_librarys_digressions_open_and_return_needs_one() -> None:
    session = third()

    assert session.refuses("digress", journey="main").code == "digression.unknown"
    assert session.refuses("return").code == "digression.none"


def test_a_digression_survives_an_amend_of_another_stop() -> None:
    session = third()
    session.bring("back", visit=session.at("more").id)
    session.bring("digress", journey="hours")
    session.answer(clear=True)

    session.amend("name", name="Max")

    assert session.step == "more"
    assert session.at("told").values == {"clear": True}


def test_a_digression_is_undone_with_its_host_and_comes_back_with_it() -> None:
    session = Session(small_library(THREE)).begin()
    session.answer(way="a")
    session.bring("digress", journey="hours")
    session.answer(clear=True)
    session.answer(name="Zoe")
    before = standing(session.state)

    session.amend("way", way="b")

    assert session.step == "off"
    assert [v.step for v in session.state.path] == ["way", "off"]
    session.amend("way", way="a")
    assert standing(session.state) == before


def test_a_digression_of_the_stop_that_is_amended_survives() -> None:
    session = Session(small_library(THREE)).begin()
    session.bring("digress", journey="hours")
    session.answer(clear=False)
    session.answer(way="a")

    session.amend("way", way="b")

    assert session.at("told").values == {"clear": False}
    assert session.step == "off"


def test_an_answer_given_in_a_digression_may_be_changed() -> None:
    session = Session(small_library(THREE)).begin()
    session.bring("digress", journey="hours")
    session.answer(clear=False)
    session.answer(way="a")

    session.amend("told", clear=True)

    assert session.at("told").values == {"clear": True}
    assert session.step == "name"


def test_an_answer_changed_in_a_digression_leaves_the_call_that_was_open_as_it_was() -> None:
    sub = """
start: false
steps:
  - {id: rule, decide: [{else: true, set: {z: '"b"'}}]}
  - {id: look, do: shop.read, saves: {order: result}, by_hand: {say: Look., fills: [order.status]}}
  - {id: found, ask: {found: text}}
  - {id: over, end: resolved}
"""
    main = """
- {id: hello, say: "Hello."}
- {id: inner, call: sub}
- {id: done, end: resolved}
"""
    session = Session(small_library(main, {"sub": sub})).begin()
    session.bring("digress", journey="hours")
    session.answer(clear=False)
    before = (session.step, session.state.stack, session.state.ahead)

    session.amend("told", clear=True)

    assert (session.step, session.state.stack, session.state.ahead) == before
    session.bring("acknowledge")
    session.settle("succeeded", {"status": "held"})
    assert (session.step, session.state.stack) == ("found", ["main", "main/inner"])
    assert [v.occ for v in session.state.path if v.step == "rule"] == [1]


def test_a_digression_may_hold_another() -> None:
    session = third()
    session.bring("digress", journey="hours")
    session.bring("digress", journey="hours")
    session.answer(clear=True)
    assert (session.step, len(session.state.stack)) == ("told", 2)

    session.answer(clear=False)

    assert (session.step, session.state.stack) == ("more", ["main"])


TOLD = """
- {id: name, ask: {name: text}}
- {id: warn, say: "Listen."}
- {id: check, do: shop.read, with: {id: name}, saves: {order: result}, by_hand: {say: "Look."}}
- {id: done, end: refused}
"""


def test_a_digression_from_something_told_comes_back_to_it_untold() -> None:
    session = Session(small_library(TOLD)).begin()
    session.answer(name="Zoe")
    before = standing(session.state)
    session.bring("digress", journey="sys.pause")
    assert [said["step"] for said in session.look()["say"]] == ["put_aside"]

    session.bring("acknowledge")

    assert standing(session.state)["at"] == before["at"]
    assert [said["step"] for said in session.look()["say"]] == ["warn"]
    session.bring("acknowledge")
    assert session.state.status == "pending"


def test_a_digression_under_way_is_still_under_way_after_an_amend_before_it() -> None:
    session = third()
    session.bring("digress", journey="hours")

    session.amend("name", name="Max")

    assert (session.step, len(session.state.stack)) == ("told", 2)
    session.answer(clear=True)
    assert (session.step, session.state.stack) == ("more", ["main"])


def test_a_digression_left_early_stays_left_over_corrections() -> None:
    session = third()
    session.bring("digress", journey="hours")
    session.bring("return")

    session.amend("name", name="Max")

    assert session.step == "more"
    assert session.at("told").how == "returned"


def test_digressions_from_what_is_told_survive_corrections() -> None:
    session = Session(small_library(TOLD)).begin()
    session.answer(name="Zoe")
    session.bring("digress", journey="hours")
    session.answer(clear=True)
    session.bring("acknowledge")
    session.settle("failed")
    before = standing(session.state)["path"][1:3]

    session.amend("name", name="Max")

    assert session.step == "check"
    assert standing(session.state)["path"][1:3] == before
    assert session.at("told").values == {"clear": True}


def test_a_digression_from_a_manual_procedure_survives_corrections() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: send, do: shop.resend, by_hand: {say: "Send it."}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(name="Zoe")
    session.settle("failed")
    session.bring("digress", journey="hours")
    session.answer(clear=True)
    before = standing(session.state)["path"][1:]

    session.amend("name", name="Max")

    assert (session.step, session.look()["step"]["by_hand"]) == ("send", True)
    assert standing(session.state)["path"][1:] == before
    session.bring("acknowledge")
    session.amend("name", name="Zoe")
    assert session.step == "more"
    assert session.at("told").values == {"clear": True}


def test_an_optional_answer_left_empty_is_not_asked_again_after_a_correction() -> None:
    session = Session(
        small_library("""
- {id: name, ask: {name: text}}
- {id: extra, ask: {extra: {type: text, required: false}}}
- {id: more, ask: {more: text}}
- {id: done, end: resolved}
""")
    ).begin()
    session.answer(name="Zoe")
    session.answer()

    session.amend("name", name="Max")

    assert session.step == "more"
