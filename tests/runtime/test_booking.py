"""A promise takes a slot: nobody is given a place that somebody has, and what is freed is free."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.refusals import Refused
from runtime.access import Actor
from runtime.booking import NoSuchSlot, SlotTaken
from runtime.clock import FixedClock
from runtime.errors import Forbidden
from runtime.idempotency import Answer
from runtime.sessions import StartRequest
from runtime.wiring import Service
from tests.connectors.systems import system
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_notices import Receiver, content, listening
from tests.runtime.walks import keyed, to_order

PAUL = Actor("acme", "advisor", "paul")
HOUR = 3_600_000
WEEK = "\n".join(
    f'{day} = ["00:00-24:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
FILE = f"""
[supervisor]
members = ["zoe"]
tenant = "acme"
[supervisor.slots]
length = "1h"
capacity = 2
notice = "1h"
ahead_days = 2
[supervisor.slots.hours]
{WEEK}
[second]
members = ["paul"]
tenant = "acme"
[second.slots]
length = "1h"
[second.slots.hours]
{WEEK}
"""


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of two teams that are always open."""
    path = tmp_path / "teams.toml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def written(at: int) -> str:
    """Return an instant as commands have it."""
    return datetime.fromtimestamp(at / 1_000, UTC).isoformat()


async def slot(service: Service, number: int = 0, team: str = "supervisor") -> int:
    """Return when one of the free slots of a team begins."""
    found = await service.slots.free(ANA, team)
    begins: int = found["items"][number]["begins"]
    return begins


async def left(service: Service, begins: int, team: str = "supervisor") -> int:
    """Return how many more people a slot takes."""
    found = await service.slots.free(ANA, team, limit=99)
    return sum(one["left"] for one in found["items"] if one["begins"] == begins)


async def book(
    service: Service, begins: int, *, actor: Actor = ANA, key: str | None = None,
    session: str | None = None, **more: Any,
) -> Answer:  # fmt: skip
    """Promise to call back in a slot, in a session of its own unless one is named."""
    if session is None:
        session = (await service.sessions.start(actor, StartRequest("parcel"))).session
    body = {"type": "promise", "what": "We call Zoé.", "by": "supervisor",
            "slot": written(begins), **more}  # fmt: skip
    return await service.sessions.command(
        actor, session, body, key=None if key is None else keyed(key, body)
    )


async def move(service: Service, session: str, begins: int, **more: Any) -> None:
    """Have the first promise of a session take another slot."""
    body = {"type": "move_promise", "promise": 1, "slot": written(begins), **more}
    await service.sessions.command(ANA, session, body)


def test_of_all_who_want_the_last_places_as_many_get_one_as_there_are(
    open_shop: OpenService, teams: str, database: str
) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            # Two processes, where a database takes two.
            services = [
                await stack.enter_async_context(open_shop(teams=teams))
                for _ in range(2 if database.startswith("postgres") else 1)
            ]
            begins = await slot(services[0])
            begun = [
                (await services[0].sessions.start(ANA, StartRequest("parcel"))).session
                for _ in range(6)
            ]
            asking = [
                book(services[n % len(services)], begins, session=session)
                for n, session in enumerate(begun)
            ]
            outcomes = await asyncio.gather(*asking, return_exceptions=True)

            lost = [one for one in outcomes if isinstance(one, BaseException)]
            assert len(lost) == 4
            assert all(isinstance(one, SlotTaken) for one in lost)
            assert await left(services[0], begins) == 0
            assert len(await services[0].promises.all(ANA, whose="all")) == 2

    asyncio.run(play())


