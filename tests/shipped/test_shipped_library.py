"""The library the product ships: what its experts wrote holds, and its made-up systems fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from authoring.check import check
from authoring.load import Loaded, load_folder
from authoring.suggest import Suggester
from authoring.testkit import Coverage, Result, covered, run_tests
from authoring.yaml.reader import read
from connectors.mock import dated
from engine.events import Json
from engine.model import ROLES, Library
from engine.operations import accept_result
from engine.steps.decide import Decide
from engine.steps.do import Do

JOURNEYS = Path(__file__).resolve().parents[2] / "journeys"
DEMO = JOURNEYS / "demo"


@pytest.fixture(scope="module")
def demo() -> Loaded:
    return load_folder(DEMO)


@pytest.fixture(scope="module")
def library(demo: Loaded) -> Library:
    assert demo.library is not None
    return demo.library


@pytest.fixture(scope="module")
def played(demo: Loaded) -> list[Result]:
    results, wrong = run_tests(demo)
    assert wrong == []
    return results


@pytest.fixture(scope="module")
def coverage(demo: Loaded, played: list[Result]) -> Coverage:
    return covered(demo, [result.events for result in played], inherited=True)


@pytest.fixture(scope="module")
def mock() -> dict[str, list[dict[str, Json]]]:
    content = read((DEMO / "mock.yaml").read_text(encoding="utf-8"), "mock.yaml")
    assert content.findings == []
    operations: dict[str, list[dict[str, Json]]] = content.data["operations"]
    return operations


@pytest.mark.parametrize("name", ["demo", "system"])
def test_the_checker_has_nothing_to_say_of_what_we_ship(name: str) -> None:
    findings = check(load_folder(JOURNEYS / name))

    assert [str(finding) for finding in findings] == []


def test_every_conversation_its_experts_wrote_holds(played: list[Result]) -> None:
    assert [result.report() for result in played if not result.passed] == []


def test_no_step_and_no_way_out_is_left_untried(coverage: Coverage) -> None:
    assert [str(missed) for missed in coverage.missed] == []


def test_every_row_of_the_refund_table_decides_some_conversation(
    library: Library, played: list[Result]
) -> None:
    rights = library.journeys["remboursement"].steps["rights"]
    assert isinstance(rights, Decide)
    assert rights.table is not None
    rows = {code.code for row in rights.table.rows for code in row.codes}
    taken = {
        code.code
        for result in played
        for event in result.events
        for code in getattr(event, "codes", None) or ()
    }

    assert rows <= taken


def test_every_role_of_the_product_has_its_journey(library: Library) -> None:
    assert {role: library.system.get(role) for role in ROLES} == {
        role: f"sys.{role}" for role in ROLES
    }


def test_a_customer_s_example_sentences_start_the_journey_they_are_written_under(
    library: Library,
) -> None:
    suggester = Suggester(library)
    strayed = []
    for entry in library.codes["declaration"].values():
        for language, sentences in entry.examples.items():
            for sentence in sentences:
                best = suggester.rank(sentence, language, 1)
                if not best or best[0]["journey"] != library.declarations[entry.code]:
                    strayed.append((sentence, best))

    assert strayed == []


def test_every_system_that_journeys_call_is_made_up(
    library: Library, mock: dict[str, list[dict[str, Json]]]
) -> None:
    assert set(mock) == set(library.operations)


def test_what_the_made_up_systems_answer_is_what_their_operations_declare(
    library: Library, mock: dict[str, list[dict[str, Json]]]
) -> None:
    for name, answers in mock.items():
        operation = library.operations[name]
        for answer in answers:
            given = dated(answer.get("result"), date(2026, 10, 1))
            assert accept_result(operation, given) == (given or {})
            assert answer.get("refused") in (None, *operation.refusals)
            when = answer.get("when", {})
            assert isinstance(when, dict)
            assert set(when) <= set(operation.inputs)


def test_any_system_without_an_answer_left_can_be_done_without(library: Library) -> None:
    for journey in library.journeys.values():
        for step in journey.steps.values():
            if isinstance(step, Do):
                assert step.by_hand is not None or step.otherwise is not None
