"""API keys and the one gate."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands import COMMANDS
from runtime.access import (
    PERMISSIONS,
    ROLES,
    Actor,
    Resource,
    authorize,
    is_in_scope,
    system_actor,
)
from runtime.clock import FixedClock
from runtime.errors import Forbidden, NotFound, Unauthenticated, WrongReference
from runtime.keys import YEAR, Keys
from runtime.store import statements as s
from tests.runtime.conftest import OpenService

ADMIN = Actor("acme", "admin", "root")


def test_a_key_is_recognised_until_it_expires(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            key = await service.keys.create("acme", "bot", name="chat", life=1_000)
            actor = await service.keys.recognise(key.token)
            assert (actor.tenant, actor.role, actor.by) == ("acme", "bot", "bot:chat")
            clock.advance(1_000)
            with pytest.raises(Unauthenticated):
                await service.keys.recognise(key.token)

    asyncio.run(play())


def test_a_revoked_key_opens_nothing_any_more(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            key = await service.keys.create("acme", "advisor", name="ana")
            await service.keys.recognise(key.token)
            with pytest.raises(NotFound):
                await service.keys.revoke(Actor("globex", "admin", "x"), key.id)
            await service.keys.revoke(ADMIN, key.id)
            with pytest.raises(Unauthenticated):
                await service.keys.recognise(key.token)
            with pytest.raises(NotFound):
                await service.keys.revoke(ADMIN, key.id)

    asyncio.run(play())


def test_a_key_s_secret_is_nowhere_in_the_database(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            key = await service.keys.create("acme", "advisor", name="ana", label="console")
            row = (await service.store.read(s.API_KEYS, "acme"))[0]
            secret = key.token.rsplit("_", 1)[1]
            assert len(secret) == 64
            assert not any(secret in str(value) for value in row)
            listed = await service.keys.all(ADMIN)
            assert [one["label"] for one in listed] == ["console"]
            assert "hash" not in listed[0]

    asyncio.run(play())


@pytest.mark.parametrize("token", ["", "pk", "pk_x_y", "pk__", "Bearer", "pk_é_x", "pk_a_b_c"])
def test_a_token_that_is_no_key_is_refused_alike(open_shop: OpenService, token: str) -> None:
    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(Unauthenticated):
                await service.keys.recognise(token)

    asyncio.run(play())


def test_another_secret_for_a_known_key_is_refused(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            key = await service.keys.create("acme", "advisor", name="ana")
            with pytest.raises(Unauthenticated):
                await service.keys.recognise(
                    key.token[:-1] + ("0" if key.token[-1] != "0" else "1")
                )

    asyncio.run(play())


def test_what_a_key_may_not_be_is_refused(open_shop: OpenService) -> None:
    async def refused(keys: Keys, role: str, scopes: set[str], life: int) -> None:
        with pytest.raises(WrongReference):
            await keys.create("acme", role, name="x", scopes=frozenset(scopes), life=life)

    async def play() -> None:
        async with open_shop() as service:
            await refused(service.keys, "system", set(), YEAR)
            await refused(service.keys, "king", set(), YEAR)
            await refused(service.keys, "bot", {"session.fly"}, YEAR)
            await refused(service.keys, "bot", set(), YEAR + 1)
            await refused(service.keys, "bot", set(), 0)

    asyncio.run(play())


def test_scopes_narrow_what_a_role_may_do() -> None:
    reader = Actor("acme", "advisor", "ana", frozenset({"session.read", "contact.*"}))

    authorize(reader, "session.read")
    authorize(reader, "contact.read")
    for action in ("session.start", "ticket.read", "session.command.answer"):
        with pytest.raises(Forbidden):
            authorize(reader, action)


@given(role=st.sampled_from(ROLES), action=st.sampled_from(sorted(PERMISSIONS)))
def test_no_role_does_anything_of_another_tenant(role: str, action: str) -> None:
    with pytest.raises(NotFound):
        authorize(Actor("acme", role, "x"), action, Resource("globex"))


@given(role=st.sampled_from(ROLES), action=st.text())
def test_what_the_table_does_not_name_is_refused_to_everyone(role: str, action: str) -> None:
    if action not in PERMISSIONS:
        with pytest.raises(Forbidden):
            authorize(Actor("acme", role, "x"), action)


def test_every_command_has_its_permission_and_the_system_s_are_only_its_own() -> None:
    for name, spec in COMMANDS.items():
        roles = PERMISSIONS[f"session.command.{name}"]
        assert roles == ({"system"} if spec.system else set(spec.roles))
    authorize(system_actor("acme"), "session.command.wake")
    assert set().union(*PERMISSIONS.values()) == set(ROLES)


@pytest.mark.parametrize(
    ("scopes", "action", "covered"),
    [
        (set(), "anything", True),
        ({"session.*"}, "session.command.answer", True),
        ({"session.command.*"}, "session.read", False),
        ({"session"}, "session.read", False),
    ],
)
def test_a_scope_covers_what_it_names(scopes: set[str], action: str, *, covered: bool) -> None:
    assert is_in_scope(frozenset(scopes), action) is covered
