"""What time ends: contacts nobody goes on with, sessions left too long, words kept too long.

A self-care contact ends at its last activity. A session nobody touches any more ends as abandoned.
What was said in one that ended is emptied once its library's retention is over; its codes and times
stay. Source: semantics.md 2; promises.md 3.1 (retention).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, Final

from engine.commands import Command
from engine.evolve import ENDED
from engine.parts import RETENTION
from runtime.clock import Clock
from runtime.contacts import SELF_CARE, Contacts
from runtime.erasing import Erasing
from runtime.errors import Failure, NotFound
from runtime.revisions import Revisions
from runtime.sessions import Sessions
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

LOOK_EVERY: Final = 60.0
"""Seconds between two looks for contacts that nobody goes on with."""
SWEEP_EVERY: Final = 86_400.0
"""Seconds between two sweeps through all sessions."""
YOUNG: Final = 3_600_000
"""Milliseconds since its last turn before which no session is looked at."""
BATCH: Final = 200

_log = logging.getLogger("parcours.retention")


@dataclass(slots=True, kw_only=True)
class Retention:
    """Ends and empties what has had its time."""

    store: Store
    clock: Clock
    contacts: Contacts
    sessions: Sessions
    revisions: Revisions
    erasing: Erasing
    idle_ms: int
    spans: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    async def end_idle(self) -> int:
        """End self-care contacts nobody goes on with, at their last activity; return how many."""
        ended = 0
        before = self.clock.now() - self.idle_ms
        while rows := await self.store.read(s.IDLE_CONTACTS, before, BATCH):
            done = [await self._end(tenant, contact) for tenant, contact in rows]
            ended += sum(done)
            if not any(done):
                break
        return ended

    async def _end(self, tenant: str, contact: str) -> bool:
        """End a contact that belongs to its sessions at the last thing anybody did in it.

        Gives False when it is over already, or somebody was quicker.
        """
        row = await self.contacts.row(tenant, contact)
        if not row["implied"] or row["status"] != "answered":
            return False
        last = (await self.store.read(s.LAST_ACTIVITY, tenant, contact))[0][0]
        at = max(last or 0, row["answered"])
        unit = Unit()
        ended = self.contacts.move(unit, row, "ended", at=at, by="system")
        self.contacts.move(unit, ended, "wrapped_up", at=at, by="system")
        try:
            await self.store.commit(unit)
        except LostRace:
            return False
        self.contacts.tell(tenant, contact)
        return True

    async def sweep(self) -> tuple[int, int]:
        """Go through all sessions; return how many were ended, and how many emptied."""
        ended = emptied = 0
        now = self.clock.now()
        place = ("", "")
        while rows := await self.store.read(s.OLD_SESSIONS, *place, now - YOUNG, BATCH):
            for tenant, session, revision, status, audience, contact, at in rows:
                place = (tenant, session)
                spans = await self._spans_of(tenant, revision)
                if status not in ENDED:
                    span = spans["self_care" if audience in SELF_CARE else "left"]
                    if now - at >= span and await self._expire(tenant, session, contact, now):
                        ended += 1
                elif now - at >= spans["contacts"] and await self._empty(tenant, session):
                    emptied += 1
            # A large table is gone through without keeping anybody waiting.
            await asyncio.sleep(0)
        if emptied:
            await self.store.scrub()
        return ended, emptied

    async def _spans_of(self, tenant: str, revision: str) -> dict[str, int]:
        known = self.spans.get((tenant, revision))
        if known is None:
            try:
                written = (await self.revisions.get(tenant, revision)).library.retention
            except NotFound:
                written = {}
            known = self.spans[(tenant, revision)] = {**RETENTION, **written}
        return known

    async def _expire(self, tenant: str, session: str, contact: str | None, now: int) -> bool:
        """End a session as abandoned, unless it sleeps until a time that is yet to come."""
        if await self.store.read(s.TIMER_AHEAD, tenant, session, now):
            return False
        if contact is not None:
            # Where its people left it, not where it is found.
            await self._end(tenant, contact)
        return await self.sessions.system(tenant, session, Command("expire", {}))

    async def _empty(self, tenant: str, session: str) -> bool:
        if not await self.store.read(s.HAS_PAYLOAD, tenant, session):
            return False
        if await self.store.read(s.OPEN_EFFECTS, tenant, session):
            return False
        await self.erasing.session(tenant, session, by="system")
        return True

    async def work(self) -> None:
        """Look and sweep until cancelled."""
        loop = asyncio.get_running_loop()
        swept = loop.time() - SWEEP_EVERY
        while True:
            try:
                await self.end_idle()
                if loop.time() - swept >= SWEEP_EVERY:
                    swept = loop.time()
                    told: dict[str, Any] = dict(
                        zip(("ended", "emptied"), await self.sweep(), strict=True)
                    )
                    _log.info("swept", extra=told)
            except Failure as failure:
                _log.warning("retention_waits", extra={"code": failure.code})
            await asyncio.sleep(LOOK_EVERY)
