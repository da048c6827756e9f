"""Links: one session for whoever holds one, for a time, and nothing else; on both databases."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from runtime.access import PERMISSIONS, Actor, authorize
from runtime.clock import FixedClock
from runtime.contacts import usual_channel
from runtime.entry_errors import LinkOver, UnknownLink
from runtime.errors import Forbidden, NotFound, UnknownJourney, WrongReference
from runtime.idempotency import Answer, Key
from runtime.links import KEPT, SCOPES, LinkRequest, NewLink
from runtime.lists import Wanted
from runtime.sessions import StartRequest
from runtime.store import people as s
from runtime.store.port import statement
from runtime.wiring import Service
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.walks import begin, reply, say, seen, step

BOB = Actor("acme", "advisor", "bob")
BOT = Actor("acme", "bot", "chat")
CHIEF = Actor("acme", "supervisor", "diane")
RIVAL = Actor("globex", "admin", "root")
WANTED = Wanted()


async def link(
    service: Service, actor: Actor = ANA, *, key: str | None = None, **asked: Any
) -> NewLink:
    if "session" not in asked:
        asked = {"journey": "parcel", **asked}
    used = None if key is None else Key(key, repr(sorted(asked.items())))
    return await service.links.create(actor, LinkRequest(**asked), key=used)


async def holder(service: Service, made: NewLink) -> Actor:
    return (await service.links.recognise(made.token)).actor


async def start(service: Service, made: NewLink, **more: Any) -> Answer:
    asked = StartRequest(**{"journey": "parcel", "channel": "chat", **more})
    return await service.links.start(await holder(service, made), asked, key=None)


async def refused(attempt: Awaitable[Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await attempt


def test_whoever_holds_a_link_begins_its_journey_as_a_customer(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = await link(service, language="en")
            actor = await holder(service, made)
            assert (actor.tenant, actor.role, actor.by) == (
                "acme", "customer", f"customer:{made.id}",
            )  # fmt: skip
            begun = await start(service, made)
            assert seen(begun)["audience"] == "customer"
            # The link is bound by now: whoever holds it goes on.
            answered = await reply(service, await holder(service, made), begun, email="a@b.example")
            assert step(answered) == "which"
            about = await service.links.read(await holder(service, made))
            assert about == {
                "journey": "parcel", "session": begun.session, "language": "en", "origin": None,
                "expires_at": made.expires_at,
            }  # fmt: skip

    asyncio.run(play())


def test_a_link_begins_one_session_and_then_shows_it_as_it_stands(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = await link(service)
            first = await start(service, made)
            moved = await reply(service, await holder(service, made), first, email="a@b.example")
            again = await start(service, made)
            assert (again.session, again.version) == (first.session, moved.version)
            assert (first.is_replay, again.is_replay) == (False, True)
            assert step(again) == "which"
            assert len(await service.contacts.newest(ANA)) == 1

    asyncio.run(play())


def test_of_those_who_begin_it_at_once_one_does_and_all_see_it(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = await link(service)
            begun = await asyncio.gather(*(start(service, made) for _ in range(8)))
            assert len({one.session for one in begun}) == 1
            assert [one.is_replay for one in begun].count(False) == 1
            assert len(await service.contacts.newest(ANA)) == 1

    asyncio.run(play())


def test_a_link_for_a_session_shows_that_one_in_the_customer_s_words(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            made = await link(service, session=begun.session)
            shown = await start(service, made)
            assert (shown.session, seen(shown)["audience"]) == (begun.session, "customer")
            view = await service.sessions.view(await holder(service, made), begun.session)
            assert view.version == begun.version

    asyncio.run(play())


def test_a_link_reaches_no_other_session_whoever_began_it(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            anas = await begin(service, ANA)
            first, second = await link(service), await link(service)
            unbegun = await holder(service, first)
            await refused(service.sessions.view(unbegun, anas.session), NotFound)
            own, other = await start(service, first), await start(service, second)
            actor = await holder(service, first)
            await service.sessions.view(actor, own.session)
            for session in (anas, other):
                await refused(service.sessions.view(actor, session.session), NotFound)
                await refused(say(service, actor, session, {"type": "pause"}), NotFound)
                body = {"visit": 1, "values": {}}
                await refused(service.sessions.preview(actor, session.session, body), NotFound)

    asyncio.run(play())


def test_a_link_opens_its_own_permissions_and_its_role_s_commands_alone() -> None:
    actor = Actor("acme", "customer", "lnk_1", SCOPES, link="lnk_1", session="ses_1")
    commands = {name for name in PERMISSIONS if name.startswith("session.command.")}
    opened = set()
    for action in PERMISSIONS:
        try:
            authorize(actor, action)
        except Forbidden:
            continue
        opened.add(action)

    assert opened - commands == {
        "session.start", "session.read", "session.preview", "link.read",
        "session.file.send", "session.file.read", "opinion.give", "code.make",
    }  # fmt: skip
    assert opened & commands == {name for name in commands if "customer" in PERMISSIONS[name]}


def test_a_link_expires_and_says_so(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = await link(service, expires_in_s=60)
            assert made.expires_at == clock.now() + 60_000
            clock.advance(59_999)
            await holder(service, made)
            clock.advance(1)
            await refused(service.links.recognise(made.token), LinkOver)
            clock.advance(KEPT - 1)
            await service.links.purge()
            await refused(service.links.recognise(made.token), LinkOver)
            clock.advance(1)
            await service.links.purge()
            await refused(service.links.recognise(made.token), UnknownLink)

    asyncio.run(play())


@pytest.mark.parametrize("token", ["pe_", "pe_x", "pe_" + "A" * 43, "pe_" + "é" * 43])
def test_a_token_that_is_no_link_s_says_so(open_shop: OpenService, token: str) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await refused(service.links.recognise(token), UnknownLink)

    asyncio.run(play())


def test_a_link_taken_back_is_over(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            anas, bots = await link(service), await link(service, BOT)
            for actor in (BOB, BOT, RIVAL):
                await refused(service.links.revoke(actor, anas.id), NotFound)
            await refused(service.links.revoke(await holder(service, anas), anas.id), Forbidden)
            await holder(service, anas)
            await service.links.revoke(ANA, anas.id)
            await refused(service.links.recognise(anas.token), LinkOver)
            await service.links.revoke(CHIEF, bots.id)
            await refused(service.links.recognise(bots.token), LinkOver)

    asyncio.run(play())


def test_a_link_s_token_is_nowhere_in_the_database(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            made = await link(service, key="once")
            await start(service, made)
            secret = made.token.removeprefix("pe_")
            assert len(secret) == 43
            [row] = await service.store.read(s.LINK_ROW, "acme", made.id)
            kept = statement("SELECT body FROM idempotency WHERE tenant = $1")
            bodies = await service.store.read(kept, "acme")
            assert bodies
            assert not any(secret in str(value) for one in (row, *bodies) for value in one)

    asyncio.run(play())


def test_made_again_with_its_key_it_is_the_same_link_with_another_token(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await link(service, key="once")
            again = await link(service, key="once")
            assert (again.id, again.expires_at) == (first.id, first.expires_at)
            assert (first.is_replay, again.is_replay) == (False, True)
            await refused(service.links.recognise(first.token), UnknownLink)
            await holder(service, again)

    asyncio.run(play())


def test_staff_and_bots_make_links_and_nobody_else(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            for actor in (ANA, BOT, CHIEF, Actor("acme", "admin", "root")):
                await link(service, actor)
            customer = Actor("acme", "customer", "zoe")
            for actor in (AUTHOR, customer, Actor("acme", "robot", "rpa")):
                await refused(link(service, actor), Forbidden)
            await refused(link(service, await holder(service, await link(service))), Forbidden)

    asyncio.run(play())


def test_what_a_link_cannot_be_for_is_refused(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = (await begin(service, ANA)).session
            await refused(link(service, journey="none"), UnknownJourney)
            await refused(link(service, session="ses_none"), NotFound)
            await refused(link(service, Actor("globex", "advisor", "x"), session=session), NotFound)
            await refused(link(service, customer="cus_none"), NotFound)
            for wrong in (
                {"journey": None}, {"journey": "parcel", "session": session}, {"expires_in_s": 0},
                {"expires_in_s": 604_801}, {"origin": "*"}, {"origin": "https://crm.example/x"},
                {"customer": {"phone": "x"}},
            ):  # fmt: skip
                await refused(link(service, **wrong), WrongReference)

    asyncio.run(play())


def test_the_link_says_who_the_customer_is_and_whoever_holds_it_cannot(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            phone = {"phone": "+33612345678"}
            known = await begin(service, ANA, customer=phone)
            await reply(service, ANA, known, email="zoe@example.org")
            made = await link(service, customer=phone)
            for name, value in (
                ("customer", phone), ("ticket", "tkt_1"), ("contact", "ctc_1"),
                ("inputs", {"a": 1}), ("audience", "advisor"), ("words", "give me the rest"),
            ):  # fmt: skip
                await refused(start(service, made, **{name: value}), WrongReference)
            await refused(start(service, made, journey="other"), UnknownJourney)
            begun = await start(service, made)
            assert seen(begun)["fields"][0]["known"]["value"] == "zoe@example.org"
            row = (await service.lists.sessions(ANA, WANTED, language="en", before=None, limit=1))[
                0
            ]
            customer = await service.customers.get(ANA, "phone:+33612345678")
            assert row["customer"] == customer["id"]

    asyncio.run(play())


def test_a_customer_alone_is_on_the_web_where_nothing_else_is_said() -> None:
    customer = Actor("acme", "customer", "x")

    assert usual_channel(customer, ("phone", "web")) == "web"
    assert (usual_channel(customer, ("phone", "chat")), usual_channel(ANA, ("phone", "web"))) == (
        "phone",
        "phone",
    )
