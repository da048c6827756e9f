"""Exports: written when they are due, whole, once; what is wrong is told."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.faults import Misconfigured
from measures.desk import Desk
from measures.exporting.exports import Exports
from measures.exporting.plan import exports_told, read_exports
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import WrongDeployment
from runtime.settings import Settings
from tests.connectors.systems import system
from tests.measures.test_facts import LOST, keeper_of, one_contact
from tests.runtime.conftest import OpenService
from tests.runtime.test_notices import Receiver, listening

HOUR = 3_600_000
PARIS = ZoneInfo("Europe/Paris")
SAM = Actor("acme", "supervisor", "sam")
FILE = """
[table]
tenant = "acme"
measure = "handling_time"
by = "channel"
format = "csv"
folder = "out"
every = "1h"
period = "7 days"
keep = 2
[report]
tenant = "acme"
report = true
format = "json"
folder = "file/below"
every = "4h"
language = "en"
[stream]
tenant = "acme"
value_stream = "parcel"
format = "csv"
folder = "out/streams"
every = "4h"
"""


def test_what_is_due_is_written_whole_and_what_cannot_be_is_told(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "exports.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "file").write_text("a file where a folder is wanted", encoding="utf-8")
    settings = Settings(exports=str(tmp_path / "exports.toml"))

    async def play() -> Any:
        async with system(Receiver()) as found:
            events = '["export.written", "export.failed"]'
            listeners = listening(tmp_path, found.url, events)
            async with open_shop(LOST, listeners=listeners) as service:
                keeper = keeper_of(service, clock, tmp_path / "facts")
                desk = Desk.of(service, keeper)
                exports = Exports(exports_told(settings), desk, service)
                table, report, stream = exports.exports
                for number in range(6):
                    await one_contact(service, clock, f"C-{number}")
                early = [await exports.tick(one) for one in exports.exports]
                ran = []
                for _ in range(4):
                    clock.advance(HOUR)
                    ran.append([await exports.tick(one) for one in (table, table, report)])
                assert await exports.tick(stream)
                listed = await exports.all(SAM)
                await service.notices.deliver()
                await keeper.close()
                return early, ran, listed, [json.loads(one.body) for one in found.calls]

    early, ran, listed, heard = asyncio.run(play())

    assert early == [False, False, False]
    [file] = (tmp_path / "out/streams").iterdir()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("of,revision,from,to,journey,step,is_sub,is_total,walks")
    assert [line.split(",")[5] for line in lines[1:3]] == ["who", "which"]
    assert (listed[2]["journey"], listed[2]["last"]["file"]) == ("parcel", file.name)
    assert ran == [[True, False, False]] * 3 + [[True, False, True]]
    left = sorted((tmp_path / "out").glob("*.csv"))
    assert [one.name for one in left] == [
        "table-20260101T030000Z.csv", "table-20260101T040000Z.csv",
    ]  # fmt: skip
    rows = left[1].read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("measure,unit,from,to,by_channel,is_total,value")
    assert rows[1].startswith("handling_time,s,2025-12-25T05:00:00+01:00,2026-01-01T05:00:00+01:00")
    assert rows[1].split(",")[4:7] == ["phone", "False", "30.0"]
    assert listed[0]["last"]["file"] == left[1].name
    assert (listed[1]["last"]["state"], listed[1]["last"]["code"]) == (
        "failed", "export.not-written",
    )  # fmt: skip
    kinds = [(one["type"], one["data"]["export"]) for one in heard]
    assert kinds.count(("export.written", "table")) == 4
    assert kinds.count(("export.failed", "report")) == 1


@pytest.mark.parametrize(
    ("named", "period"),
    [
        # Due on Thursday the 15th of January 2026, at half past six in Paris.
        ("day", ("2026-01-14", "2026-01-15")),
        ("week", ("2026-01-05", "2026-01-12")),
        ("month", ("2025-12-01", "2026-01-01")),
        ("30 days", ("2025-12-16T06:30:00+01:00", "2026-01-15T06:30:00+01:00")),
    ],
)
def test_a_period_is_of_whole_days_before_it_is_due(
    named: str, period: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "exports.toml"
    path.write_text(
        f'[a]\nreport = true\nfolder = "x"\nat = "06:30"\nperiod = "{named}"\n', encoding="utf-8"
    )
    due = round(datetime(2026, 1, 15, 6, 30, tzinfo=PARIS).timestamp() * 1000)

    asked = read_exports(path)[0].question(due, PARIS)

    assert (asked.since, asked.until) == period


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('["a b"]\nreport = true', ["a b deployment.wrong-table"]),
        ("[a]\nfolder = 'x'\nat = '06:30'", ["a deployment.wrong-value"]),
        ("[a]\nreport = true\nat = '06:30'", ["a.folder deployment.missing-key"]),
        ("[a]\nmeasure = 'none'\nfolder = 'x'\nat = '06:30'", ["a.measure deployment.wrong-value"]),
        (
            "[a]\nmeasure = 'contacts'\nby = 'advisor'\nfolder = 'x'\nat = '06:30'",
            ["a.by measure.people"],
        ),
        (
            "[a]\nreport = true\nwhere = 'weather:wet'\nfolder = 'x'\nat = '06:30'\non = 'someday'",
            ["a.where measure.wrong-question", "a.on deployment.wrong-schedule"],
        ),
        (
            "[a]\nreport = true\nformat = 'csv'\nfolder = 'x'\nevery = '1h'\non = 1\nkeep = 0",
            [
                "a.format deployment.wrong-value", "a.on deployment.wrong-schedule",
                "a.keep deployment.wrong-value",
            ],
        ),
        (
            "[a]\nreport = true\nfolder = 'x'\nat = '06:30'\nperiod = 'long'\nby = 'channel'",
            ["a.period deployment.wrong-value", "a.by deployment.unknown-key"],
        ),
    ],
)  # fmt: skip
def test_everything_wrong_in_the_file_of_exports_is_said_at_its_place(
    text: str, places: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "exports.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured) as wrong:
        read_exports(path)

    assert [f"{'.'.join(one.path)} {one.code}" for one in wrong.value.faults] == places
    with pytest.raises(WrongDeployment):
        exports_told(Settings(exports=str(path)))
