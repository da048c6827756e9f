"""What a customer may name by itself: what it began, and no one's record."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from runtime.access import Actor
from runtime.errors import NotFound
from runtime.idempotency import Answer
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, reply, say, seen

ZOE = Actor("acme", "customer", "zoe")
YAN = Actor("acme", "customer", "yan")
MAIL = "zoe@example.org"
PHONE = {"phone": "+33612345678"}


async def refused_as_unknown(attempt: Awaitable[Any]) -> None:
    with pytest.raises(NotFound):
        await attempt


async def belongings(service: Service, actor: Actor, **given: Any) -> tuple[Answer, str, str]:
    """Begin a session; return its answer, its contact and its ticket."""
    answer = await begin(service, actor, **given)
    [contact] = await service.contacts.newest(ANA, limit=1)
    [ticket] = await service.tickets.newest(ANA, limit=1)
    return answer, contact["id"], ticket["id"]


@pytest.mark.parametrize("owner", [ANA, ZOE])
def test_a_customer_begins_nothing_in_a_contact_or_ticket_of_somebody_else(
    open_shop: OpenService, owner: Actor
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            _, contact, ticket = await belongings(service, owner)
            await refused_as_unknown(begin(service, YAN, contact=contact))
            await refused_as_unknown(begin(service, YAN, ticket=ticket))
            await refused_as_unknown(service.contacts.pass_to(YAN, contact, "ended"))
            own = await say(service, YAN, await begin(service, YAN), {"type": "pause"})
            resume = {"type": "resume", "contact": contact}
            await refused_as_unknown(say(service, YAN, own, resume))

    asyncio.run(play())


def test_a_customer_goes_on_in_its_own_contact_and_ticket(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            _, contact, ticket = await belongings(service, ZOE)
            _, *same = await belongings(service, ZOE, contact=contact, ticket=ticket)
            assert same == [contact, ticket]
            assert (await service.contacts.pass_to(ZOE, contact, "ended"))["status"] == "ended"

    asyncio.run(play())


def test_a_customer_who_names_somebody_else_learns_nothing_of_them(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA, customer=PHONE)
            await reply(service, ANA, first, email=MAIL)
            theirs = await service.customers.get(ANA, "phone:+33612345678")
            assert theirs["facts"]["customer.email"]["value"] == MAIL

            named, contact, _ = await belongings(service, YAN, customer=PHONE)
            assert seen(named)["fields"][0]["known"] is None
            assert (await service.contacts.get(ANA, contact))["customer"] is None
            await refused_as_unknown(begin(service, YAN, customer=theirs["id"]))
            await refused_as_unknown(
                service.contacts.open(YAN, channel="chat", customer=theirs["id"])
            )
            await begin(service, YAN, customer={**PHONE, "email": "yan@example.org"})
            assert (await service.customers.get(ANA, theirs["id"]))["keys"] == theirs["keys"]

    asyncio.run(play())
