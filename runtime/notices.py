"""What listeners are told of sessions and figures: at least once, each one's in order, for a day.

A turn that something happened in records what is to be told in its own transaction. Eight attempts
over 24 hours, then it is a dead letter; an address that says it is gone is told nothing more.
Source: promises.md 1 (8), 3.1; experience.md 3.4.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from connectors.listeners import Hears, NotHeard
from engine.codec import encode
from engine.events import (
    Accepted,
    ConsultAnswered,
    Consulted,
    Declined,
    Ended,
    Entered,
    Event,
    Left,
    PassedOn,
    Promised,
    PromiseFollowed,
    PromiseMoved,
    Requested,
    Settled,
    Slept,
    Started,
    TransferAsked,
)
from engine.state import State
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.json_text import from_text, to_text
from runtime.store import notices as s
from runtime.store.port import Store, Unit
from runtime.team_file import Teams

_S: Final = 1_000
_H: Final = 3_600 * _S
DELAYS: Final = (5 * _S, 300 * _S, 1_800 * _S, 2 * _H, 4 * _H, 6 * _H, 11 * _H)
"""Milliseconds between eight attempts: 23 h 35 min in all."""
LEASE: Final = 60_000
"""Milliseconds an attempt belongs to the process that makes it."""
BATCH: Final = 50
AT_ONCE: Final = 4
LOOK_EVERY: Final = 1.0
KEPT: Final = 24 * _H
KEPT_DEAD: Final = 90 * 24 * _H

_TYPES: Final[dict[type[Event], str]] = {
    Started: "session.started",
    Slept: "session.waiting",
    TransferAsked: "session.transferred",
    Ended: "session.ended",
    Entered: "step.entered",
    Left: "step.left",
    Requested: "action.asked",
    Promised: "promise.made",
    PromiseMoved: "promise.moved",
    Accepted: "session.accepted",
    Declined: "session.declined",
    PassedOn: "session.passed_on",
}
_SETTLED: Final = ("succeeded", "refused", "failed", "unknown")

_log = logging.getLogger("parcours.notices")


def type_of(event: Event) -> str | None:
    """Return what an event is called outside; None for one that nobody is told of."""
    if isinstance(event, Settled):
        return f"action.{event.status}" if event.status in _SETTLED else None
    if isinstance(event, PromiseFollowed):
        return f"promise.{event.state}"
    if isinstance(event, Consulted):
        return "consult.asked" if event.on else None
    if isinstance(event, ConsultAnswered):
        return "consult.accepted" if event.accepted else "consult.declined"
    return _TYPES.get(type(event))


def asked_of(event: Event) -> str | None:
    """Return the team or skill that an event asks for; None when it asks for none."""
    if isinstance(event, Consulted):
        return event.team if event.on else None
    return event.to if isinstance(event, TransferAsked | PassedOn) else None


@dataclass(slots=True, kw_only=True)
class Notices:
    """What is to be told, and telling it."""

    store: Store
    clock: Clock
    listeners: Sequence[Hears] = ()
    teams: Teams = field(default_factory=Teams)
    gone: set[tuple[str, str]] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def heard_by(self, tenant: str, kind: str | None) -> list[Hears]:
        """Return the tenant's listeners who are told of a type, but for those that are gone."""
        return [
            one for one in self.listeners
            if one.tenant == tenant and kind in one.types and (tenant, one.id) not in self.gone
        ]  # fmt: skip

    def put(
        self, unit: Unit, tenant: str, state: State, *, events: Iterable[tuple[int, Event]]
    ) -> None:
        """Add to a turn what its events tell the tenant's listeners."""
        if not self.listeners:
            return
        for seq, event in events:
            kind = type_of(event)
            if kind is None or not self.heard_by(tenant, kind):
                continue
            # The header of an event holds nothing personal; its payload is told to nobody.
            data = {**encode(event)[0], "session": state.session, "seq": seq,
                    "journey": state.journey, "by": event.by.partition(":")[0]}  # fmt: skip
            data |= self._context(tenant, state, event)
            self.tell(unit, tenant, kind, about=(state.session, seq), at=event.at, data=data)
            self.news.set()

    def tell(
        self, unit: Unit, tenant: str, kind: str, *, about: tuple[str, int], at: int,
        data: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Add to a unit what the tenant's listeners of a type are told, in the order of `about`.

        `about` is a session, a threshold … and the number of what happened to it.
        """
        for listener in self.heard_by(tenant, kind):
            unit.add(
                s.NEW_NOTICE, tenant, listener.id, *about, kind, to_text(data), "ready", 0, at, 0,
                None, at,
            )  # fmt: skip

    def _context(self, tenant: str, state: State, event: Event) -> dict[str, Any]:
        """Return what whoever is asked needs to look up: who they are, whom and what it is about.

        By reference: what the customer is called and what they said is read, with the right to.
        """
        team = asked_of(event)
        if team is None:
            return {}
        return {
            "members": self.teams.members(tenant, team), "customer": state.customer,
            "ticket": state.ticket, "channel": state.channel,
            "motives": state.codes["declaration"],
        }  # fmt: skip

    async def deliver(self) -> int:
        """Tell what is due, each session's in order; return how many were taken."""
        by_id = {(one.tenant, one.id): one for one in self.listeners}
        taken = 0
        while rows := await self.store.read(s.DUE_NOTICES, self.clock.now(), BATCH):
            room = asyncio.Semaphore(AT_ONCE)
            outcomes = await asyncio.gather(
                *(self._tell(by_id.get((row[0], row[1])), row, room=room) for row in rows)
            )
            taken += sum(outcomes)
            if not any(outcomes):
                break
        return taken

    async def _tell(self, listener: Hears | None, row: Any, *, room: asyncio.Semaphore) -> bool:
        tenant, listener_id, session, seq, kind, content, at = row
        key = (tenant, listener_id, session, seq)
        if listener is None:
            # The deployment names it no more, or another address: nobody will ever take it.
            await self.store.change(s.DEAD_NOTICE, *key, "listener.unknown")
            return True
        async with room:
            claimed = await self.store.change(s.CLAIM_NOTICE, *key, LEASE)
            if not claimed:
                return False
            happened = datetime.fromtimestamp(at / 1_000, UTC).isoformat(timespec="milliseconds")
            message = {"type": kind, "timestamp": happened.replace("+00:00", "Z"),
                       "data": from_text(content)}  # fmt: skip
            try:
                await listener.hear(f"{session}-{seq}", message)
            except NotHeard as lost:
                await self._not_heard(key, lost, attempt=claimed[0][0])
                return False
            await self.store.change(s.SENT_NOTICE, *key)
            return True

    async def _not_heard(
        self, key: tuple[str, str, str, int], lost: NotHeard, *, attempt: int
    ) -> None:
        about = {"listener": key[1], "session": key[2], "code": lost.reason}
        if lost.is_gone:
            self.gone.add(key[:2])
            await self.store.change(s.GONE_LISTENER, *key[:2])
            _log.error("listener_gone", extra=about)
        elif attempt > len(DELAYS):
            await self.store.change(s.DEAD_NOTICE, *key, lost.reason)
            _log.error("notice_dead", extra=about)
        else:
            later = self.clock.now() + DELAYS[attempt - 1]
            await self.store.change(s.LATER_NOTICE, *key, later, lost.reason)

    async def recall(self) -> None:
        """Know again which addresses said that they are gone: to whichever process, and when."""
        self.gone = {(row[0], row[1]) for row in await self.store.read(s.GONE_LISTENERS)}

    async def follow(self) -> None:
        """Keep knowing which addresses are gone until cancelled: a supervisor may take one back."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with contextlib.suppress(Failure):
                await self.recall()

    async def states(self) -> dict[str, int]:
        """Return how many notices are in each state, over all tenants."""
        return {row[0]: row[1] for row in await self.store.read(s.NOTICE_STATES)}

    async def purge(self) -> None:
        """Forget what was told a day ago, and dead letters after their time."""
        now, unit = self.clock.now(), Unit()
        unit.add(s.FORGET_NOTICES, now - KEPT, now - KEPT_DEAD)
        await self.store.commit(unit)

    async def work(self) -> None:
        """Tell what is due until cancelled."""
        while True:
            self.news.clear()
            try:
                await self.deliver()
            except Failure as failure:
                _log.warning("notices_wait", extra={"code": failure.code})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.news.wait()
