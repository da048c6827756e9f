"""Every recorded path of real journeys, played over HTTP against a running service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from runtime.settings import Settings
from tests.api.service import Shop, bring, key, running
from tests.support.smart_answers import Adapted, Recorded, adapt, data_folder

if TYPE_CHECKING:
    import httpx


@pytest.fixture(scope="module")
def adapted() -> Adapted:
    folder = data_folder()
    if folder is None:
        pytest.skip("no recorded journeys here: set PARCOURS_REAL_DATA to their folder")
    return adapt(folder)


@pytest.fixture(scope="module")
def shop(adapted: Adapted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    database = tmp_path_factory.mktemp("real") / "real.sqlite3"
    with running(Settings(database=str(database), port=0, rate_per_s=0)) as found:
        with found.client("author") as author:
            published = author.post("/v1/libraries", json={"files": adapted.files}, headers=key())
        assert published.status_code == 201, published.text
        yield found


def test_every_recorded_path_reaches_its_nodes_and_its_outcome_over_http(
    adapted: Adapted, shop: Shop
) -> None:
    wrong, played = [], 0
    with shop.client("advisor") as client:
        for journey in adapted.journeys:
            for answers, outcome in journey.paths():
                played += 1
                difference = _replay(client, journey, answers, outcome)
                if difference is not None:
                    wrong.append(difference)

    assert wrong == []
    assert played > 0


def _replay(
    client: httpx.Client, journey: Recorded, answers: list[tuple[str, str]], outcome: str
) -> str | None:
    """Play one recorded path; returns where it parted from the recording, if it did."""
    begun = client.post("/v1/sessions", json={"journey": journey.id}, headers=key())
    assert begun.status_code == 201, begun.text
    session: str = begun.json()["session"]
    view: dict[str, Any] = begun.json()["view"]
    last = begun
    for node, answer in answers:
        question = journey.questions[node]
        at = view["step"]["id"] if view["step"] else view["status"]
        if at != question.step:
            return f"{journey.id}: at {at}, recorded {node}"
        values = {question.field: question.value(answer)}
        last = bring(client, session, {"type": "answer", "step": at, "values": values},
                     if_match=last.headers["etag"])  # fmt: skip
        if last.status_code != 200:
            return f"{journey.id}: {node} = {answer}: {last.text}"
        view = last.json()
    wanted = {
        "declaration": [journey.id],
        "qualification": [f"{journey.id}.{journey.outcomes[outcome]}"],
        "action": ["information"],
    }
    if view["status"] != "ended" or view["outcome"] != "resolved" or view["codes"] != wanted:
        return f"{journey.id}: {answers} came to {view['codes']}, recorded {outcome}"
    return None
