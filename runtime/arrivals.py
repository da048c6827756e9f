"""What other systems say, brought to the sessions that wait for it.

A message is acknowledged once it is on disk, by its id once; bringing it to whom it concerns comes
after, and is taken up again after a crash. What nobody waits for yet is kept for a time: the first
session that begins to wait for it has it at once. Decision 0021.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from connectors.hooks import REMEMBERED, Teller
from engine.commands import Command
from engine.refusals import Refused
from engine.state import State
from runtime.awaiting import key_of
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.json_text import from_text, to_text
from runtime.sessions import Sessions
from runtime.store import arrivals as s
from runtime.store.port import KeyTaken, LostLease, Statement, Store, Unit, Write

BATCH: Final = 100
LOOK_EVERY: Final = 1.0
"""Seconds between two looks: another process may have taken a message in."""

_log = logging.getLogger("parcours.arrivals")


@dataclass(frozen=True, slots=True)
class _Came:
    """One thing said, as it is stored."""

    tenant: str
    source: str
    message: str
    key: str
    content: str

    @property
    def id(self) -> tuple[str, str, str]:
        return self.tenant, self.source, self.message


@dataclass(slots=True, kw_only=True)
class Arrivals:
    """The messages of all sources, and who waits for them."""

    store: Store
    clock: Clock
    sessions: Sessions
    tellers: Mapping[str, Teller] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def mark(self, _tenant: str, state: State) -> None:
        """Say that a turn may have begun to wait for an event."""
        if state.wait is not None and state.wait.what == "event":
            self.news.set()

    async def take_in(self, teller: Teller, message: str, content: Any) -> bool:
        """Have a message on disk, and return whether it is the first time it comes."""
        now = self.clock.now()
        forget = now + teller.remembered_ms
        unit = Unit()
        name, kept = teller.name, now + teller.kept_ms
        keyed = [(said, key_of(said.event, said.match)) for said in teller.read(content)]
        # The message's own row is there even when it says nothing to us: its id is remembered.
        unit.add(
            s.NEW_ARRIVAL, teller.tenant, name, message, None, None, "heard", None, now, kept,
            forget,
        )  # fmt: skip
        for number, (said, key) in enumerate(keyed, 1):
            if key is not None:
                unit.add(
                    s.NEW_ARRIVAL, teller.tenant, name, f"{message}#{number}", said.event, key,
                    "new", to_text(said.content), now, kept, forget,
                )  # fmt: skip
        try:
            await self.store.commit(unit)
        except KeyTaken:
            return False
        self.news.set()
        return True

    async def deliver(self) -> int:
        """Bring what came to whom it concerns; return how many sessions went on."""
        woken = 0
        while rows := await self.store.read(s.NEW_ARRIVALS, BATCH):
            for row in rows:
                woken += await self._bring(_Came(*row))
        while rows := await self.store.read(s.NOT_LOOKED, BATCH):
            for tenant, session, wait, key in rows:
                woken += await self._look(tenant, session, wait, key=key)
        return woken

    async def _bring(self, came: _Came) -> int:
        """Bring one thing said to every session that waits for it now."""
        became = [
            await self._wake(came, session, wait)
            for session, wait in await self.store.read(s.AWAITING, came.tenant, came.key)
        ]
        await self._write(s.TAKEN if set(became) - {"over"} else s.KEEP, *came.id)
        return became.count("woken")

    async def _look(self, tenant: str, session: str, wait: str, *, key: str) -> int:
        """Give a session that begins to wait what came before."""
        for row in await self.store.read(s.KEPT, tenant, key, self.clock.now()):
            came = _Came(*row)
            if await self._wake(came, session, wait, also=[(s.TAKE_KEPT, came.id)]) == "woken":
                return 1
        await self._write(s.LOOKED, tenant, session, wait)
        return 0

    async def _wake(
        self, came: _Came, session: str, wait: str, *, also: Sequence[Write] = ()
    ) -> str:
        """Bring something said to a session, and return what became of it.

        `woken`: it goes on. `had`: it had this very message before, a session takes each once.
        `over`: it waits no longer.
        """
        body = {"wait": wait, "event": from_text(came.content)}
        also = [(s.TAKE, (*came.id, session, self.clock.now())), *also]
        wake = self.sessions.system
        try:
            try:
                went_on = await wake(came.tenant, session, Command("wake", body), also=also)
            except Refused as refused:
                # More than the session may hold: it goes on all the same, without the content.
                _log.error("arrival_not_kept", extra={"session": session, "code": refused.code})
                bare = Command("wake", {"wait": wait})
                went_on = await wake(came.tenant, session, bare, also=also)
        except LostLease:
            return "had"
        return "woken" if went_on else "over"

    async def _write(self, write: Statement, *values: Any) -> None:
        unit = Unit()
        unit.add(write, *values)
        await self.store.commit(unit)

    async def purge(self) -> None:
        """Empty what was kept long enough, and forget ids that need not be known any more."""
        longest = max((one.remembered_ms for one in self.tellers.values()), default=REMEMBERED)
        now = self.clock.now()
        unit = Unit()
        unit.add(s.EMPTY_ARRIVALS, now)
        unit.add(s.FORGET_ARRIVALS, now)
        unit.add(s.FORGET_TAKINGS, now - longest)
        await self.store.commit(unit)

    async def work(self) -> None:
        """Bring what comes until cancelled."""
        while True:
            self.news.clear()
            try:
                await self.deliver()
            except Failure as failure:
                _log.warning("arrivals_wait", extra={"code": failure.code})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.news.wait()
