"""Event logs of any form are brought by their mapping, faults at their line, and nothing twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcours.event_logs.mapping import instant, read_log_mapping
from parcours.event_logs.running import Run
from parcours.places import ROOT
from tests.cli.conftest import Cli, Said

STAR = ROOT.parent / "shared" / "data" / "star" / "contacts.jsonl.gz"
MAPPING = """\
contacts: chats
case: chat
what: [who, did]
time: {column: at, form: iso}
by: {column: who, roles: {agent: advisor, visitor: customer}}
channel: chat
answered: [agent.wrote]
classes: {of: before, by: {agent.searched: lookup}, otherwise: useful}
"""
LOG = """\
chat,at,who,did
1,2026-03-02T10:00:00+01:00,visitor,wrote
1,2026-03-02T09:00:20Z,agent,wrote
2,2026-03-02T09:00:30Z,visitor,wrote
1,,base,answered
1,2026-03-02T09:01:20Z,agent,searched
1,2026-03-02T09:01:30Z,agent,wrote
"""
XES = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <trace>
    <string key="concept:name" value="1"/>
    <event>
      <string key="concept:name" value="asked"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00.000+00:00"/>
    </event>
    <event>
      <string key="concept:name" value="answered"/>
      <date key="time:timestamp" value="2026-03-02T09:02:00.000+00:00"/>
    </event>
  </trace>
</log>
"""
XES_MAPPING = """\
contacts: tickets
case: "case:concept:name"
what: "concept:name"
time: {column: "time:timestamp"}
channel: email
classes: {by: {asked: analysis}}
"""


@pytest.fixture
def bring(tmp_path: Path, cli: Cli) -> Any:
    """Give what brings a log: `bring("log.csv", text, mapping)` says the outcome and its rows."""

    def run(name: str, text: str, mapping: str, *more: str) -> tuple[Said, list[dict[str, Any]]]:
        file, described, output = tmp_path / name, tmp_path / "log.yaml", tmp_path / "done.jsonl"
        file.write_text(text, encoding="utf-8")
        described.write_text(mapping, encoding="utf-8")
        said = cli(
            "import", "--database", tmp_path / "parcours.db", "log", file, "--mapping", described,
            "--output", output, *more,
        )  # fmt: skip
        rows = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
        return said, [json.loads(row) for row in rows]

    return run


def test_a_csv_log_is_brought_by_contact_and_again_changes_nothing(bring: Any) -> None:
    dry, _ = bring("log.csv", LOG, MAPPING, "--dry-run")
    first, rows = bring("log.csv", LOG, MAPPING)
    again, rows_again = bring("log.csv", LOG, MAPPING)

    assert (dry.code, first.code, again.code) == (0, 0, 0), first.err
    assert "Dry run, nothing was written." in dry.out
    assert [(one["case"], one["line"], one["did"]) for one in rows] == [
        ("1", 2, "new"), ("2", 4, "new"),
    ]  # fmt: skip
    assert rows[0]["totals_ms"] == {"queue": 20_000, "lookup": 60_000, "useful": 10_000}
    assert (rows[0]["events"], rows[0]["untimed"], rows[0]["duration_ms"]) == (5, 1, 90_000)
    assert [one["did"] for one in rows_again] == ["unchanged", "unchanged"]


def test_an_xes_log_is_read_and_an_entity_in_it_refused(bring: Any) -> None:
    done, rows = bring("log.xes", XES, XES_MAPPING)
    bomb = XES.replace("<log", '<!DOCTYPE log [<!ENTITY a "b">]><log')
    refused, _ = bring("bomb.xes", bomb, XES_MAPPING)
    cut, _ = bring("cut.xes", XES[:-8], XES_MAPPING)

    assert done.code == 0, done.err
    assert rows[0]["totals_ms"] == {"analysis": 120_000}
    assert (refused.code, cut.code) == (2, 2)
    assert "bomb.xes:2:" in refused.err
    assert "entities are refused" in refused.err
    assert "cut.xes:13:" in cut.err