def test_who_comes_too_late_is_told_of_the_next_free_slots(
    open_shop: OpenService, teams: str, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            for _ in range(2):
                await book(service, begins)
            await book(service, begins + HOUR)
            with pytest.raises(SlotTaken) as taken:
                await book(service, begins)
            assert taken.value.params["next"] == [
                {"begins": begins + n * HOUR, "ends": begins + (n + 1) * HOUR, "left": places}
                for n, places in ((1, 1), (2, 2), (3, 2))
            ]
            for wrong in (begins + 1, begins + 999 * 24 * HOUR, 0):
                with pytest.raises(NoSuchSlot) as unknown:
                    await book(service, wrong)
                assert len(unknown.value.params["next"]) == 3
            # Too soon, and further ahead than they plan.
            for late in (begins - HOUR, begins + 48 * HOUR):
                with pytest.raises(SlotTaken):
                    await book(service, late)
            clock.advance(72 * HOUR)
            with pytest.raises(SlotTaken) as past:
                await book(service, begins)
            assert past.value.params["next"][0]["begins"] > clock.now()

    asyncio.run(play())


def test_an_appointment_is_listed_moved_and_its_place_free_once_it_is_not_needed(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            session = (await book(service, begins)).session
            [promise] = await service.promises.all(ANA)
            assert (promise["begins"], promise["due"]) == (begins, begins + HOUR)
            assert (promise["team"], promise["moves"]) == ("supervisor", 0)
            assert await left(service, begins) == 1

            await move(service, session, begins + HOUR)
            assert [await left(service, begins + n * HOUR) for n in (0, 1)] == [2, 1]
            # Another team's, then the same one again: nothing is taken twice.
            await move(service, session, begins + HOUR, by="second")
            await move(service, session, begins + HOUR, by="second")
            [promise] = await service.promises.all(ANA)
            assert (promise["team"], promise["moves"]) == ("second", 2)
            assert await left(service, begins + HOUR) == 2
            assert await left(service, begins + HOUR, "second") == 0

            drop = {"type": "follow_promise", "promise": 1, "state": "dropped", "reason": "Found."}
            await service.sessions.command(ANA, session, drop)
            assert await left(service, begins + HOUR, "second") == 1
            with pytest.raises(Refused) as refused:
                await move(service, session, begins + HOUR)
            assert refused.value.code == "promise.not-owed"

    asyncio.run(play())


def test_a_slot_that_is_moved_to_a_full_one_stays_where_it_was(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service, team="second")
            session = (await book(service, begins, by="second")).session
            await book(service, begins + HOUR, by="second")

            with pytest.raises(SlotTaken):
                await move(service, session, begins + HOUR)

            promise = await service.promises.get(ANA, f"{session}.1")
            assert (promise["begins"], promise["moves"]) == (begins, 0)

    asyncio.run(play())


def test_an_appointment_that_is_sent_again_with_its_key_takes_one_place(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            first = await book(service, begins, key="k")
            again = await book(service, begins, key="k", session=first.session)

            assert again.body == first.body
            assert await left(service, begins) == 1

    asyncio.run(play())


def test_only_staff_take_slots_and_only_of_teams_that_give_them(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            for team in ("parcels", "nobody", None):
                with pytest.raises(Refused) as refused:
                    await book(service, begins, by=team)
                assert refused.value.code == "promise.no-slot"
            with pytest.raises(Forbidden):
                await book(service, begins, actor=Actor("acme", "bot", "b"))
            with pytest.raises(Refused) as unwritten:
                await book(service, begins, slot="at noon")
            assert list(unwritten.value.fields) == ["slot"]
            assert await left(service, begins) == 2

    asyncio.run(play())


def test_an_appointment_is_reminded_of_overdue_and_late_as_any_promise_is(
    open_shop: OpenService, teams: str, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            session = (await book(service, begins)).session
            clock.advance(begins - clock.now() + 1)
            await service.promises.chase()
            assert [one["state"] for one in await service.promises.all(ANA)] == ["soon"]

            await move(service, session, begins + 24 * HOUR)
            await service.promises.chase()
            assert [one["state"] for one in await service.promises.all(ANA)] == ["open"]

            clock.advance(26 * HOUR)
            await service.promises.chase()
            assert [one["state"] for one in await service.promises.all(ANA)] == ["overdue"]
            kept = {"type": "follow_promise", "promise": 1, "state": "kept"}
            await service.sessions.command(ANA, session, kept)
            assert (await service.promises.get(ANA, f"{session}.1"))["state"] == "late"

    asyncio.run(play())


def test_listeners_hear_when_an_appointment_is_moved_and_not_what_it_is_about(
    open_shop: OpenService, teams: str, tmp_path: Path
) -> None:
    async def play() -> None:
        async with system(Receiver()) as found:
            heard = listening(tmp_path, found.url, '["promise.made", "promise.moved"]')
            async with open_shop(teams=teams, listeners=heard) as service:
                begins = await slot(service)
                session = (await book(service, begins)).session
                await move(service, session, begins + HOUR)
                await service.notices.deliver()

            told = content(found)
            assert [one["type"] for one in told] == ["promise.made", "promise.moved"]
            assert [one["data"]["begins"] for one in told] == [begins, begins + HOUR]
            assert "Zo" not in str(told)

    asyncio.run(play())


def test_what_was_said_of_an_appointment_is_erased_with_its_customer_and_its_place_is_kept(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begins = await slot(service)
            session = await to_order(service, ANA)
            await book(service, begins, session=session.session)
            [before] = await service.promises.all(ANA)
            await service.erasing.customer(Actor("acme", "admin", "a"), before["customer"])

            [after] = await service.promises.all(ANA)
            assert (before["what"], after["what"]) == ("We call Zoé.", None)
            assert (after["begins"], await left(service, begins)) == (begins, 1)

    asyncio.run(play())
