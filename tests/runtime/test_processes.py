"""Several processes on one PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runtime.errors import Stale
from runtime.settings import Settings
from runtime.upgrade import upgrade
from runtime.wiring import Service, open_service
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, reply, step


@pytest.mark.postgres
def test_two_processes_see_each_other_s_turns(postgres_url: str) -> None:
    upgrade(postgres_url)
    settings = Settings(database=postgres_url, fsync_off_allowed=True, background=False)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        async with open_service(settings) as service:
            if not await service.revisions.live("acme"):
                await service.revisions.publish(AUTHOR, FILES)
            yield service

    async def play() -> None:
        async with opened() as one, opened() as other:
            first = await begin(one, ANA)
            assert step(await other.sessions.view(ANA, first.session)) == "who"
            second = await reply(one, ANA, first, email="zoe@example.org")
            with pytest.raises(Stale) as stale:
                await reply(other, ANA, first, email="max@example.org")
            assert stale.value.version == second.version
            note = {"type": "note", "text": "from one"}
            await one.sessions.command(ANA, first.session, note)
            await other.sessions.command(ANA, first.session, note)
            assert step(await reply(other, ANA, second, order_id="F-1")) == "order"
            await assert_sound(other, "acme", first.session)

    asyncio.run(play())
