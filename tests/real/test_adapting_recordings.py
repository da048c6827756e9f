"""Recordings never seen before are taken: any ids, no texts, several answers at once, gaps."""

from __future__ import annotations

import gzip
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from authoring.check import check
from authoring.load import load
from engine.commands import Command
from engine.machine import Env, Start, decide, start
from tests.support.smart_answers import Adapted, adapt, parts

if TYPE_CHECKING:
    from pathlib import Path

ENV = Env(1_790_000_000_000, UTC, "customer:recorded", "customer")
STRANGE = {
    "journey": "9 lives & co.",
    "start": "1st_question?",
    "nodes": {
        "1st_question?": {
            "type": "question",
            "answers": ["b,a", "none", "a"],
            "depends_on": [],
            "rules": [
                {"answer": "a,b", "when": {}, "next": "town?"},
                {"answer": "a", "when": {}, "next": "town?"},
            ],
        },
        "town?": {
            "type": "question",
            "answers": ["Aix, Marseille", "B1 1PW"],
            "depends_on": ["1st_question?"],
            "rules": [
                {"answer": "B1 1PW", "when": {"1st_question?": "b,a"}, "next": "both {really}"},
                {"answer": "Aix, Marseille", "when": {"never?": None}, "next": "one"},
            ],
        },
        "never?": {
            "type": "question",
            "answers": [],
            "depends_on": [],
            "rules": [{"answer": None, "when": {}, "next": "one"}],
        },
    },
    "outcomes": ["both {really}", "one", "nobody_comes_here"],
}


@pytest.fixture
def strange(tmp_path: Path) -> Adapted:
    (tmp_path / "strange.ir.json").write_text(json.dumps(STRANGE), encoding="utf-8")
    path = {"steps": [["1st_question?", "b,a"], ["town?", "B1 1PW"]], "outcome": "both {really}"}
    with gzip.open(tmp_path / "strange.replays.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(path))
    return adapt(tmp_path)


def _walk(strange: Adapted, answers: list[Any]) -> tuple[str | None, str]:
    journey = strange.journeys[0]
    library = load(strange.files).library
    assert library is not None
    state = start(library, Start(session="s", journey=journey.id, audience="customer"), ENV).state
    for node, answer in answers:
        question = journey.questions[node]
        values = {question.field: question.value(answer)}
        state = decide(library, state, Command("answer", {"values": values}), ENV).state
    return state.outcome, state.path[-1].step


def test_a_recording_with_strange_ids_and_no_texts_makes_a_library_without_errors(
    strange: Adapted,
) -> None:
    findings = check(load(strange.files))

    assert [one for one in findings if one.severity == "error"] == []


def test_several_answers_are_compared_whatever_their_order(strange: Adapted) -> None:
    one_way = _walk(strange, [("1st_question?", "a,b"), ("town?", "B1 1PW")])
    other_way = _walk(strange, [("1st_question?", "b,a"), ("town?", "B1 1PW")])

    assert one_way == other_way == ("resolved", strange.journeys[0].outcomes["both {really}"])
    assert parts("b, a") == ["a", "b"]


def test_a_question_that_was_not_asked_on_the_path_is_known_to_be_missing(strange: Adapted) -> None:
    found = _walk(strange, [("1st_question?", "a"), ("town?", "Aix, Marseille")])

    assert found == ("resolved", "one")


def test_a_combination_nobody_recorded_ends_unresolved(strange: Adapted) -> None:
    assert _walk(strange, [("1st_question?", "none")]) == ("unresolved", "not_recorded")
    assert _walk(strange, [("1st_question?", "a"), ("town?", "B1 1PW")])[0] == "unresolved"


def test_recorded_paths_are_read_with_their_outcome(strange: Adapted) -> None:
    paths = list(strange.journeys[0].paths())

    assert paths == [([("1st_question?", "b,a"), ("town?", "B1 1PW")], "both {really}")]


def _adapted(folder: Path, nodes: dict[str, Any], outcomes: list[str]) -> Adapted:
    """Return what a recording of these questions, from its first, makes."""
    recording = {
        "journey": "made",
        "start": next(iter(nodes)),
        "nodes": nodes,
        "outcomes": outcomes,
    }
    (folder / "made.ir.json").write_text(json.dumps(recording), encoding="utf-8")
    adapted = adapt(folder)
    assert [one for one in check(load(adapted.files)) if one.severity == "error"] == []
    return adapted


def test_nothing_chosen_of_several_is_an_answer_too(tmp_path: Path) -> None:
    rules = [
        {"answer": "", "when": {}, "next": "few"},
        {"answer": "b,a", "when": {}, "next": "all"},
    ]
    made = _adapted(tmp_path, {"what?": {"answers": ["", "b,a"], "rules": rules}}, ["few", "all"])

    assert _walk(made, [("what?", "")]) == ("resolved", "few")
    assert _walk(made, [("what?", "a,b")]) == ("resolved", "all")


def test_a_question_may_bear_the_name_of_anothers_decision_or_of_a_way_out(tmp_path: Path) -> None:
    to = "next"
    made = _adapted(
        tmp_path,
        {
            "x": {
                "answers": ["none", "a"],
                "rules": [
                    {"answer": "none", "when": {}, to: "x-then"},
                    {"answer": "a", "when": {}, to: "none"},
                ],
            },
            "x-then": {
                "answers": ["next", "\u2028", "\x7f"],
                "rules": [
                    {"answer": "next", "when": {"x": "none"}, to: "none"},
                    {"answer": "\u2028", "when": {"x": "none"}, to: "end"},
                    {"answer": "\x7f", "when": {"x": None}, to: "end"},
                ],
            },
            "nobody asks": {"answers": [], "rules": []},
        },
        ["none", "end"],
    )

    assert _walk(made, [("x", "a")]) == ("resolved", "none")
    assert _walk(made, [("x", "none"), ("x-then", "next")]) == ("resolved", "none")
    assert _walk(made, [("x", "none"), ("x-then", "\u2028")]) == ("resolved", "end")
    assert _walk(made, [("x", "none"), ("x-then", "\x7f")])[0] == "unresolved"


def test_a_question_nobody_answered_in_a_recording_ends_unresolved(tmp_path: Path) -> None:
    rules = [
        {"answer": "a", "when": {}, "next": "left"},
        {"answer": "b", "when": {}, "next": "end"},
    ]
    made = _adapted(
        tmp_path,
        {"one": {"answers": ["a", "b"], "rules": rules}, "left": {"answers": [], "rules": []}},
        ["end"],
    )

    assert _walk(made, [("one", "a"), ("left", "anything")])[0] == "unresolved"
