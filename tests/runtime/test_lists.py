"""Sessions as lists: one's own, those that go on, those that wait for staff, on both databases."""

import asyncio
from typing import Any

import pytest

from runtime.access import Actor
from runtime.errors import Forbidden
from runtime.lists import Wanted
from runtime.store.port import Unit, statement
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.walks import begin, say

BOB = Actor("acme", "advisor", "bob")
ZOE = Actor("acme", "customer", "zoe")


async def listed(
    service: Service, actor: Actor, *, before: str | None = None, limit: int = 50, **wanted: Any
) -> list[dict[str, Any]]:
    return await service.lists.sessions(
        actor, Wanted(**wanted), language="en", before=before, limit=limit
    )


async def ids(service: Service, actor: Actor, **wanted: Any) -> list[str]:
    return [one["id"] for one in await listed(service, actor, **wanted)]


def test_sessions_are_listed_newest_first_with_what_a_list_shows(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first, second = await begin(service, ANA), await begin(service, BOB)
            found = await listed(service, ANA)
            assert [one["id"] for one in found] == [second.session, first.session]
            assert found[1]["title"] == "A parcel that did not come"
            shown = {name: found[1][name] for name in ("journey", "status", "step", "channel",
                     "audience", "actor", "holder", "waiting", "waiting_for")}  # fmt: skip
            assert shown == {
                "journey": "parcel", "status": "active", "step": "who", "channel": "phone",
                "audience": "advisor", "actor": "advisor:ana", "holder": "advisor:ana",
                "waiting": None, "waiting_for": None,
            }  # fmt: skip

    asyncio.run(play())


def test_two_sessions_of_one_journey_are_told_apart_by_who_and_where(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA, customer={"email": "claire@exemple.fr"})
            await begin(service, ANA)
            other, hers = await listed(service, ANA)
            assert (hers["who"], other["who"]) == ("claire@exemple.fr", None)
            assert [one["about"] for one in (hers, other)] == [[], []]
            assert hers["step_title"] == other["step_title"]
            assert hers["step_title"] not in {None, "who"}

    asyncio.run(play())


def test_a_page_goes_on_after_the_last_one(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = [(await begin(service, ANA)).session for _ in range(3)]
            assert await ids(service, ANA, limit=2) == [made[2], made[1]]
            assert await ids(service, ANA, limit=2, before=made[1]) == [made[0]]

    asyncio.run(play())


def test_one_s_own_are_those_one_began_or_took(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            anas, bobs = await begin(service, ANA), await begin(service, BOB)
            assert await ids(service, ANA, is_mine=True) == [anas.session]
            asked = await say(service, BOB, bobs, {"type": "hand_over", "to": "advisor"})
            await say(service, ANA, asked, {"type": "accept"})
            assert await ids(service, ANA, is_mine=True) == [bobs.session, anas.session]
            assert await ids(service, BOB, is_mine=True) == []
            [taken] = [one for one in await listed(service, BOB) if one["id"] == bobs.session]
            assert (taken["actor"], taken["holder"]) == ("advisor:bob", "advisor:ana")

    asyncio.run(play())


def test_what_waits_for_somebody_is_listed_until_somebody_takes_it(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, BOB)
            assert await listed(service, ANA, to_accept=True) == []
            asked = await say(service, BOB, begun, {"type": "transfer", "team": "supervisor"})
            [waiting] = await listed(service, ANA, to_accept=True)
            assert (waiting["waiting"], waiting["waiting_for"]) == ("transfer", "supervisor")
            taken = await say(service, ANA, asked, {"type": "accept"})
            assert await listed(service, ANA, to_accept=True) == []
            again = await say(service, ANA, taken, {"type": "hand_over", "to": "advisor"})
            [waiting] = await listed(service, BOB, to_accept=True)
            assert (waiting["waiting"], waiting["waiting_for"]) == ("hand_over", "advisor")
            await say(service, BOB, again, {"type": "decline"})
            assert await listed(service, BOB, to_accept=True) == []

    asyncio.run(play())


def test_what_waits_for_the_customer_is_not_for_staff_to_take(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            await say(service, ANA, begun, {"type": "hand_over", "to": "customer"})
            assert await listed(service, BOB, to_accept=True) == []
            [one] = await listed(service, BOB)
            assert (one["waiting"], one["waiting_for"]) == ("hand_over", "customer")

    asyncio.run(play())


def test_what_has_ended_is_left_out_of_what_goes_on(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            over, paused, active = [await begin(service, ANA) for _ in range(3)]
            asked = await say(service, ANA, over, {"type": "hand_over", "to": "advisor"})
            await say(service, ANA, asked, {"type": "finish", "outcome": "refused"})
            await say(service, ANA, paused, {"type": "pause"})
            assert await ids(service, ANA, status="open") == [active.session, paused.session]
            assert await ids(service, ANA, status="paused", is_mine=True) == [paused.session]
            assert await ids(service, ANA, status="ended") == [over.session]
            assert await ids(service, ANA, to_accept=True) == []

    asyncio.run(play())


def test_a_list_stays_within_its_tenant_and_with_staff(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA)
            assert await listed(service, Actor("globex", "admin", "root")) == []
            for actor in (ZOE, AUTHOR, Actor("acme", "bot", "chat")):
                with pytest.raises(Forbidden):
                    await listed(service, actor)

    asyncio.run(play())


def test_a_session_of_a_library_that_can_no_longer_be_read_is_still_listed(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA)
            unit = Unit()
            broken = ('{"files":{"library.yaml":"library: shop"},"system":{}}', "acme")
            unit.add(statement("UPDATE revision SET files = $1 WHERE tenant = $2"), *broken)
            await service.store.commit(unit)
        async with open_shop() as service:
            [one] = await listed(service, ANA)
            assert one["title"] == "parcel"

    asyncio.run(play())


def test_a_customer_s_sessions_are_listed_on_any_channel_with_their_motive_once_known(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            claire = {"phone": "0612345678"}
            first = await begin(service, ANA, customer=claire)
            await say(service, ANA, first, {"type": "finish", "outcome": "unresolved"})
            second = await begin(service, BOB, customer=claire, channel="chat")
            await begin(service, ANA, customer={"phone": "0699999999"})

            found = await service.lists.of_customer(
                ANA, "phone:0612345678", language="en", limit=20
            )

            assert [
                (one["id"], one["channel"], one["outcome"], one["holder"]) for one in found
            ] == [
                (second.session, "chat", None, "advisor:bob"),
                (first.session, "phone", "unresolved", "advisor:ana"),
            ]
            assert found[0]["title"] == "A parcel that did not come"
            assert found[0]["motive"] is None
            latest = await service.lists.of_customer(
                ANA, "phone:0612345678", language="en", limit=1
            )
            assert latest == found[:1]
            for role in ("customer", "bot", "robot", "author"):
                with pytest.raises(Forbidden):
                    await service.lists.of_customer(
                        Actor("acme", role, "x"), "phone:0612345678", language="en", limit=1
                    )

    asyncio.run(play())
