"""The report of a period: the figures of the measures, in one page that stands by itself."""

from __future__ import annotations

import asyncio
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from measures.asking.question import Asked
from measures.desk import Desk
from measures.errors import WrongQuestion
from measures.facts.keeper import Keeper
from measures.registry import MEASURES
from measures.reporting.charts import Bar, chart
from measures.reporting.content import SECTIONS, report
from measures.reporting.groups import headed, named, ranked, shown
from measures.reporting.numbers import changed, said, time_said
from measures.reporting.page import page
from measures.reporting.sheets import answer_sheets, report_sheets
from measures.streams.asking import Asked as AskedStream
from measures.streams.asking import value_stream
from parcours.main import main
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.workplaces import Workplace
from tests.measures.test_facts import LOST, one_contact
from tests.runtime.conftest import OpenService

SEEN = Actor("acme", "supervisor", "sam")
ASKED = Asked(since="2026-01-01", until="2026-01-02", compare="2025-12-31..2026-01-01")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a SQLite file: the command line and the service open the same one in turn."""
    return str(tmp_path / "store.db")


@pytest.fixture
def told(open_shop: OpenService, clock: FixedClock, tmp_path: Path) -> dict[str, Any]:
    """Play six contacts, and give their report and what the desk says of one measure in it."""

    async def run() -> dict[str, Any]:
        async with open_shop(LOST) as service:
            await service.workplaces.of_key("acme", "advisor:ana", Workplace("desk"))
            for number in range(6):
                await one_contact(service, clock, f"C-{number}", seconds=10 + number)
            keeper = Keeper(service.store, clock, tmp_path / "apart", alone=True)
            desk = Desk.of(service, keeper)
            found = await report(desk, SEEN, ASKED, language="fr")
            asked = Asked(since=ASKED.since, until=ASKED.until, compare=ASKED.compare,
                          by="channel")  # fmt: skip
            found["desk"] = await desk.ask(SEEN, "handling_time", asked, language="fr")
            walks = AskedStream(
                journey="parcel", since=ASKED.since, until=ASKED.until, compare=ASKED.compare
            )
            found["walks"] = await value_stream(desk, SEEN, walks, language="fr")
            narrow = Asked(since=ASKED.since, until=ASKED.until, where="direction:inbound")
            found["narrow"] = await report(desk, SEEN, narrow, language="en")
            with pytest.raises(WrongQuestion):
                await report(desk, SEEN, Asked(where="weather:rain"), language="en")
            await keeper.close()
            return found

    return asyncio.run(run())


class _Reader(HTMLParser):
    """Collects what a page fetches, and the cells of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.cells: list[str] = []
        self.tags: list[str] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in {"src", "href"}
                         or ("http" in str(value) and not name.startswith("xmlns"))]  # fmt: skip
        self._is_cell = tag == "td"
        if self._is_cell:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = self._is_cell and tag != "td"


def test_a_report_gives_the_desks_own_answers_and_stands_by_itself(
    told: dict[str, Any], tmp_path: Path
) -> None:
    found = {k: v for k, v in told.items() if k not in {"desk", "walks", "narrow"}}
    [channels] = [one for one in found["sections"] if one["id"] == "channels"]
    shown = next(one for one in channels["figures"] if one["slug"] == "handling_time")

    text = page(found)

    assert shown == {**told["desk"], "as_of": shown["as_of"]}
    reader = _Reader()
    reader.feed(text)
    assert [one for one in reader.fetched if not one.startswith("#")] == []
    assert not {"script", "link", "img", "iframe"} & set(reader.tags)
    assert said(shown["total"]["value"], "s", "fr") in reader.cells
    assert all(section.title["fr"].replace("'", "&#x27;") in text for section in SECTIONS)
    assert "ana" not in re.findall(r"\w+", text)
    slugs = {one["slug"] for section in told["narrow"]["sections"] for one in section["figures"]}
    assert "contacts" in slugs
    [stream] = found["streams"]
    assert stream == {**told["walks"], "as_of": stream["as_of"]}
    assert told["narrow"]["streams"] == []
    assert said(stream["total"]["now"]["delay"]["value"], "s", "fr") in reader.cells
    assert "lead_time" not in slugs, "a filter that a measure does not know leaves it out"
    [groups] = [one for one in found["sections"] if one["id"] == "groups"]
    assert {tuple(one["by"]) for one in groups["figures"]} == {("team",)}, "nobody said a segment"
    [desk] = groups["figures"][0]["groups"]
    assert (desk["key"], desk["reason"]) == ({"team": "desk"}, "team_too_small")
    answer = {**told["desk"], "label": "=1+1"}
    cells = sheet(answer_sheets(answer), 1, tmp_path / "answer.xlsx")
    assert cells[0][:3] == ["measure", "unit", "from"]
    assert answer["total"]["value"] in cells[-1]
    assert sheet(answer_sheets(answer), 2, tmp_path / "again.xlsx")[1][1] == "=1+1"
    assert len(sheet(report_sheets(found), 1, tmp_path / "r.xlsx")) > len(SECTIONS[0].parts)


