"""Real journeys nobody here wrote: checked, and walked again along every recorded path."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from authoring.check import check
from authoring.load import load
from engine.commands import Command
from engine.machine import Env, Start, decide, start
from tests.support.smart_answers import Adapted, Recorded, adapt, data_folder

if TYPE_CHECKING:
    from authoring.load import Loaded
    from engine.model import Library

NOW = 1_790_000_000_000
AS_CUSTOMER = Env(NOW, UTC, "customer:recorded", "customer")


@pytest.fixture(scope="module")
def adapted() -> Adapted:
    folder = data_folder()
    if folder is None:
        pytest.skip("no recorded journeys here: set PARCOURS_REAL_DATA to their folder")
    return adapt(folder)


@pytest.fixture(scope="module")
def loaded(adapted: Adapted) -> Loaded:
    return load(adapted.files)


def test_the_checker_finds_no_error_in_recorded_journeys(loaded: Loaded) -> None:
    findings = check(loaded)

    assert [one for one in findings if one.severity == "error"] == []


def test_the_only_warnings_are_questions_without_use_and_questions_on_circles(
    loaded: Loaded,
) -> None:
    findings = check(loaded)

    assert {one.code for one in findings} <= {"data.waste", "data.asked-twice"}


def test_the_eight_published_journeys_have_the_six_warnings_their_provenance_explains(
    adapted: Adapted, loaded: Loaded
) -> None:
    published = (
        {"inherits-someone-dies-without-will", "landlord-immigration-check", "pip-checker"}
        | {"register-a-death", "state-pension-age", "towing-rules", "uk-benefits-abroad"}
        | {"vat-payment-deadlines"}
    )
    if not published <= {one.id for one in adapted.journeys}:
        pytest.skip("other recordings than the eight published ones")

    findings = {(one.code, one.step) for one in check(loaded) if one.journey in published}

    assert findings == {
        ("data.waste", "did_the_person_die_at_home_hospital?"),
        ("data.waste", "was_death_expected?"),
        ("data.waste", "when_does_your_vat_accounting_period_end?"),
        ("data.asked-twice", "where_did_the_death_happen?"),
        ("data.asked-twice", "grandparents?"),
        ("data.asked-twice", "aunts_or_uncles?"),
    }


def test_every_recorded_path_reaches_its_nodes_and_its_outcome(
    adapted: Adapted, loaded: Loaded
) -> None:
    library = loaded.library
    assert library is not None
    wrong = []
    played = 0
    for journey in adapted.journeys:
        for answers, outcome in journey.paths():
            played += 1
            difference = _replay(library, journey, answers, outcome)
            if difference is not None:
                wrong.append(difference)

    assert wrong == []
    assert played > 0


def _replay(
    library: Library, journey: Recorded, answers: list[tuple[str, str]], outcome: str
) -> str | None:
    """Walk one recorded path; returns where it parted from the recording, if it did."""
    request = Start(session="s", journey=journey.id, audience="customer")
    state = start(library, request, AS_CUSTOMER).state
    for node, answer in answers:
        question = journey.questions[node]
        current = state.current
        if current is None or current.step != question.step:
            return f"{journey.id}: at {current.step if current else state.status}, recorded {node}"
        values = {question.field: question.value(answer)}
        state = decide(library, state, Command("answer", {"values": values}), AS_CUSTOMER).state
    wanted = journey.outcomes[outcome]
    if state.outcome != "resolved" or state.path[-1].step != wanted:
        return f"{journey.id}: {answers} came to {state.path[-1].step}, recorded {outcome}"
    expected = {
        "declaration": [journey.id],
        "qualification": [f"{journey.id}.{wanted}"],
        "action": ["information"],
    }
    return None if state.codes == expected else f"{journey.id}: coded {state.codes}"
