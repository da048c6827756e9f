"""Thresholds: listeners hear of each crossing once, of each return once, and never of few."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from measures.desk import Desk
from measures.watching.bounds import Bounds
from measures.watching.thresholds import Plan, Thresholds
from measures.watching.watch import EVERY, Watch
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Failure, Forbidden, NotFound, WrongReference
from runtime.store import statements
from tests.connectors.systems import system
from tests.measures.test_facts import LOST, keeper_of, one_contact
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_notices import Receiver, listening

SAM = Actor("acme", "supervisor", "sam")
EVENTS = '["threshold.crossed", "threshold.back"]'
LONG = Plan(
    name="Calls too long", measure="handling_time", window="24h", least_n=5,
    bounds=Bounds(high=25, margin=5),
)  # fmt: skip


class Watched:
    """A service whose thresholds are looked at, and what its listener heard."""

    def __init__(self, watch: Watch, clock: FixedClock, heard: Callable[[], list[Any]]) -> None:
        self.watch, self.clock, self.heard = watch, clock, heard
        self.service = watch.service
        self.thresholds = Thresholds(watch.desk, watch.service)

    async def played(self, count: int, seconds: int) -> None:
        for number in range(count):
            await one_contact(self.service, self.clock, f"C-{seconds}-{number}", seconds)

    async def look(self) -> int:
        self.clock.advance(EVERY)
        found = await self.watch.look()
        await self.service.notices.deliver()
        return found


@pytest.fixture
def watched(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> Callable[[Callable[[Watched], Awaitable[Any]]], Any]:
    """Give a function that opens a service with a listener and looks at thresholds in it."""

    def run(deed: Callable[[Watched], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            async with system(Receiver()) as found:
                listeners = listening(tmp_path, found.url, EVENTS)
                async with open_shop(LOST, listeners=listeners) as service:
                    keeper = keeper_of(service, clock, tmp_path / "facts")
                    watch = Watch(Desk.of(service, keeper), service)

                    def heard() -> list[Any]:
                        return [json.loads(one.body) for one in found.calls]

                    try:
                        return await deed(Watched(watch, clock, heard))
                    finally:
                        await keeper.close()

        return asyncio.run(opened())

    return run


@pytest.mark.parametrize(
    ("value", "was", "side"),
    [
        (25.0, None, None), (25.1, None, "above"), (24.0, "above", "above"),
        (20.0, "above", None), (10.0, None, None), (9.9, None, "below"), (14.9, "below", "below"),
        (15.0, "below", None), (9.0, "above", "below"), (26.0, "below", "above"),
    ],
)  # fmt: skip
def test_a_value_that_wavers_around_its_bound_crosses_it_once(
    value: float, was: str | None, side: str | None
) -> None:
    assert Bounds(low=10, high=25, margin=5).side(value, was) == side


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        (Bounds(), "low"), (Bounds(low=2, high=1), "low"), (Bounds(high=float("nan")), "low"),
        (Bounds(low=1, margin=-1), "margin"), (Bounds(low=1, high=2, margin=1.5), "margin"),
    ],
)  # fmt: skip
def test_bounds_that_no_value_is_between_are_refused(bounds: Bounds, field: str) -> None:
    with pytest.raises(WrongReference) as refused:
        bounds.refuse_unfit()

    assert refused.value.params["field"] == field


def test_a_crossing_is_told_once_and_so_is_its_return(
    watched: Callable[[Callable[[Watched], Awaitable[Any]]], Any],
) -> None:
    async def deed(at: Watched) -> Any:
        made = await at.thresholds.create(SAM, LONG)
        few = await at.thresholds.create(SAM, replace(LONG, name="Few", least_n=50))
        await at.played(4, seconds=20)
        assert await at.look() == 0
        await at.played(1, seconds=20)
        assert [await at.look(), await at.look()] == [1, 0]
        beyond = (await at.thresholds.all(SAM))[0]["beyond"]
        # Twelve contacts of 11 seconds after five of 30: 16.6 s a contact, within the margin.
        await at.played(12, seconds=1)
        assert [await at.look(), await at.look()] == [1, 0]
        after = (await at.thresholds.all(SAM))[0]["beyond"]
        await at.thresholds.remove(SAM, made["id"])
        await at.played(40, seconds=200)
        assert await at.look() == 1
        rows = await at.service.store.read(
            statements.EVENTS, "acme", "threshold", made["id"], 0, 10
        )
        return made, few, beyond, after, [(row[1], row[3]) for row in rows], at.heard()

    made, few, beyond, after, events, heard = watched(deed)

    said = [one for one in heard if one["data"]["threshold"] == made["id"]]
    assert [one["type"] for one in said] == ["threshold.crossed", "threshold.back"]
    crossed = said[0]["data"]
    assert (crossed["side"], crossed["bound"], crossed["value"], crossed["n"]) == (
        "above", 25, 30, 5,
    )  # fmt: skip
    assert [one["key"] for one in beyond] == [{}]
    assert (beyond[0]["side"], after) == ("above", [])
    assert events == [
        ("created", "supervisor:sam"), ("crossed", "system"), ("back", "system"),
        ("deleted", "supervisor:sam"),
    ]  # fmt: skip
    assert [one["data"]["name"] for one in heard[2:]] == ["Few"]
    assert few["subscriptions"] == made["subscriptions"] != []
    assert "ana" not in json.dumps(heard)


def test_a_withheld_group_crosses_nothing_and_nobody_is_watched(
    watched: Callable[[Callable[[Watched], Awaitable[Any]]], Any],
) -> None:
    async def deed(at: Watched) -> Any:
        by_motive = replace(LONG, by="motive", bounds=Bounds(high=1))
        await at.thresholds.create(SAM, by_motive)
        await at.played(4, seconds=20)
        withheld = await at.look()
        await at.played(1, seconds=20)
        shown = await at.look()
        told = []
        for change in (
            {"by": "advisor"}, {"by": "day"}, {"window": "3 months"}, {"window": "5m"},
            {"least_n": 4}, {"measure": "none"}, {"name": ""},
        ):  # fmt: skip
            with pytest.raises(Failure) as no:
                await at.thresholds.create(SAM, replace(LONG, **change))
            told.append(no.value.CODE)
        with pytest.raises(Forbidden):
            await at.thresholds.create(ANA, LONG)
        with pytest.raises(NotFound):
            await at.thresholds.remove(SAM, "thr_none")
        return withheld, shown, told, at.heard()

    withheld, shown, told, heard = watched(deed)

    assert (withheld, shown) == (0, 1)
    assert heard[0]["data"]["group"] == {"motive": "parcel"}
    assert told == [
        "measure.people", "measure.wrong-question", "request.wrong", "request.wrong",
        "request.wrong", "measure.unknown", "request.wrong",
    ]  # fmt: skip