def test_every_section_names_measures_that_there_are() -> None:
    named = {part.slug for section in SECTIONS for part in section.parts}

    assert named <= set(MEASURES)
    assert all(set(section.title) == set(section.note) == {"fr", "en"} for section in SECTIONS)


def test_a_name_in_a_chart_is_only_ever_text() -> None:
    bars = [Bar("<script>$x$</script>", 0.5, 0.4, 0.6, 0.3), Bar("b", 0.25)]

    drawn = chart('Share "of" <time>', bars, unit="share", language="en")
    again = chart('Share "of" <time>', bars, unit="share", language="en")

    assert drawn == again
    assert drawn is not None
    assert "<script" not in drawn
    root = ET.fromstring(drawn)
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<script>$x$</script>" in texts
    assert root.attrib["aria-label"] == 'Share "of" <time>'
    assert chart("one", bars[:1], unit="share", language="en") is None


def test_what_to_improve_first_comes_first_and_of_a_long_list_what_weighs_most() -> None:
    causes = {"by": ["motive:1"], "groups": [
        {"key": {"motive:1": code}, "value": 1.0, "n": 40, "also": also}
        for code, also in (
            ("a", {"rank": 2, "rank_low": 1, "rank_high": 3, "cumulative": 0.9}), ("b", {}),
            (None, {"rank": 1, "rank_low": 1, "rank_high": 1, "cumulative": 0.5}),
        )
    ]}  # fmt: skip
    steps = {"by": ["step"], "groups": [
        {"key": {"step": f"s{n:02}"}, "value": float(n % 7), "n": 10 + n, "also": {}}
        for n in range(60)
    ]}  # fmt: skip

    first, _ = shown(causes)
    most, left_out = shown(steps)

    assert [named(one, {"a": "Parcel"}, "en") for one in first] == ["(none)", "Parcel", "b"]
    assert [ranked(one, "fr") for one in first] == [
        "rang 1, 50,0\u00a0% en tout avec les précédents",
        "rang 2 (1 – 3), 90,0\u00a0% en tout avec les précédents",
        None,
    ]
    assert (headed(causes, "fr"), headed(steps, "en")) == ("Motif", "Step")
    assert (len(most), left_out) == (20, 40)
    assert named(most[0], {}, "en") == "s55"


def test_a_difference_of_two_shares_is_told_in_points() -> None:
    assert [changed(one, "share", "fr") for one in (0.042, -0.5, None)] == [
        "+4,2\u00a0pt", "−50,0\u00a0pt", "–",
    ]  # fmt: skip
    assert changed(64, "s", "en") == "+1\u00a0min\u00a004\u00a0s"


def test_figures_are_told_as_people_read_them() -> None:
    assert said(0.29, "share", "fr") == "29,0\u00a0%"
    assert said(1234567, "count", "fr") == "1\u202f234\u202f567"
    assert said(None, "s", "en") == "–"
    assert [time_said(one, "en") for one in (12.34, 372, 78 * 3600, -90, 10 * 86400)] == [
        "12.3\u00a0s", "6\u00a0min\u00a012\u00a0s", "78\u00a0h\u00a000",
        "−1\u00a0min\u00a030\u00a0s",
        "10.0\u00a0d",
    ]  # fmt: skip


def sheet(made: bytes, place: int, path: Path) -> list[list[Any]]:
    """Return the cells of a sheet, read from the file's own XML; a formula would be a fault."""
    path.write_bytes(made)
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as file:
        texts = [
            "".join(part.text or "" for part in one.iter(f"{space}t"))
            for one in ET.fromstring(file.read("xl/sharedStrings.xml"))
        ]
        root = ET.fromstring(file.read(f"xl/worksheets/sheet{place}.xml"))
    assert not list(root.iter(f"{space}f"))
    return [
        [texts[int(cell.findtext(f"{space}v") or 0)] if cell.get("t") == "s"
         else float(cell.findtext(f"{space}v") or "nan") for cell in row]
        for row in root.iter(f"{space}row")
    ]  # fmt: skip


def test_the_command_line_writes_what_the_desk_says(
    told: dict[str, Any], database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--database", database, "--tenant", "acme", "--lang", "fr"]
    period = ["--from", "2026-01-01", "--to", "2026-01-02", "--compare", str(ASKED.compare)]

    codes = [main(["report", str(tmp_path / f"week.{one}"), *period, *place])
             for one in ("html", "xlsx", "json", "pdf")]  # fmt: skip
    spread = main(["measures", "contacts", "--format", "xlsx", "--output",
                   str(tmp_path / "contacts.xlsx"), *place])  # fmt: skip

    assert codes == [0, 0, 0, 2]
    assert spread == 0
    assert ".html, .xlsx, .json" in capsys.readouterr().err
    written = json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))
    # The terminal's clock is another one: what depends on now is left out.
    timeless = {"contacts", "duc_experienced", "handling_time", "lead_time", "step_time"}
    said_of = [
        [{**one, "as_of": 0} for section in whole["sections"] for one in section["figures"]
         if one["slug"] in timeless]
        for whole in (written, told)
    ]  # fmt: skip
    assert len(said_of[0]) >= len(timeless)
    assert said_of[0] == said_of[1]
    assert (tmp_path / "week.html").read_text(encoding="utf-8").startswith("<!doctype html>")
