"""A customer who says who they are during the walk is known from then on."""

import asyncio
from typing import Any

from runtime.access import Actor
from runtime.idempotency import Answer
from runtime.verify import verify
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, reply, say, seen, step

ZOE = Actor("acme", "customer", "zoe")
MAIL = "zoe@example.org"


async def correct(service: Service, answer: Answer, email: str) -> Answer:
    """Correct the e-mail given first."""
    visit = seen(answer)["history"][0]["visit"]
    body = {"type": "amend", "visit": visit, "values": {"email": email}}
    return await say(service, ANA, answer, body)


async def customers(service: Service) -> dict[str, Any]:
    """Return whose the newest contact is, its session and the ticket of that."""
    contact = (await service.contacts.newest(ANA))[0]
    session = (await service.contacts.get(ANA, contact["id"]))["sessions"][0]
    warm = await service.sessions.states.fresh("acme", session)
    ticket = await service.tickets.get(ANA, str(warm.state.ticket))
    return {"contact": contact["customer"], "ticket": ticket["customer"], "session": warm.customer}


def test_who_gives_an_address_during_the_walk_is_the_customer_of_session_contact_and_ticket(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA)
            assert set((await customers(service)).values()) == {None}
            second = await reply(service, ANA, first, email=MAIL)
            zoe = await service.customers.get(ANA, f"email:{MAIL}")
            assert set((await customers(service)).values()) == {zoe["id"]}
            assert zoe["facts"]["customer.email"]["value"] == MAIL
            service.sessions.states.forget("acme", second.session)
            await say(service, ANA, second, {"type": "note", "text": "Calm."})
            assert set((await customers(service)).values()) == {zoe["id"]}
            await assert_sound(service, "acme", second.session)
            # The next contact knows what the first one was told.
            again = await begin(service, ANA, customer=zoe["id"])
            assert seen(again)["fields"][0]["known"]["value"] == MAIL

    asyncio.run(play())


