"""Sleeping sessions: woken when due, once, after a restart too."""

import asyncio

from runtime.clock import FixedClock
from runtime.idempotency import Answer
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.walks import assert_sound, reply, say, seen, step, to_order

LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}
HOUR = 3_600_000


async def asleep(service: Service) -> Answer:
    """Walk to the two hours' wait."""
    shown = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
    return await say(service, ANA, shown, {"type": "acknowledge"})


def test_a_session_wakes_when_its_time_has_come_and_not_before(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            sleeping = await asleep(service)
            assert seen(sleeping)["status"] == "waiting"
            clock.advance(2 * HOUR - 1)
            assert await service.timers.fire() == 0
            clock.advance(1)
            assert await service.timers.fire() == 1
            assert await service.timers.fire() == 0
            awake = await service.sessions.view(ANA, sleeping.session)
            assert step(awake) == "arrived"
            await assert_sound(service, "acme", sleeping.session)

    asyncio.run(play())


def test_a_timer_outlives_the_process_that_set_it(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            sleeping = await asleep(service)
        clock.advance(3 * HOUR)
        async with open_shop(LATE) as service:
            assert [fault async for fault in verify(service.store)] == []
            assert await service.timers.fire() == 1
            assert step(await service.sessions.view(ANA, sleeping.session)) == "arrived"

    asyncio.run(play())


def test_the_timer_of_a_session_that_was_given_up_wakes_nobody(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            sleeping = await asleep(service)
            over = await say(service, ANA, sleeping, {"type": "finish", "outcome": "abandoned"})
            assert seen(over)["status"] == "ended"
            clock.advance(3 * HOUR)
            await service.timers.fire()
            again = await service.sessions.view(ANA, sleeping.session)
            assert again.version == over.version
            assert await service.timers.fire() == 0

    asyncio.run(play())


def test_the_service_wakes_sessions_by_itself(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> str | None:
        async with open_shop(LATE, background=True) as service:
            sleeping = await asleep(service)
            clock.advance(3 * HOUR)
            async for _ in service.feed.follow("acme", sleeping.session):
                shown = await service.sessions.view(ANA, sleeping.session)
                if step(shown) == "arrived":
                    return str(seen(shown)["status"])
        return None

    assert asyncio.run(play()) == "active"
