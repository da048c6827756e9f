"""One figure, whoever asks: the desk behind the API, the command line, CSV and Parquet agree."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from measures.asking.question import Asked
from measures.desk import Desk
from measures.facts.keeper import Keeper
from measures.streams.asking import Asked as AskedStream
from measures.streams.asking import value_stream
from parcours.main import main
from runtime.access import Actor
from runtime.clock import FixedClock
from tests.measures.test_facts import LOST, one_contact
from tests.runtime.conftest import OpenService

SLUGS = ("duc_experienced", "handling_time", "contacts", "lead_time", "step_time", "robot_share")
SEEN = Actor("acme", "supervisor", "sam")
PERIOD = {"since": "2026-01-01", "until": "2026-01-02"}


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a SQLite file: the command line and the service read the same one in turn."""
    return str(tmp_path / "store.db")


@pytest.fixture
def answers(open_shop: OpenService, clock: FixedClock, tmp_path: Path) -> dict[str, Any]:
    """Play six contacts, and return what the desk says of them."""

    async def run() -> dict[str, Any]:
        async with open_shop(LOST) as service:
            for number in range(6):
                await one_contact(service, clock, f"C-{number}", seconds=10 + number)
            keeper = Keeper(service.store, clock, tmp_path / "apart", alone=True)
            desk = Desk.of(service, keeper)
            asked = Asked(by="channel,day", **PERIOD)
            found = {one: await desk.ask(SEEN, one, asked, language="en") for one in SLUGS}
            walks = AskedStream(journey="parcel", **PERIOD, compare="previous", revision="1")
            found["stream"] = await value_stream(desk, SEEN, walks, language="en")
            await keeper.close()
            return found

    return asyncio.run(run())


def test_the_command_line_and_its_files_say_what_the_desk_says(
    answers: dict[str, Any], database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for slug in SLUGS:
        place = ["--database", database, "--tenant", "acme", "--lang", "en"]
        period = ["--from", PERIOD["since"], "--to", PERIOD["until"]]
        line = ["measures", slug, "--by", "channel,day", *period, *place]
        file = tmp_path / f"{slug}.parquet"

        assert main([*line, "--format", "json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert main([*line, "--format", "csv"]) == 0
        written = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
        assert main([*line, "--format", "parquet", "--output", str(file)]) == 0
        assert main(line) == 0
        shown = capsys.readouterr().out

        expected = {**answers[slug], "as_of": said["as_of"]}
        assert said == expected
        assert float(written[-1]["value"]) == expected["total"]["value"]
        kept = duckdb.execute(f"SELECT value, n FROM '{file}' ORDER BY is_total").fetchall()
        groups = [*expected["groups"], expected["total"]]
        assert kept == [(one["value"], one["n"]) for one in groups]
        assert expected["label"] in shown


def test_a_wrong_question_on_the_command_line_is_told_with_what_is_allowed(
    answers: dict[str, Any], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(answers) > set(SLUGS)
    end = ["--database", database, "--tenant", "acme", "--lang", "en"]

    codes = [main(["measures", *line, *end]) for line in (
        ["nothing"], ["contacts", "--by", "advisor"], ["contacts", "--by", "weather"],
        ["contacts", "--format", "parquet"], ["contacts", "--format", "xml"],
    )]  # fmt: skip
    told = capsys.readouterr().err

    assert codes == [2, 2, 2, 2, 2]
    assert "There is no measure of that name" in told
    assert "by person" in told
    assert "channel" in told
    assert "needs --output" in told


def test_the_measures_are_listed(
    answers: dict[str, Any], database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measures", "--database", database, "--lang", "fr"]) == 0

    listed = capsys.readouterr().out
    assert all(slug in listed for slug in answers if slug in SLUGS)
    assert "Durée moyenne de traitement" in listed


def test_the_value_stream_of_a_journey_is_the_desks_on_every_surface(
    answers: dict[str, Any], database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--database", database, "--tenant", "acme", "--lang", "en", "--compare", "previous",
             "--from", PERIOD["since"], "--to", PERIOD["until"]]  # fmt: skip
    line = ["value-stream", "parcel", "--revision", "1", *place]
    found, file = answers["stream"], tmp_path / "stream.parquet"

    assert main([*line, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main([*line, "--format", "csv"]) == 0
    written = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert main([*line, "--format", "parquet", "--output", str(file)]) == 0
    assert main(line) == 0
    shown = capsys.readouterr().out

    assert said == {**found, "as_of": said["as_of"]}
    steps, total = found["steps"], found["total"]["now"]
    assert [one["step"] for one in steps][:2] == ["who", "which"]
    assert (total["walks"], found["total"]["before"]["reason"]) == (6, "empty")
    # Six contacts of 20 to 25 s: 10 to 15 to say who, and 10 more.
    assert total["spent"]["value"] == total["delay"]["value"] == 22.5
    assert [row["step"] for row in written] == [*(one["step"] for one in steps), ""]
    assert [float(row["spent_s"]) for row in written[:-1]] == [
        one["now"]["spent"]["value"] for one in steps
    ]
    kept = duckdb.execute(f"SELECT spent_s, delay_median_s FROM '{file}' WHERE is_total").fetchall()
    assert kept == [(total["spent"]["value"], total["delay"]["median"])]
    assert found["title"] in shown
    assert "Value-added ratio" in shown
    refused = [main(["value-stream", *one, *place]) for one in (
        ["nothing"], ["parcel", "--revision", "9"], ["parcel", "--format", "parquet"],
    )]  # fmt: skip
    assert refused == [2, 2, 2]
    told = capsys.readouterr().err
    assert "A revision is said by the number of its publication" in told
    assert "needs --output" in told
