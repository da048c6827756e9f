"""Teams give slots within their opening hours, their library's where they say none."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.faults import Misconfigured
from engine.calendar import Calendar
from engine.slots import Hours
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, NotFound, WrongReference
from runtime.team_file import Teams, read_teams
from tests.runtime.conftest import ANA, OpenService
from tests.support.small_libraries import small_library

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3_600_000
FILE = """
[supervisor]
members = ["zoe"]
tenant = "acme"
[supervisor.slots]
length = "2h"
notice = "1h"
closed = ["2026-10-02"]
[supervisor.slots.hours]
mon = ["08:00-12:00"]
thu = ["08:00-12:00", "14:00-18:00"]
fri = ["08:00-12:00"]
[second]
members = ["paul"]
tenant = "acme"
[second.slots]
"""


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of a team that says when it is open, and of one that does not."""
    path = tmp_path / "teams.toml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def read(said: Any) -> list[str]:
    """Return when slots begin, as the clocks of Paris read."""
    return [
        f"{datetime.fromtimestamp(one['begins'] / 1_000, PARIS):%a %d %H:%M}"
        for one in said["items"]
    ]


def test_a_team_gives_what_is_left_of_its_opening_hours_in_its_librarys_time(
    open_shop: OpenService, clock: FixedClock, teams: str
) -> None:
    thursday = datetime(2026, 10, 1, 8, 30, tzinfo=PARIS)
    clock.advance(round(thursday.timestamp()) * 1_000 - clock.now())

    async def play() -> None:
        async with open_shop(teams=teams) as service:
            found = await service.slots.free(ANA, "supervisor")
            later = await service.slots.free(
                ANA, "supervisor", first=date(2026, 10, 2), last=date(2026, 10, 5)
            )
            least = await service.slots.free(ANA, "supervisor", limit=1)

            assert (found["timezone"], found["length_ms"]) == ("Europe/Paris", 2 * HOUR)
            assert read(found)[:4] == [
                "Thu 01 10:00", "Thu 01 14:00", "Thu 01 16:00", "Mon 05 08:00",
            ]  # fmt: skip
            assert read(later) == ["Mon 05 08:00", "Mon 05 10:00"]
            assert least["items"] == found["items"][:1]
            # Neither it nor its library says when it is open.
            assert (await service.slots.free(ANA, "second"))["items"] == []

    asyncio.run(play())


def test_who_gives_no_slots_or_is_asked_for_too_many_days_is_said(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            for team in ("parcels", "nobody"):
                with pytest.raises(NotFound):
                    await service.slots.free(ANA, team)
            for last in (date(2026, 10, 1), date(2026, 12, 3)):
                with pytest.raises(WrongReference):
                    await service.slots.free(ANA, "second", first=date(2026, 10, 2), last=last)
            far = await service.slots.free(ANA, "supervisor", first=date.max)
            assert far["items"] == []
            with pytest.raises(NotFound):
                await service.slots.free(Actor("rival", "advisor", "bob"), "supervisor")
            with pytest.raises(Forbidden):
                await service.slots.free(Actor("acme", "customer", "c"), "supervisor")

    asyncio.run(play())


def test_a_team_is_open_when_its_library_is_and_closed_on_its_own_days_besides(
    tmp_path: Path,
) -> None:
    library = small_library("- {id: a, end: resolved}")
    library.calendar = Calendar(frozenset({0}), time(9), time(10), frozenset({date(2026, 6, 1)}))
    path = tmp_path / "teams.toml"
    path.write_text('[a]\nmembers = []\n[a.slots]\nclosed = ["2026-06-08"]\n', encoding="utf-8")

    slots = read_teams(path).slots("default", "a")

    assert slots is not None
    assert slots.offer(library).hours == Hours(
        {0: ((9 * HOUR, 10 * HOUR),)}, frozenset({date(2026, 6, 1), date(2026, 6, 8)})
    )
    assert slots.offer(None).hours.days == {}
    assert Teams().slots("default", "a") is None


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('length = "2 min"', "length"),
        ("capacity = 0", "capacity"),
        ('timezone = "Europe/Nowhere"', "timezone"),
        ('closed = ["Christmas"]', "closed"),
        ('hours = {mon = ["9-12"]}', "mon"),
        ('hours = {mon = ["12:00-09:00"]}', "mon"),
        ('hours = {mon = ["09:00-12:00", "11:00-13:00"]}', "mon"),
        ('hours = {mon = ["09:00-24:30"]}', "mon"),
        ('hours = {monday = ["09:00-12:00"]}', "monday"),
        ("places = 3", "places"),
    ],
)
def test_wrong_slots_are_refused_at_their_place(tmp_path: Path, written: str, place: str) -> None:
    path = tmp_path / "teams.toml"
    path.write_text(f"[a]\nmembers = []\n[a.slots]\n{written}\n", encoding="utf-8")

    with pytest.raises(Misconfigured) as wrong:
        read_teams(path)

    [fault] = wrong.value.faults
    assert place in fault.text("en")
    assert fault.line == 4
