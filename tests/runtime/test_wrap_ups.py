"""What an advisor makes of a wrap-up is kept for whoever reads it next, and no race loses it."""

import asyncio

import pytest

from runtime.access import Actor
from runtime.errors import Forbidden, NotFound
from runtime.wiring import Service
from runtime.wrap_ups import NOTHING, WrapUpChanged
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.walks import begin

BOB = Actor("acme", "advisor", "bob")
TOLD = {"summary": "Left with a neighbour.", "next": None}


async def wrapped(service: Service, actor: Actor = ANA) -> str:
    return (await begin(service, actor)).session


def test_what_one_advisor_writes_another_reads(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await wrapped(service)
            assert await service.wrap_ups.read(BOB, session) == NOTHING

            made = await service.wrap_ups.write(ANA, session, version=0, texts=TOLD)

            assert await service.wrap_ups.read(BOB, session) == made
            assert (made["version"], made["by"]) == (1, "advisor:ana")
            other = {
                "summary": "Left with Mrs Roy.\nShe is back tonight.\t" + "x" * 400,
                "next": "",
            }
            again = await service.wrap_ups.write(BOB, session, version=1, texts=other)
            assert again == {**again, **other, "version": 2, "by": "advisor:bob"}

    asyncio.run(play())


def test_nobody_s_words_are_overwritten_unread(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await wrapped(service)
            made = await service.wrap_ups.write(ANA, session, version=0, texts=TOLD)

            refused = await asyncio.gather(
                *(
                    service.wrap_ups.write(
                        BOB, session, version=version, texts={"summary": "Mine.", "next": None}
                    )
                    for version in (0, 2)
                ),
                return_exceptions=True,
            )

            assert [type(one) for one in refused] == [WrapUpChanged] * 2
            assert isinstance(refused[0], WrapUpChanged)
            assert refused[0].params["by"] == "advisor:ana"
            assert await service.wrap_ups.read(ANA, session) == made

    asyncio.run(play())


def test_of_two_who_write_at_once_one_is_told(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await wrapped(service)

            ends = await asyncio.gather(
                *(
                    service.wrap_ups.write(
                        who, session, version=0, texts={"summary": who.id, "next": None}
                    )
                    for who in (ANA, BOB)
                ),
                return_exceptions=True,
            )

            lost = [end for end in ends if isinstance(end, BaseException)]
            won = [end for end in ends if isinstance(end, dict)]
            assert [type(end) for end in lost] == [WrapUpChanged]
            assert await service.wrap_ups.read(ANA, session) == won[0]

    asyncio.run(play())


def test_the_same_words_sent_again_change_nothing_more(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await wrapped(service)
            made = await service.wrap_ups.write(ANA, session, version=0, texts=TOLD)

            assert await service.wrap_ups.write(ANA, session, version=0, texts=TOLD) == made

    asyncio.run(play())


def test_wrap_ups_are_for_staff_of_the_same_tenant(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            session = await wrapped(service)
            for role in ("customer", "bot", "author"):
                with pytest.raises((Forbidden, NotFound)):
                    await service.wrap_ups.read(Actor("acme", role, "x"), session)
            with pytest.raises(Forbidden):
                await service.wrap_ups.write(
                    Actor("acme", "admin", "eve"), session, version=0, texts=TOLD
                )
            with pytest.raises(NotFound):
                await service.wrap_ups.read(Actor("other", "advisor", "ana"), session)

    asyncio.run(play())
