"""Who waits for news of a session is woken when something was committed.

A hint only: readers then ask the database, which is also how they learn of other processes' turns.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Final

from engine.events import Event
from runtime.states import read_events
from runtime.store.port import Store

PAGE: Final = 200


class Feed:
    """In-process news of committed turns."""

    def __init__(self, store: Store, *, poll_s: float = 1.0) -> None:
        self._store = store
        self._poll = poll_s
        self._waiting: defaultdict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._closing = False

    def tell(self, tenant: str, session: str) -> None:
        """Wake whoever follows a session."""
        for news in self._waiting.get((tenant, session), ()):
            news.set()

    def close(self) -> None:
        """Let every follower come to its end."""
        self._closing = True
        for waiting in self._waiting.values():
            for news in waiting:
                news.set()

    async def follow(
        self, tenant: str, session: str, *, after: int = 0
    ) -> AsyncIterator[list[tuple[int, Event]]]:
        """Yield a session's events after a number, as they are committed; [] when nothing is new.

        Nothing is kept for a slow reader: it reads from the database where it left off. Each
        wait lasts a second at most, after which [] lets the caller send a heartbeat.
        """
        key = (tenant, session)
        news = asyncio.Event()
        self._waiting[key].add(news)
        try:
            while not self._closing:
                news.clear()
                events = await read_events(self._store, tenant, session, after=after, limit=PAGE)
                if events:
                    after = events[-1][0]
                    yield events
                    continue
                try:
                    async with asyncio.timeout(self._poll):
                        await news.wait()
                except TimeoutError:
                    yield []
        finally:
            self._waiting[key].discard(news)
            if not self._waiting[key]:
                del self._waiting[key]
