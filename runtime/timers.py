"""Timers: what a sleeping session waits for, woken when it is due, after a restart too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from engine.state import State
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.store import statements as s
from runtime.store.port import Store

BATCH: Final = 100
LONGEST: Final = 1.0
"""Seconds between two looks: another process may have set a timer."""

_log = logging.getLogger("parcours.timers")

Wake = Callable[[str, str, str], Awaitable[None]]
"""Wakes (tenant, session, wait); ignored by the session when that wait is over."""


class Timers:
    """The timers of all sessions, in the database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._wake: Wake | None = None
        self._news = asyncio.Event()

    def wake_through(self, wake: Wake) -> None:
        """Say who wakes sessions."""
        self._wake = wake

    def mark(self, _tenant: str, state: State) -> None:
        """Say that a turn may have set a timer."""
        if state.wait is not None and state.wait.due is not None:
            self._news.set()

    async def fire(self) -> int:
        """Wake every session whose timer is due, oldest first, and return how many.

        Several processes may wake the same one: the second finds its wait over.
        """
        assert self._wake is not None
        fired = 0
        while rows := await self._store.read(s.DUE_TIMERS, self._clock.now(), BATCH):
            for tenant, session, wait, _ in rows:
                await self._wake(tenant, session, wait)
            fired += len(rows)
        return fired

    async def work(self) -> None:
        """Wake what is due until cancelled."""
        while True:
            pause = LONGEST
            try:
                await self.fire()
                rows = await self._store.read(s.NEXT_TIMER)
                if rows and rows[0][0] is not None:
                    pause = min(pause, max(0.0, (rows[0][0] - self._clock.now()) / 1_000))
            except Failure as failure:
                _log.warning("timers_wait", extra={"code": failure.code})
            self._news.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                continue
