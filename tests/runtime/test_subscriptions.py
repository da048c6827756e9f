"""What listeners did not take: listed, and told again with the ids it had."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, NotFound
from runtime.notices import DELAYS
from runtime.store import statements as s
from runtime.subscriptions import NoticeNotDead, NotSubscribed
from runtime.wiring import Service
from tests.connectors.systems import system
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.test_notices import LATE, Receiver, listening, told, walked

ZOE = Actor("acme", "supervisor", "zoe")
ELSEWHERE = Actor("rival", "supervisor", "max")


async def given_up(service: Service, clock: FixedClock) -> str:
    """Have the first notice of a session given up; return the subscription's id."""
    await walked(service)
    for delay in (*DELAYS, 0):
        await service.notices.deliver()
        clock.advance(delay)
    (one,) = await service.subscriptions.all(ZOE)
    assert (one["dead"], one["is_declared"]) == (1, True)
    return str(one["id"])


def test_what_was_given_up_is_listed_with_its_reason_and_told_again_with_its_id(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        receiver = Receiver(*[500] * 8, 204)
        async with told(open_shop, tmp_path, receiver) as (service, found):
            crm = await given_up(service, clock)
            await service.notices.deliver()
            (dead,) = await service.subscriptions.left(ZOE, crm)
            assert (dead["type"], dead["state"]) == ("session.started", "dead")
            assert (dead["attempts"], dead["reason"]) == (8, "http.500")

            given = await service.subscriptions.resend(ZOE, crm, notices=[dead["id"]])
            assert (given["count"], given["more"]) == (1, False)
            assert await service.notices.deliver() == 1
            assert found.calls[-1].headers["webhook-id"] == dead["id"]
            assert await service.subscriptions.left(ZOE, crm) == []
            assert set(await service.notices.states()) == {"sent"}

            noted = await service.store.read(s.EVENTS, "acme", "subscription", crm, 0, 10)
            assert [(kind, by) for _, kind, _, by, *_ in noted] == [("resent", "supervisor:zoe")]

    asyncio.run(play())


def test_told_again_it_has_eight_attempts_anew(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(500)) as (service, found):
            crm = await given_up(service, clock)
            (dead,) = await service.subscriptions.left(ZOE, crm)
            before = len([c for c in found.calls if c.headers["webhook-id"] == dead["id"]])
            await service.subscriptions.resend(ZOE, crm)
            for delay in (*DELAYS, 0):
                await service.notices.deliver()
                clock.advance(delay)

            tries = len([c for c in found.calls if c.headers["webhook-id"] == dead["id"]])
            assert (before, tries) == (8, 16)

    asyncio.run(play())


def test_an_address_that_was_gone_is_told_all_it_missed_once_a_supervisor_says_so(
    open_shop: OpenService, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(410, 204)) as (service, _):
            await walked(service)
            await service.notices.deliver()
            (one,) = await service.subscriptions.all(ZOE)
            assert (one["ready"], one["dead"]) == (0, 0)

            given = await service.subscriptions.resend(ZOE, one["id"])
            assert given["count"] == one["gone"] > 3
            assert await service.notices.deliver() == one["gone"]
            await walked(service)
            assert await service.notices.deliver() > 3
            assert set(await service.notices.states()) == {"sent"}

    asyncio.run(play())


def test_another_process_knows_that_an_address_is_gone_and_that_it_is_back(
    open_shop: OpenService, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(410, 204)) as (service, _):
            await walked(service)
            await service.notices.deliver()
            other = replace(service.notices, gone=set())
            await other.recall()
            (crm,) = service.notices.listeners
            assert other.gone == {("acme", crm.id)}

            await service.subscriptions.resend(ZOE, crm.id)
            await other.recall()
            assert other.gone == set()

    asyncio.run(play())


def test_what_was_taken_or_waits_is_not_told_twice_and_nothing_is_told_of_it(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(*[500] * 8, 204)) as (service, _):
            crm = await given_up(service, clock)
            (dead,) = await service.subscriptions.left(ZOE, crm)
            waiting = await service.subscriptions.left(ZOE, crm, state="ready", limit=1)
            await service.notices.deliver()
            for wrong in ([dead["id"], waiting[0]["id"]], [f"{dead['session']}-9999"]):
                with pytest.raises(NoticeNotDead):
                    await service.subscriptions.resend(ZOE, crm, notices=wrong)
            for wrong in (["nothing"], ["ses_x-"], ["ses_x-²"]):
                with pytest.raises(NotFound):
                    await service.subscriptions.resend(ZOE, crm, notices=wrong)
            assert len(await service.subscriptions.left(ZOE, crm)) == 1

    asyncio.run(play())


def test_subscriptions_are_their_tenants_and_for_those_who_may(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with told(open_shop, tmp_path, Receiver(500)) as (service, _):
            crm = await given_up(service, clock)
            assert await service.subscriptions.all(ELSEWHERE) == []
            assert await service.subscriptions.left(ELSEWHERE, crm) == []
            with pytest.raises(NotFound):
                await service.subscriptions.resend(ELSEWHERE, crm)
            for forbidden in (
                service.subscriptions.all(ANA), service.subscriptions.left(ANA, crm),
                service.subscriptions.resend(ANA, crm),
            ):  # fmt: skip
                with pytest.raises(Forbidden):
                    await forbidden

    asyncio.run(play())


def test_one_that_the_deployment_names_no_more_is_listed_and_not_told_again(
    open_shop: OpenService, clock: FixedClock, tmp_path: Path
) -> None:
    async def play() -> None:
        async with system(Receiver(500)) as found:
            async with open_shop(LATE, listeners=listening(tmp_path, found.url)) as service:
                crm = await given_up(service, clock)
            async with open_shop(LATE, listeners=[]) as service:
                (one,) = await service.subscriptions.all(ZOE)
                assert (one["id"], one["is_declared"], one["dead"]) == (crm, False, 1)
                with pytest.raises(NotSubscribed):
                    await service.subscriptions.resend(ZOE, crm)

    asyncio.run(play())
