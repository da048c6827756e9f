"""Who signed in, until when, on both databases."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from runtime.access import PERMISSIONS, Actor
from runtime.clock import FixedClock
from runtime.errors import NotFound, Unauthenticated, WrongReference
from runtime.sign_ins import IDLE, LIFE, NAMED, SEEN, Opened, Person
from runtime.store import people as s
from runtime.wiring import Service
from tests.runtime.conftest import OpenService

ANA = Person(
    tenant="acme", role="advisor", id="ana", name="Ana Martin", language="fr", way="oidc",
    identity="https://id.example 1234",
)  # fmt: skip


async def refused(service: Service, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await service.sign_ins.recognise(token)


async def rows(service: Service, opened: Opened) -> list[Any]:
    return await service.store.read(s.SIGN_IN_ROW, opened.actor.tenant, opened.actor.sign_in)


def test_somebody_who_signed_in_is_recognised_by_the_token_alone(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            actor = await service.sign_ins.recognise(opened.token)
            assert (actor.tenant, actor.by, actor.key) == ("acme", "advisor:ana", None)
            assert actor == opened.actor
            await refused(service, opened.token[:-1] + ("A" if opened.token[-1] != "A" else "B"))

    asyncio.run(play())


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "A" * 43, "A" * 44, "A" * 42 + "\n"])
def test_a_token_nobody_was_given_opens_nothing(open_shop: OpenService, token: str) -> None:
    async def play() -> None:
        async with open_shop() as service:
            await refused(service, token)

    asyncio.run(play())


def test_the_token_is_nowhere_in_the_database(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            [row] = await rows(service, opened)
            assert len(opened.token) == 43
            assert not any(opened.token in str(value) for value in row)

    asyncio.run(play())


def test_a_sign_in_is_over_after_half_an_hour_without_a_request(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            for _ in range(3):
                clock.advance(IDLE - 1)
                await service.sign_ins.recognise(opened.token)
            clock.advance(IDLE)
            await refused(service, opened.token)

    asyncio.run(play())


def test_a_sign_in_is_over_after_ten_hours_however_busy_its_person_is(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            for _ in range(LIFE // (IDLE // 2) - 1):
                clock.advance(IDLE // 2)
                await service.sign_ins.recognise(opened.token)
            me = await service.sign_ins.me(opened.actor)
            assert me["idle_until"] == me["ends_at"] == me["signed_in_at"] + LIFE
            clock.advance(IDLE // 2)
            await refused(service, opened.token)

    asyncio.run(play())


def test_that_somebody_is_there_is_noted_once_a_minute_at_most(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            begun = clock.now()
            clock.advance(SEEN - 1)
            await service.sign_ins.recognise(opened.token)
            assert (await service.sign_ins.me(opened.actor))["idle_until"] == begun + IDLE
            clock.advance(1)
            await service.sign_ins.recognise(opened.token)
            assert (await service.sign_ins.me(opened.actor))["idle_until"] == clock.now() + IDLE

    asyncio.run(play())


def test_who_signs_out_is_out_at_once_and_elsewhere_still_in(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            here = await service.sign_ins.open(ANA)
            elsewhere = await service.sign_ins.open(ANA)
            await service.sign_ins.recognise(here.token)
            await service.sign_ins.close(here.actor)
            await refused(service, here.token)
            assert await service.sign_ins.recognise(elsewhere.token) == elsewhere.actor

    asyncio.run(play())


def test_signing_in_again_gives_another_token_and_ends_the_one_before(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first = await service.sign_ins.open(ANA)
            second = await service.sign_ins.open(ANA, replaced=first.token)
            assert first.token != second.token
            assert first.actor.sign_in != second.actor.sign_in
            await refused(service, first.token)
            assert await service.sign_ins.recognise(second.token) == second.actor

    asyncio.run(play())


def test_a_token_somebody_planted_is_never_the_one_that_is_given(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            planted = "A" * 43
            opened = await service.sign_ins.open(ANA, replaced=planted)
            assert opened.token != planted
            await refused(service, planted)

    asyncio.run(play())


def test_the_people_of_development_mode_are_nobody_outside_of_it(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(dev_mode=True) as service:
            assert [one.by for one in service.sign_ins.personas()] == [
                "advisor:ana", "advisor:bruno", "advisor:chloe", "supervisor:diane",
            ]  # fmt: skip
            opened = await service.sign_ins.open(
                service.sign_ins.persona("advisor:ana", language="fr")
            )
            assert (await service.sign_ins.recognise(opened.token)).tenant == "default"
        async with open_shop() as service:
            assert service.sign_ins.personas() == ()
            with pytest.raises(NotFound):
                service.sign_ins.persona("advisor:ana", language="fr")
            await refused(service, opened.token)

    asyncio.run(play())


def test_who_one_is_says_what_one_may_do_and_until_when(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            opened = await service.sign_ins.open(ANA)
            me = await service.sign_ins.me(opened.actor)
            assert me == {
                "tenant": "acme", "role": "advisor", "id": "ana", "name": "Ana Martin",
                "language": "fr",
                "permissions": sorted(a for a, roles in PERMISSIONS.items() if "advisor" in roles),
                "signed_in_at": clock.now(), "idle_until": clock.now() + IDLE,
                "ends_at": clock.now() + LIFE, "preferences": {},
            }  # fmt: skip

    asyncio.run(play())


def test_a_key_s_owner_sees_no_more_than_its_scopes_leave(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            scoped = Actor("acme", "bot", "chat", frozenset({"me.read", "search"}), "key_1")
            me = await service.sign_ins.me(scoped)
            assert me["permissions"] == ["me.read", "search"]
            assert me["signed_in_at"] is me["idle_until"] is me["ends_at"] is None

    asyncio.run(play())


def test_preferences_are_each_person_s_own_and_outlast_the_sign_in(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            ana = (await service.sign_ins.open(ANA)).actor
            await service.sign_ins.prefer(ana, {"theme": "dark"})
            await service.sign_ins.prefer(ana, {"theme": "light", "language": "en"})
            again = (await service.sign_ins.open(ANA)).actor
            me = await service.sign_ins.me(again)
            assert me["preferences"] == {"theme": "light", "language": "en"}
            assert me["language"] == "en"
            for other in (Actor("acme", "advisor", "bob"), Actor("globex", "advisor", "ana"),
                          Actor("acme", "supervisor", "ana")):  # fmt: skip
                assert (await service.sign_ins.me(other))["preferences"] == {}

    asyncio.run(play())


def test_preferences_beyond_eight_kilobytes_are_refused(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            ana = (await service.sign_ins.open(ANA)).actor
            with pytest.raises(WrongReference, match="8192"):
                await service.sign_ins.prefer(ana, {"note": "é" * 4_096})
            assert (await service.sign_ins.me(ana))["preferences"] == {}

    asyncio.run(play())


def test_what_is_over_for_good_is_forgotten(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            old = await service.sign_ins.open(ANA)
            clock.advance(LIFE - 1)
            new = await service.sign_ins.open(ANA)
            await service.sign_ins.purge()
            assert len(await rows(service, old)) == 1
            clock.advance(1)
            await service.sign_ins.purge()
            assert await rows(service, old) == []
            assert len(await rows(service, new)) == 1

    asyncio.run(play())


def test_a_colleague_is_called_by_the_name_they_signed_in_with_last(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            ana = (await service.sign_ins.open(ANA)).actor
            asked = ["advisor:ana", "advisor:nobody", "advisor:ana"]
            assert await service.sign_ins.names(ana, asked) == {"advisor:ana": "Ana Martin"}
            await service.sign_ins.open(replace(ANA, name="Ana Garcia"))
            assert await service.sign_ins.names(ana, asked) == {"advisor:ana": "Ana Garcia"}
            assert await service.sign_ins.names(replace(ana, tenant="other"), asked) == {}
            clock.advance(NAMED - 1)
            await service.sign_ins.purge()
            assert await service.sign_ins.names(ana, asked) == {"advisor:ana": "Ana Garcia"}
            clock.advance(1)
            await service.sign_ins.purge()
            assert await service.sign_ins.names(ana, asked) == {}

    asyncio.run(play())


def test_development_modes_people_have_names_there_alone(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop(dev_mode=True) as service:
            actor = Actor("default", "advisor", "ana")
            found = await service.sign_ins.names(actor, ["advisor:bruno"])
            assert found == {"advisor:bruno": "Bruno Leroy"}
            await service.sign_ins.open(service.sign_ins.persona("advisor:bruno", language="fr"))
        async with open_shop() as service:
            assert await service.sign_ins.names(actor, ["advisor:bruno"]) == {}

    asyncio.run(play())