def test_a_customer_who_is_known_is_found_rather_than_made_twice(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await begin(service, ANA, customer={"email": MAIL})
            known = await service.customers.get(ANA, f"email:{MAIL}")
            await reply(service, ANA, await begin(service, ANA), email=MAIL.upper())
            assert set((await customers(service)).values()) == {known["id"]}

    asyncio.run(play())


def test_two_sessions_that_name_the_same_person_at_once_share_one_customer(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            both = [await begin(service, ANA) for _ in range(2)]
            await asyncio.gather(*(reply(service, ANA, one, email=MAIL) for one in both))
            found = {(await service.sessions.states.fresh("acme", one.session)).customer
                     for one in both}  # fmt: skip
            assert len(found) == 1
            assert None not in found

    asyncio.run(play())


def test_a_corrected_address_names_another_customer_and_takes_what_was_learnt_along(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            second = await reply(service, ANA, await begin(service, ANA), email="zo@example.org")
            await correct(service, second, MAIL)
            zoe = await service.customers.get(ANA, f"email:{MAIL}")
            assert set((await customers(service)).values()) == {zoe["id"]}
            assert zoe["facts"]["customer.email"]["value"] == MAIL
            other = await service.customers.get(ANA, "email:zo@example.org")
            assert other["id"] != zoe["id"]
            assert other["facts"] == {}

    asyncio.run(play())


def test_a_customer_the_session_was_begun_with_stays_and_gains_the_address(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA, customer={"phone": "0612345678"})
            caller = (await customers(service))["session"]
            await reply(service, ANA, first, email=MAIL)
            assert (await service.customers.get(ANA, f"email:{MAIL}"))["id"] == caller
            await begin(service, ANA, customer={"email": "max@example.org"})
            assert (await customers(service))["session"] != caller
            third = await begin(service, ANA, customer=caller)
            await reply(service, ANA, third, email="max@example.org")
            assert set((await customers(service)).values()) == {caller}

    asyncio.run(play())


def test_an_address_that_was_mistyped_and_corrected_names_nobody_any_more(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await begin(service, ANA, customer={"phone": "0612345678"})
            await correct(service, await reply(service, ANA, first, email="tpyo@x.org"), MAIL)

            keys = (await service.customers.get(ANA, "phone:0612345678"))["keys"]
            assert {one["value"] for one in keys} == {"+33612345678", MAIL}
            # What was known otherwise stays, whatever is corrected.
            again = await begin(service, ANA, customer={"phone": "0612345678"})
            named = await reply(service, ANA, again, email=MAIL)
            await correct(service, named, "other@x.org")
            keys = (await service.customers.get(ANA, "phone:0612345678"))["keys"]
            assert {one["value"] for one in keys} == {"+33612345678", MAIL, "other@x.org"}

    asyncio.run(play())


def test_an_address_a_customer_types_alone_does_not_give_them_a_record_that_exists(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await reply(service, ZOE, await begin(service, ZOE), email=MAIL)
            own = await service.customers.get(ANA, f"email:{MAIL}")
            assert set((await customers(service)).values()) == {own["id"]}
            await reply(service, ZOE, await begin(service, ZOE), email=MAIL)
            assert set((await customers(service)).values()) == {None}

    asyncio.run(play())


NAMED = {
    **FILES,
    "library.yaml": FILES["library.yaml"].replace(
        "  ticket.order", "  customer.name: {type: text, holder: customer}\n  ticket.order"
    ),
    "journeys/parcel.yaml": FILES["journeys/parcel.yaml"].replace(
        "  - id: which\n",
        "  - id: name\n    say: Your name?\n    time: identification\n"
        "    ask: {name: {type: text, label: Name, fact: customer.name}}\n  - id: which\n",
    ),
}
MAX = "max@example.org"


async def told(service: Service, email: str, name: str) -> None:
    """Have a first contact that learns an address and a name."""
    asked = await reply(service, ANA, await begin(service, ANA), email=email)
    await reply(service, ANA, asked, name=name)


def test_who_is_recognised_during_the_walk_is_not_asked_what_is_known_of_them(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await service.revisions.publish(AUTHOR, NAMED)
            await told(service, MAIL, "Zoe")
            again = await reply(service, ANA, await begin(service, ANA), email=MAIL)
            assert step(again) == "which"
            line = seen(again)["history"][1]
            assert (line["step"], line["shown"]) == ("name", {"name": "Zoe"})
            await assert_sound(service, "acme", again.session)
            # Read anew from its events, it is the same.
            service.sessions.states.forget("acme", again.session)
            assert (await service.sessions.view(ANA, again.session)).body == again.body
            # What was only known is not said to be learnt again.
            zoe = await service.customers.get(ANA, f"email:{MAIL}")
            assert zoe["facts"]["customer.name"]["value"] == "Zoe"
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(play())


def test_a_corrected_address_takes_back_what_was_known_of_the_other_customer(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await service.revisions.publish(AUTHOR, NAMED)
            await told(service, MAIL, "Zoe")
            await told(service, MAX, "Max")
            zoe = await reply(service, ANA, await begin(service, ANA), email=MAIL)
            visit = seen(zoe)["history"][0]["visit"]
            change = {"visit": visit, "values": {"email": MAX}}
            foretold = await service.sessions.preview(ANA, zoe.session, change)
            as_max = await correct(service, zoe, MAX)
            shown = [line["shown"] for line in seen(as_max)["history"] if not line["undone"]]
            stranger = await correct(service, as_max, "new@example.org")
            back = await correct(service, stranger, MAIL)
            assert [one["step"] for one in foretold["pruned"]] == ["name"]
            assert step(as_max) == "which"
            assert {"name": "Max"} in shown
            assert step(stranger) == "name"
            assert step(back) == "which"
            await assert_sound(service, "acme", zoe.session)
            facts = (await service.customers.get(ANA, f"email:{MAX}"))["facts"]
            assert facts["customer.name"]["value"] == "Max"

    asyncio.run(play())


def test_a_customer_who_types_an_address_alone_learns_nothing_of_whose_it_is(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await service.revisions.publish(AUTHOR, NAMED)
            await told(service, MAIL, "Zoe")
            alone = await reply(service, ZOE, await begin(service, ZOE), email=MAIL)
            assert step(alone) == "name"
            assert seen(alone)["fields"][0]["known"] is None
            assert b"Zoe" not in alone.body

    asyncio.run(play())
