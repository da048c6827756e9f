"""Robots that walk files of cases by themselves, when they are due, in whichever process."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.faults import Misconfigured
from connectors.mock import Mock
from runtime.clock import FixedClock
from runtime.errors import UnknownJourney, WrongDeployment
from runtime.robot_file import read_robots
from runtime.runs import LEASE
from runtime.schedule import Schedule
from runtime.settings import Settings
from runtime.wiring import Service, robots_of
from tests.runtime.conftest import OpenService, answers

HOUR = 3_600_000
PARIS = ZoneInfo("Europe/Paris")
FILE = """
[night]
tenant = "acme"
journey = "parcel"
cases = "cases"
every = "1h"
results = "results"
"""
CASES = """case,email,order_id
one,zoe@example.org,F-1
two,max@example.org,F-2
three,nobody,F-3
"""


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.csv").write_text(CASES, encoding="utf-8")
    (tmp_path / "robots.toml").write_text(FILE, encoding="utf-8")
    return Settings(robots=str(tmp_path / "robots.toml"))


def late() -> Mock:
    return answers(oms_get_order=[{"result": {"status": "late"}}])


async def ticked(service: Service, told: Settings, *, real: int = 0) -> bool:
    robots = robots_of(told, service)
    robots.runs.real_time = lambda: real
    return await robots.tick(robots.robots[0])


def read(folder: Path) -> list[dict[str, object]]:
    (found,) = (folder / "results").iterdir()
    return [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]


def test_a_robot_runs_once_each_time_it_is_due_and_not_before_it_was_known(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path
) -> None:
    async def play() -> None:
        mock = late()
        async with open_shop({"*": mock}) as service:
            assert not await ticked(service, told), "its time before it was known is nobody's"
            clock.advance(HOUR)
            assert await ticked(service, told)
            assert not await ticked(service, told)
            await service.outbox.drain_now()
            assert sorted(given["id"] for _, given, _ in mock.calls) == ["F-1", "F-2"]
            clock.advance(5 * HOUR)
            assert await ticked(service, told), "of several missed times the last one is run"
            assert not await ticked(service, told)

    asyncio.run(play())
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_what_became_of_each_case_is_written_down_with_the_wrong_rows(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path
) -> None:
    async def play() -> None:
        async with open_shop({"*": late()}) as service:
            await ticked(service, told)
            clock.advance(HOUR)
            await ticked(service, told)

    asyncio.run(play())

    one, two, three = read(tmp_path)
    assert (one["case"], one["line"], one["declaration"]) == ("one", 2, ["parcel"])
    assert one["qualification"] == two["qualification"] == ["late"]
    assert (three["state"], three["step"]) == ("handed_over", "who")


def test_several_processes_run_a_due_time_once(
    open_shop: OpenService, clock: FixedClock, told: Settings
) -> None:
    async def play() -> None:
        mock = late()
        async with open_shop({"*": mock}) as service:
            await ticked(service, told)
            clock.advance(HOUR)
            ran = await asyncio.gather(*(ticked(service, told) for _ in range(8)))
            await service.outbox.drain_now()
            assert sum(ran) == 1
            assert len(mock.calls) == 2

    asyncio.run(play())


def test_a_run_whose_process_went_away_is_taken_up_without_repeating_a_case(
    open_shop: OpenService, clock: FixedClock, told: Settings
) -> None:
    class Gone(Exception):
        pass

    async def play() -> None:
        mock = late()
        async with open_shop({"*": mock}) as service:
            await ticked(service, told)
            clock.advance(HOUR)
            robots = robots_of(told, service)

            def break_off() -> int:
                calls.append(1)
                if len(calls) > 2:  # once for a run that was left, once for its own
                    raise Gone
                return 0

            calls: list[int] = []
            robots.runs.real_time = break_off
            with pytest.raises(Gone):
                await robots.tick(robots.robots[0])
            assert not await ticked(service, told, real=LEASE), "it may still be alive"
            assert await ticked(service, told, real=LEASE + 1)
            await service.outbox.drain_now()
            assert sorted(given["id"] for _, given, _ in mock.calls) == ["F-1", "F-2"]

    asyncio.run(play())


def test_a_robot_without_its_file_or_its_journey_is_told_and_the_others_go_on(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    (tmp_path / "robots.toml").write_text(
        FILE.replace('"cases"', '"none.csv"')
        + FILE.replace("night", "other").replace('"parcel"', '"nothing"'),
        encoding="utf-8",
    )

    async def play() -> None:
        async with open_shop({"*": late()}) as service:
            robots = robots_of(told, service)
            await robots.tick(robots.robots[0])
            clock.advance(HOUR)
            assert await robots.tick(robots.robots[0])
            with pytest.raises(UnknownJourney):
                await robots.tick(robots.robots[1])

    asyncio.run(play())
    assert [record.getMessage() for record in caplog.records if "robot" in record.name] == [
        "robot_failed"
    ]


def test_a_file_that_cannot_be_read_stops_no_other_and_hides_nothing_that_was_walked(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    (tmp_path / "cases" / "b.csv").write_text("case,case\n", encoding="utf-8")
    (tmp_path / "cases" / "c.jsonl").write_text('{"case": "\\ud800"}\n', encoding="utf-8")

    async def play() -> None:
        async with open_shop({"*": late()}) as service:
            await ticked(service, told)
            clock.advance(HOUR)
            assert await ticked(service, told)

    asyncio.run(play())
    *walked, unread, wrong = read(tmp_path)
    assert [row["file"] for row in walked] == ["a.csv"] * 3
    assert (unread["file"], unread["state"], unread["code"]) == (
        "b.csv", "wrong", "settings.wrong",
    )  # fmt: skip
    assert (wrong["file"], wrong["line"], wrong["code"]) == ("c.jsonl", 1, "case.not-json")
    (said,) = [one for one in caplog.records if one.getMessage() == "robot_failed"]
    assert "b.csv:1" in vars(said)["why"]


def test_results_that_cannot_be_written_are_told_and_the_robot_goes_on(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    (tmp_path / "results").write_text("a file where a folder is meant", encoding="utf-8")

    async def play() -> None:
        async with open_shop({"*": late()}) as service:
            await ticked(service, told)
            for _ in range(2):
                clock.advance(HOUR)
                assert await ticked(service, told)

    asyncio.run(play())
    whys = [vars(one)["why"] for one in caplog.records if one.getMessage() == "robot_failed"]
    assert len(whys) == 2
    assert "results not written" in whys[0]


@pytest.mark.parametrize(
    ("now", "at", "due"),
    [
        ("2026-01-10T12:00+01:00", "06:30", "2026-01-10T06:30+01:00"),
        ("2026-01-10T06:29+01:00", "06:30", "2026-01-09T06:30+01:00"),
        ("2026-01-10T06:30+01:00", "06:30", "2026-01-10T06:30+01:00"),
        # The night the clocks go forward there is no half past two; it is due all the same.
        ("2026-03-29T12:00+02:00", "02:30", "2026-03-29T03:30+02:00"),
        # The night they go back there are two: it is due at the first.
        ("2026-10-25T12:00+01:00", "02:30", "2026-10-25T02:30+02:00"),
    ],
)
def test_a_time_of_day_is_the_one_of_the_library_s_zone(now: str, at: str, due: str) -> None:
    moment = round(datetime.fromisoformat(now).timestamp() * 1000)

    found = Schedule(at=time.fromisoformat(at)).last_due(moment, PARIS)

    assert datetime.fromtimestamp(found / 1000, UTC) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        # The 10th of January 2026 is a Saturday.
        ({"on": 0}, "2026-01-05T06:30+01:00"),
        ({"on": 5}, "2026-01-10T06:30+01:00"),
        ({"day": 1}, "2026-01-01T06:30+01:00"),
        ({"day": 28}, "2025-12-28T06:30+01:00"),
    ],
)
def test_a_time_may_be_of_one_day_of_the_week_or_of_the_month(
    days: dict[str, int], due: str
) -> None:
    moment = round(datetime.fromisoformat("2026-01-10T12:00+01:00").timestamp() * 1000)

    found = Schedule(at=time(6, 30), **days).last_due(moment, PARIS)

    assert datetime.fromtimestamp(found / 1000, UTC) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("night = 3", ["1:1 night deployment.wrong-table"]),
        ("['a b']\nevery = '1h'", ["1:1 a b deployment.wrong-table"]),
        ("[night]\njourney = 'j'\nevery = '1h'", ["1:1 night.cases deployment.missing-key"]),
        ("[night]\njourney = 'j'\ncases = 'c'", ["1:1 night deployment.wrong-schedule"]),
        (
            "[night]\njourney = 'j'\ncases = 'c'\nat = '6h'",
            ["4:1 night.at deployment.wrong-schedule"],
        ),
        (
            "[night]\njourney = 'j'\ncases = 'c'\nevery = '0m'",
            ["4:1 night.every deployment.wrong-schedule"],
        ),
        (
            "[night]\njourny = 'j'\nkind = ''\ncases = ''\nat = '06:30'\n[day]\njourney = 3",
            [
                "1:1 night.journey deployment.missing-key",
                "2:1 night.journy deployment.unknown-key",
                "3:1 night.kind deployment.unknown-key",
                "6:1 day deployment.wrong-schedule",
                "6:1 day.cases deployment.missing-key",
                "7:1 day.journey deployment.wrong-value",
            ],
        ),
        ("[night", ["1:1 deployment.not-toml"]),
    ],
)
def test_everything_wrong_in_the_file_of_robots_is_said_at_its_place(
    text: str, places: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "robots.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured) as wrong:
        read_robots(path)

    assert [
        " ".join(filter(None, (f"{one.line}:{one.column}", ".".join(one.path), one.code)))
        for one in wrong.value.faults
    ] == places
    assert {one.file for one in wrong.value.faults} == {path.as_posix()}


def test_a_service_does_not_start_with_a_wrong_file_of_robots(
    open_shop: OpenService, told: Settings, tmp_path: Path
) -> None:
    (tmp_path / "robots.toml").write_text("[night]\nevery = '1h'", encoding="utf-8")

    async def play() -> None:
        async with open_shop({"*": late()}, robots=told.robots):
            pass

    with pytest.raises(WrongDeployment, match=r"robots\.toml:1:1: night\.journey: this key is"):
        asyncio.run(play())


class Ran(logging.Handler):
    """Waits until a robot says that it ran."""

    def __init__(self) -> None:
        super().__init__()
        self.said = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "robot_ran":
            self.said.set()


def test_a_service_runs_its_robots_by_itself(
    open_shop: OpenService, clock: FixedClock, told: Settings, tmp_path: Path
) -> None:
    async def play() -> None:
        async with open_shop({"*": late()}) as service:
            await ticked(service, told)
        clock.advance(HOUR)
        ran = Ran()
        log = logging.getLogger("parcours.robots")
        log.addHandler(ran)
        log.setLevel(logging.INFO)
        try:
            async with open_shop({"*": late()}, robots=told.robots, background=True):
                async with asyncio.timeout(20):
                    await ran.said.wait()
        finally:
            log.removeHandler(ran)

    asyncio.run(play())
    assert {row["case"] for row in read(tmp_path)} == {"one", "two", "three"}
