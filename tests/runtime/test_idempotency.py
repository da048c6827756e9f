"""Keys of requests that are about no session: one effect, and the first answer again."""

import asyncio
from typing import Any

import pytest

from runtime.clock import FixedClock
from runtime.errors import KeyReused, KeyRunning
from runtime.idempotency import LIFE, Answer, Keep, Key
from runtime.json_text import to_bytes
from runtime.store.port import Unit
from runtime.wiring import Service
from tests.runtime.conftest import ANA, OpenService

KEY = Key("k1", "print-1")


class Bell:
    """Something that is done once it is let."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.rung = 0
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def ring(self, keep: Keep) -> dict[str, Any]:
        """Wait to be let, then commit with the key."""
        self.begun.set()
        await self.let.wait()
        self.rung += 1
        unit = Unit()
        keep(unit, {"rung": self.rung})
        await self.service.store.commit(unit)
        return {"rung": self.rung}

    async def asked(self, key: Key = KEY, *, looks_first: bool = False) -> Answer:
        """Ask for it with a key."""
        return await self.service.idempotency.answered(
            ANA, key, do=self.ring, body=to_bytes, looks_first=looks_first
        )


def test_while_it_runs_the_same_request_is_told_so_and_another_that_its_key_is_taken(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop(inline_ms=1) as service:
            bell = Bell(service)
            first = asyncio.create_task(bell.asked())
            await bell.begun.wait()
            with pytest.raises(KeyRunning):
                await bell.asked()
            with pytest.raises(KeyReused):
                await bell.asked(Key("k1", "print-2"))
            bell.let.set()
            assert not (await first).is_replay
            again = await bell.asked()
            assert (again.is_replay, again.body) == (True, b'{"rung":1}')

    asyncio.run(play())


def test_what_is_dear_is_not_done_to_find_that_it_was(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            bell = Bell(service)
            bell.let.set()
            first = await bell.asked(looks_first=True)
            again = await bell.asked(looks_first=True)
            assert (bell.rung, again.body, again.is_replay) == (1, first.body, True)
            with pytest.raises(KeyReused):
                await bell.asked(Key("k1", "print-2"), looks_first=True)

    asyncio.run(play())


def test_a_key_whose_day_is_over_is_as_good_as_new(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            bell = Bell(service)
            bell.let.set()
            await bell.asked()
            clock.advance(LIFE)
            again = await bell.asked()
            assert (bell.rung, again.is_replay) == (2, False)

    asyncio.run(play())