def test_what_of_a_log_cannot_be_read_is_told_at_its_line_and_its_contact_left_out(
    bring: Any,
) -> None:
    said, rows = bring(
        "log.csv",
        LOG + "2,tomorrow,visitor,left\n,2026-03-02T09:00:30Z,visitor,wrote\n3,,visitor,wrote\n"
        "4,2026-03-02T09:00:30Z\n5,2999-03-02T09:00:30Z,visitor,wrote\n",
        MAPPING,
    )

    assert said.code == 1
    assert [(one["line"], one["did"], one["code"]) for one in rows] == [
        (2, "new", None), (8, "wrong", "log.time"), (9, "wrong", "log.no-case"),
        (10, "wrong", "log.no-time"), (11, "wrong", "file.columns"), (12, "wrong", "request.wrong"),
    ]  # fmt: skip
    assert "log.csv:12: This moment is yet to come." in said.err
    assert "log.csv:8: at: 'tomorrow' is no time of the form iso. [log.time]" in said.err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("case: chat", "case: talk", "2:1: error mapping.wrong The file has no column 'talk'"),
        ("lookup", "looking", "8:44: error form.value"),
        ("channel:", "chanel:", "error form.unknown-key"),
        ("form: iso", "form: iso, timezone: Mars", "4:31: error mapping.wrong There is no time"),
    ],
)
def test_a_log_mapping_that_is_wrong_is_refused_at_its_line_and_column(
    bring: Any, before: str, after: str, said: str
) -> None:
    refused, _ = bring("log.csv", LOG, MAPPING.replace(before, after))

    assert refused.code == 2
    assert said in refused.err


@pytest.mark.skipif(not STAR.exists(), reason="shared/data is not beside this checkout")
def test_three_hundred_real_dialogues_come_in_whole_each_partition_exact(
    tmp_path: Path, cli: Cli
) -> None:
    output, database = tmp_path / "star.jsonl", tmp_path / "parcours.db"
    command = ("import", "--database", database, "star", STAR, "--output", output)

    first = cli(*command)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    again = cli(*command)
    measured = cli(
        "measures", "duc_experienced", "--database", database, "--from", "2019-01-01", "--to",
        "2022-01-01", "--format", "json",
    )  # fmt: skip

    assert (first.code, again.code) == (0, 0), first.err
    assert len(rows) == 300
    assert sorted({one["did"] for one in rows}) == ["empty", "new"]
    brought = [one for one in rows if one["did"] == "new"]
    assert (len(brought), sum(one["events"] for one in brought)) == (288, 6410)
    assert (sum(one["untimed"] for one in brought), sum(one["late"] for one in brought)) == (356, 0)
    assert all(sum(one["totals_ms"].values()) == one["duration_ms"] for one in brought)
    assert "unchanged" in again.out
    assert measured.code == 0, measured.err
    total = json.loads(measured.out)["total"]
    useful = sum(one["totals_ms"].get("useful", 0) for one in brought)
    assert total["n"] == 288
    assert total["value"] == pytest.approx(useful / sum(one["duration_ms"] for one in brought))


_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
_MOMENTS = st.one_of(st.none(), st.integers(0, 4_000_000_000_000))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_NAMES, _NAMES, _MOMENTS), min_size=1, max_size=20))
def test_every_event_of_any_log_is_in_its_contact_in_order(
    tmp_path: Path, events: list[tuple[str, str, int | None]]
) -> None:
    file, described = tmp_path / "any.jsonl", tmp_path / "any.yaml"
    described.write_text(
        "contacts: any\ncase: c\nwhat: w\ntime: {column: t, form: unix_ms}\nchannel: chat\n",
        encoding="utf-8",
    )
    lines = [json.dumps({"c": case, "w": what, "t": at}) for case, what, at in events]
    file.write_text("\n".join(lines), encoding="utf-8")
    sent: list[dict[str, Any]] = []

    def send(body: dict[str, Any]) -> list[dict[str, Any]]:
        sent.extend(body["contacts"])
        return [{"case": one["case"], "did": "new"} for one in body["contacts"]]

    run = Run(file=file, mapping=read_log_mapping(described), output=None, asked="en")
    run.bring(send, is_dry=False)

    timed = {case for case, _, at in events if at is not None}
    assert {one["case"] for one in sent} == timed
    for one in sent:
        assert [(event["what"], event["at"]) for event in one["events"]] == [
            (what, at) for case, what, at in events if case == one["case"]
        ]


@given(st.integers(0, 4_000_000_000))
def test_a_moment_is_the_same_in_every_form(seconds: int) -> None:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    paris = ZoneInfo("Europe/Paris")
    there = datetime.fromtimestamp(seconds, UTC)

    found = {
        instant(seconds, "unix", paris),
        instant(str(seconds * 1000), "unix_ms", paris),
        instant(there.isoformat(), "iso", paris),
        instant(there.strftime("%d/%m/%Y %H:%M:%S %z"), "%d/%m/%Y %H:%M:%S %z", paris),
    }

    assert found == {seconds * 1000}
