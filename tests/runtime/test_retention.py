"""What time ends: contacts nobody goes on with, sessions left too long, words kept too long."""

import asyncio
from typing import Any

from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService, answers
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, reply, say, seen, step, to_order

ZOE = Actor("acme", "customer", "zoe")
LATE = {"*": answers(oms_get_order=[{"result": {"status": "late"}}])}
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
BRIEF = {
    **FILES,
    "library.yaml": FILES["library.yaml"] + "retention: {left: 1h, contacts: 2 days}\n",
}


async def contacts_of(service: Service, session: str) -> list[dict[str, Any]]:
    """Return a session's contacts, oldest first."""
    warm = await service.sessions.states.fresh("acme", session)
    found = await service.views.timeline(ANA, warm)
    return [await service.contacts.get(ANA, one["contact"]) for one in found["contacts"]]


def test_a_self_care_contact_ends_at_its_last_activity(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ZOE)
            advised = await begin(service, ANA)
            clock.advance(2 * MINUTE)
            left = await reply(service, ZOE, first, email="zoe@example.org")
            at = clock.now()
            clock.advance(30 * MINUTE - 1)
            assert await service.retention.end_idle() == 0
            clock.advance(1)
            assert await service.retention.end_idle() == 1
            assert await service.retention.end_idle() == 0
            ended = (await contacts_of(service, left.session))[0]
            assert (ended["status"], ended["ended"], ended["wrapped"]) == ("wrapped_up", at, at)
            assert seen(await service.sessions.view(ZOE, left.session))["status"] == "active"
            assert (await contacts_of(service, advised.session))[0]["status"] == "answered"
            await service.projector.catch_up()
            warm = await service.sessions.states.fresh("acme", left.session)
            line = (await service.views.timeline(ANA, warm))["contacts"][0]
            assert (line["to"], line["duration_ms"]) == (at, 2 * MINUTE)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_who_comes_back_goes_on_in_a_contact_of_its_own(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            left = await to_order(service, ZOE)
            clock.advance(29 * MINUTE)
            again = await reply(service, ZOE, left, order_id="F-1")
            assert len(await contacts_of(service, left.session)) == 1
            at = clock.now()
            clock.advance(DAY)
            await service.retention.end_idle()
            back = await say(service, ZOE, again, {"type": "acknowledge"})
            first, second = await contacts_of(service, left.session)
            assert (first["ended"], second["answered"]) == (at, at + DAY)
            assert (second["channel"], second["status"]) == (first["channel"], "answered")
            assert seen(back)["status"] == "waiting"
            await assert_sound(service, "acme", left.session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_a_self_care_session_that_is_left_ends_as_abandoned_where_it_was_left(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            left = await to_order(service, ZOE)
            advised = await to_order(service, ANA)
            at = clock.now()
            clock.advance(30 * DAY - 1)
            assert await service.retention.sweep() == (0, 0)
            clock.advance(1)
            assert await service.retention.sweep() == (1, 0)
            view = seen(await service.sessions.view(ZOE, left.session))
            assert (view["status"], view["outcome"]) == ("ended", "abandoned")
            assert (await contacts_of(service, left.session))[0]["ended"] == at
            assert step(await service.sessions.view(ANA, advised.session)) == "which"
            clock.advance(335 * DAY)
            assert await service.retention.sweep() == (1, 0)
            view = seen(await service.sessions.view(ANA, advised.session))
            assert (view["status"], view["outcome"]) == ("ended", "abandoned")
            assert (await contacts_of(service, advised.session))[0]["ended"] == at
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_a_session_that_sleeps_until_later_is_not_left(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            await service.revisions.publish(AUTHOR, BRIEF)
            shown = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            asleep = await say(service, ANA, shown, {"type": "acknowledge"})
            assert seen(asleep)["status"] == "waiting"
            clock.advance(2 * HOUR - 1)
            assert await service.retention.sweep() == (0, 0)
            clock.advance(1)
            assert await service.retention.sweep() == (1, 0)

    asyncio.run(play())


def test_what_was_said_is_emptied_once_it_was_kept_long_enough_and_codes_and_times_stay(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop(LATE) as service:
            await service.revisions.publish(AUTHOR, BRIEF)
            shown = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            over = await say(service, ANA, shown, {"type": "finish", "reason": "Zoe hung up"})
            warm = await service.sessions.states.fresh("acme", over.session)
            before = (warm.state.codes, await service.views.timeline(ANA, warm))
            clock.advance(2 * DAY - 1)
            assert await service.retention.sweep() == (0, 0)
            assert b"F-1" in (await service.sessions.view(ANA, over.session)).body
            clock.advance(1)
            assert await service.retention.sweep() == (0, 1)
            assert await service.retention.sweep() == (0, 0)
            view = await service.sessions.view(ANA, over.session)
            assert b"F-1" not in view.body
            warm = await service.sessions.states.fresh("acme", over.session)
            assert (warm.state.codes, await service.views.timeline(ANA, warm)) == before
            ticket = (await service.tickets.newest(ANA))[0]["id"]
            assert await service.sessions.facts.known("acme", customer=None, ticket=ticket) == {}
            await assert_sound(service, "acme", over.session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_the_service_ends_contacts_by_itself(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> str:
        async with open_shop() as service:
            first = await begin(service, ZOE)
        clock.advance(DAY)
        async with open_shop(background=True) as service:
            while True:
                status = (await contacts_of(service, first.session))[0]["status"]
                if status != "answered":
                    return str(status)
                await asyncio.sleep(0)

    assert asyncio.run(play()) == "wrapped_up"
