"""What waits for one's teams, as it comes and goes: told to their members at once.

One look a second at which sessions of a tenant wait, for all who follow in a process; a turn made
here is looked at immediately. Whoever follows reads their own list only where that changed. The
first round is the whole, so that nobody who comes back misses anything. Decision 0048.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.side_calls import asked
from engine.state import State
from runtime.access import Actor
from runtime.store import statements as s
from runtime.store.port import Row, Store

MOST: Final = 100
"""Most sessions that one follower is told of, the newest."""
AGAIN: Final = 30
"""Rounds after which a follower's list is read though no session moved: what is known of customers
may have changed."""

Listed = dict[str, Any]
Round = list[tuple[int, dict[str, Any]]]
Read = Callable[[Actor, str, int], Awaitable[list[Listed]]]
"""Gives what waits for an actor's teams, worded in a language, so many at most."""


@dataclass(slots=True)
class _Look:
    """What waits in a tenant, as it was read last; `is_stale` once something moved since."""

    followers: set[asyncio.Event] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    stamp: tuple[Row, ...] = ()
    sessions: frozenset[str] = frozenset()
    at: float = 0.0
    is_stale: bool = True


class Waiting:
    """Who follows what waits for their teams, in this process."""

    def __init__(self, store: Store, read: Read, *, poll_s: float = 1.0) -> None:
        self._store = store
        self._read = read
        self._poll = poll_s
        self._looks: defaultdict[str, _Look] = defaultdict(_Look)

    def mark(self, tenant: str, state: State) -> None:
        """Wake whoever follows, after a turn of a session that waits, or waited."""
        look = self._looks.get(tenant)
        if look is None or (asked(state) is None and state.session not in look.sessions):
            return
        look.is_stale = True
        for news in look.followers:
            news.set()

    async def follow(self, actor: Actor, *, language: str) -> AsyncGenerator[Round, None]:
        """Yield what waits for an actor's teams: the whole first, then what changes of it.

        Events are {kind: snapshot, items, more}, {kind: asked or changed, item} and {kind: gone,
        session}, each with number 0. Each wait lasts a second at most; [] says that nothing is new.
        """
        look, news = self._looks[actor.tenant], asyncio.Event()
        look.followers.add(news)
        seen: tuple[Row, ...] | None = None
        held: dict[str, Listed] = {}
        quiet = 0
        try:
            while True:
                news.clear()
                stamp, quiet = await self._looked(actor.tenant, look), quiet + 1
                if stamp == seen and quiet < AGAIN:
                    yield []
                else:
                    items = await self._read(actor, language, MOST + 1)
                    found = {one["id"]: one for one in items[:MOST]}
                    more = len(items) > MOST
                    yield _snapshot(found, more) if seen is None else changes(held, found)
                    seen, held, quiet = stamp, found, 0
                await _wait(news, self._poll)
        finally:
            look.followers.discard(news)
            if not look.followers:
                self._looks.pop(actor.tenant, None)

    async def _looked(self, tenant: str, look: _Look) -> tuple[Row, ...]:
        """Return what waits in a tenant, read at most once a second for all unless it moved."""
        async with look.lock:
            if look.is_stale or time.monotonic() - look.at >= self._poll:
                look.is_stale = False
                rows = await self._store.read(s.WAITING_SESSIONS, tenant)
                look.stamp, look.at = tuple(tuple(row) for row in rows), time.monotonic()
                look.sessions = frozenset(str(row[0]) for row in rows)
            return look.stamp


async def _wait(news: asyncio.Event, poll_s: float) -> None:
    try:
        async with asyncio.timeout(poll_s):
            await news.wait()
    except TimeoutError:
        return


def _snapshot(found: dict[str, Listed], more: bool) -> Round:
    return [(0, {"kind": "snapshot", "items": list(found.values()), "more": more})]


def changes(before: dict[str, Listed], after: dict[str, Listed]) -> Round:
    """Return what leads from one list to the next: what is asked, what changed, what is gone."""
    events: Sequence[dict[str, Any]] = [
        *({"kind": "gone", "session": one} for one in before if one not in after),
        *(
            {"kind": "asked" if _is_new(before.get(one), item) else "changed", "item": item}
            for one, item in after.items()
            if before.get(one) != item
        ),
    ]
    return [(0, event) for event in events]


def _is_new(before: Listed | None, after: Listed) -> bool:
    """Return whether somebody asks who did not ask before, or asks for something else."""
    return before is None or before["asked"] != after["asked"]
