"""A session is resumed by a short code: elsewhere, by somebody else, where it stands."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from engine.refusals import Refused
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.codes import (
    ALPHABET,
    LENGTH,
    LIFE,
    MISSES,
    STRANGE_MISSES,
    STRANGERS,
    WINDOW,
    TooManyCodes,
    UnknownCode,
    written,
)
from runtime.errors import NotFound, Stale, WrongReference
from runtime.links import LinkRequest
from runtime.lists import Wanted
from runtime.sessions import StartRequest
from runtime.store import codes as s
from runtime.store.port import statement
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin, reply, seen, step, to_order

PAUL = Actor("acme", "advisor", "paul")
BOT = Actor("acme", "bot", "chat")
NONE = "22222222"
HOUR = 3_600_000


async def redeemed(service: Service, actor: Actor, code: str, **resumed: Any) -> Any:
    """Go on with a code's session."""
    return await service.codes.redeem(actor, code, resumed=resumed, key=None)


def test_a_code_is_short_and_has_nothing_that_is_heard_for_another(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            made = await service.codes.make(ANA, begun.session)
            rows = await service.store.read(statement("SELECT hash FROM resume_code"))

            plain = made.code.replace("-", "")
            assert len(plain) == LENGTH == 8
            assert set(plain) <= set(ALPHABET)
            assert not set("01OIBDPVSN") & set(ALPHABET)
            assert plain not in rows[0][0]
            assert written(f" {made.code.lower().replace('-', ' ')} ") == plain

    asyncio.run(play())


def test_a_colleague_goes_on_by_phone_where_the_customer_stopped_in_the_chat(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await service.sessions.start(BOT, StartRequest("parcel", channel="chat"))
            at_order = await reply(service, BOT, first, email="zoe@example.org")
            last = clock.now()
            made = await service.codes.make(BOT, at_order.session)
            clock.advance(HOUR)

            taken = await redeemed(service, PAUL, made.code, channel="phone")

            view = seen(taken)
            assert (taken.session, step(taken)) == (at_order.session, step(at_order))
            assert (view["channel"], view["audience"]) == ("phone", "advisor")
            assert [line["what"] for line in view["recap"]][:2] == ["who", "declared"]
            [listed] = await service.lists.sessions(
                PAUL, Wanted(is_mine=True), language="en", before=None, limit=9
            )
            assert listed["id"] == taken.session
            contacts = await service.contacts.newest(PAUL)
            assert [(c["channel"], c["ended"]) for c in contacts] == [
                ("phone", None), ("chat", last),
            ]  # fmt: skip
            with pytest.raises(Stale):
                await reply(service, BOT, at_order, order_id="F-1")

    asyncio.run(play())


def test_what_was_put_down_is_taken_up_again_and_what_was_handed_over_is_accepted(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            made = await service.codes.make(ANA, begun.session)
            await service.sessions.command(
                ANA, begun.session, {"type": "pause"}, match=begun.version
            )
            resumed = await redeemed(service, PAUL, made.code)
            assert seen(resumed)["status"] == "active"

            asked = {"type": "transfer", "team": "supervisor"}
            await service.sessions.command(PAUL, begun.session, asked, match=resumed.version)
            accepted = await redeemed(service, ANA, made.code)
            assert seen(accepted)["transfer"] is None

            taken = await redeemed(service, PAUL, made.code)
            again = await redeemed(service, BOT, made.code)
            assert (seen(taken)["status"], again.version) == ("active", taken.version)

    asyncio.run(play())


def test_a_session_has_one_code_and_it_is_over_with_its_time(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            before = await service.codes.make(ANA, begun.session)
            made = await service.codes.make(ANA, begun.session)
            with pytest.raises(UnknownCode):
                await redeemed(service, PAUL, before.code)
            await redeemed(service, PAUL, made.code)

            clock.advance(LIFE * 1_000)
            with pytest.raises(UnknownCode):
                await redeemed(service, PAUL, made.code)
            await service.codes.purge()
            assert await service.store.read(statement("SELECT * FROM resume_code")) == []

    asyncio.run(play())


def test_a_few_wrong_codes_and_nobodys_is_looked_up_for_ten_minutes(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            made = await service.codes.make(ANA, begun.session)
            for _ in range(MISSES - 1):
                await service.store.change(
                    s.MISS, "acme", PAUL.by, clock.now(), clock.now() - WINDOW
                )
            with pytest.raises(UnknownCode):
                await redeemed(service, PAUL, "what you said")  # cannot be one: not counted
            with pytest.raises(UnknownCode):
                await redeemed(service, PAUL, NONE)
            with pytest.raises(TooManyCodes):
                await redeemed(service, PAUL, made.code)
            await redeemed(service, ANA, made.code)

            clock.advance(WINDOW + 1)
            await redeemed(service, PAUL, made.code)
            await service.codes.purge()
            assert await service.store.read(statement("SELECT * FROM code_miss")) == []

    asyncio.run(play())


def test_a_customer_with_a_code_alone_gets_a_link_to_that_session(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await to_order(service, ANA)
            made = await service.codes.make(ANA, begun.session)

            link = await service.codes.open(made.code)
            holder = (await service.links.recognise(link.token)).actor
            shown = await service.sessions.view(holder, begun.session)

            assert step(shown) == step(begun)
            other = await service.codes.make(holder, begun.session)
            assert json.loads((await redeemed(service, PAUL, other.code)).body)["session"]
            for _ in range(STRANGE_MISSES):
                await service.store.change(s.MISS, *STRANGERS, clock.now(), clock.now() - WINDOW)
            with pytest.raises(TooManyCodes):
                await service.codes.open(other.code)

    asyncio.run(play())


def test_another_tenants_code_opens_nothing_and_neither_does_what_is_over(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            made = await service.codes.make(ANA, begun.session)
            with pytest.raises(UnknownCode):
                await redeemed(service, Actor("other", "advisor", "eve"), made.code)
            with pytest.raises(WrongReference):
                await service.codes.make(ANA, begun.session, life_s=0)
            finish = {"type": "finish", "outcome": "unresolved"}
            await service.sessions.command(ANA, begun.session, finish, match=begun.version)
            with pytest.raises(Refused) as refused:
                await service.codes.make(ANA, begun.session)
            assert refused.value.code == "session.ended"

    asyncio.run(play())


def test_a_link_opens_no_code_of_another_session(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            begun = await begin(service, ANA)
            other = await begin(service, ANA)
            made = await service.links.create(ANA, LinkRequest(session=begun.session), key=None)
            holder = (await service.links.recognise(made.token)).actor

            with pytest.raises(NotFound):
                await service.codes.make(holder, other.session)

    asyncio.run(play())
