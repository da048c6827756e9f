"""What is in a calendar takes places; what was read last holds while it cannot be read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.booking import SlotTaken
from runtime.calendars import calendars_of
from runtime.clock import FixedClock
from runtime.wiring import Service
from tests.connectors.test_busy import calendar
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_booking import HOUR, WEEK, book, slot

FILE = f"""
[supervisor]
members = ["zoe"]
tenant = "acme"
[supervisor.slots]
length = "1h"
capacity = 2
ahead_days = 1
[supervisor.slots.hours]
{WEEK}
[supervisor.slots.calendars.zoe]
file = "zoe.ics"
[supervisor.slots.calendars.all]
file = "all.ics"
closes = true
"""


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of a team that has the calendar of one, and of all of them."""
    path = tmp_path / "teams.toml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def put(folder: Path, name: str, *begins: int) -> None:
    """Write a calendar that is busy for an hour from each time on."""
    events = [
        f"DTSTART:{datetime.fromtimestamp(at / 1_000, UTC):%Y%m%dT%H%M%SZ}\nDURATION:PT1H"
        for at in begins
    ]
    (folder / f"{name}.ics").write_text(calendar(*events), encoding="utf-8", newline="")


async def shown(service: Service) -> tuple[dict[int, int], dict[str, Any]]:
    """Return how many places each slot has, and why each calendar could not be read."""
    found = await service.slots.free(ANA, "supervisor", limit=99)
    calendars = {one["name"]: one["failed"] for one in found["calendars"]}
    return {one["begins"]: one["left"] for one in found["items"]}, calendars


def test_a_calendar_takes_one_place_or_all_and_holds_while_it_cannot_be_read(
    open_shop: OpenService, teams: str, clock: FixedClock, tmp_path: Path
) -> None:
    first = clock.now() - clock.now() % HOUR + 3 * HOUR

    async def play() -> None:
        async with open_shop(teams=teams) as service:
            calendars = calendars_of(service.slots)
            # Nobody knows yet when they are there: nobody is promised anything.
            assert await shown(service) == ({}, {"zoe": None, "all": None})

            put(tmp_path, "zoe", first, first + HOUR)
            put(tmp_path, "all", first + HOUR)
            assert await calendars.refresh() == 2
            assert await calendars.refresh() == 0
            places, failed = await shown(service)
            assert [places.get(first + n * HOUR, 0) for n in range(3)] == [1, 0, 2]
            assert failed == {"zoe": None, "all": None}
            await book(service, first)
            with pytest.raises(SlotTaken):
                await book(service, first)

            (tmp_path / "zoe.ics").unlink()
            clock.advance(15 * 60_000)
            assert await calendars.refresh() == 1
            places, failed = await shown(service)
            assert [places.get(first + n * HOUR, 0) for n in range(3)] == [0, 0, 2]
            assert failed == {"zoe": "calendar.no-file", "all": None}

            # Tried again in a minute, not in a quarter of an hour.
            put(tmp_path, "zoe")
            clock.advance(60_000)
            assert await calendars.refresh() == 1
            places, failed = await shown(service)
            assert (places.get(first), failed["zoe"]) == (1, None)

    asyncio.run(play())


def test_what_was_read_is_there_after_a_new_start(
    open_shop: OpenService, teams: str, tmp_path: Path
) -> None:
    async def play() -> None:
        put(tmp_path, "zoe")
        put(tmp_path, "all")
        async with open_shop(teams=teams) as service:
            await calendars_of(service.slots).refresh()
        (tmp_path / "zoe.ics").unlink()
        async with open_shop(teams=teams) as service:
            assert await calendars_of(service.slots).refresh() == 0
            assert (await shown(service))[0][await slot(service)] == 2

    asyncio.run(play())
