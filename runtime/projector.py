"""The time ledger's rows: each contact's time, cut into segments and kept for measuring.

The pure partition is `engine.ledger`; here its inputs are read and its rows stored, once a contact
is over: until then its time is worked out when somebody reads it. Positions are kept per stream
(session, contact) by event number, so that no late commit is ever skipped. Source: measures.md A1.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import fields
from typing import Any, Final

from engine.events import Event
from engine.ledger import Contact, Segment, segments
from engine.state import State
from runtime.contacts import FINISHED, ContactRow, contact_row
from runtime.errors import Failure
from runtime.observed import observed
from runtime.states import read_events, session_row
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

CATCH_UP: Final = 60.0
"""Seconds between two looks for what other processes, or a crash, left behind."""
SETTLE: Final = 0.5
"""Seconds over which a contact's turns are gathered before it is projected."""
BATCH: Final = 200

_log = logging.getLogger("parcours.projector")


def segment_shown(segment: Segment) -> dict[str, Any]:
    """Return a segment as the API shows it."""
    return {one.name: getattr(segment, one.name) for one in fields(segment)}


class Projector:
    """Keeps the table `segment` in step with the events."""

    def __init__(self, store: Store, *, alone: bool = False) -> None:
        """Say whether this process is `alone`: no other one then leaves anything behind."""
        self._store = store
        self._alone = alone
        self._dirty: set[tuple[str, str]] = set()
        self._news = asyncio.Event()

    def mark(self, tenant: str, state: State) -> None:
        """Say that a turn of a session was committed."""
        if state.contact is not None:
            self.mark_contact(tenant, state.contact)

    def mark_contact(self, tenant: str, contact: str) -> None:
        """Say that a contact passed to another phase."""
        self._dirty.add((tenant, contact))
        self._news.set()

    async def of_contact(self, tenant: str, row: ContactRow) -> tuple[Contact, list[Segment]]:
        """Return a contact and its time so far, from the latest events."""
        contact, parts, _ = await self._partition(tenant, row)
        return contact, parts

    async def of_session(self, tenant: str, session: str) -> list[tuple[Contact, list[Segment]]]:
        """Return every contact of a session, oldest first, with its time so far."""
        rows = await self._store.read(s.CONTACTS_OF_SESSION, tenant, session)
        return [await self.of_contact(tenant, contact_row(row)) for row in rows]

    async def _partition(
        self, tenant: str, row: ContactRow
    ) -> tuple[Contact, list[Segment], dict[str, int]]:
        contact = Contact(
            row["id"], row["channel"], row["direction"], row["offered"], row["answered"],
            row["ended"], row["wrapped"],
        )  # fmt: skip
        walked: list[list[Event]] = []
        positions = {row["id"]: row["seq"]}
        for found in await self._store.read(s.SESSIONS_OF_CONTACT, tenant, row["id"]):
            session = session_row(found)
            events = await read_events(self._store, tenant, session["id"])
            walked.append([event for _, event in events])
            positions[session["id"]] = events[-1][0] if events else 0
        seen = () if walked else await observed(self._store, tenant, row["id"])
        return contact, segments(contact, walked, observed=seen), positions

    async def project(self, tenant: str, contact: str) -> None:
        """Write a contact's segments anew, in one transaction with the positions they stand for.

        A contact that is not over has none yet: worked out at every turn, they would cost more than
        the turns.
        """
        rows = await self._store.read(s.CONTACT, tenant, contact)
        if not rows or (row := contact_row(rows[0]))["status"] not in FINISHED:
            return
        _, parts, positions = await self._partition(tenant, row)
        unit = Unit()
        unit.add(s.DROP_SEGMENTS, tenant, contact)
        for place, part in enumerate(parts):
            unit.add(
                s.NEW_SEGMENT, tenant, contact, place, part.start, part.end, part.category,
                part.session, part.visit, part.step, part.raw, part.flag,
            )  # fmt: skip
        for stream, seq in positions.items():
            unit.add(s.SET_PROJECTION, tenant, stream, seq)
        try:
            await self._store.commit(unit)
        except LostRace:
            # Another process wrote them meanwhile; the next look sees whether they are the latest.
            self._dirty.add((tenant, contact))

    async def catch_up(self) -> int:
        """Project what is over and behind, and return how many contacts were."""
        done = 0
        while rows := await self._store.read(s.BEHIND, BATCH):
            for tenant, contact in rows:
                await self.project(tenant, contact)
            done += len(rows)
            if len(rows) < BATCH:
                break
        return done

    async def work(self) -> None:
        """Project what was marked, and now and then what was not, until cancelled."""
        while True:
            try:
                await self.catch_up()
                async with asyncio.timeout(None if self._alone else CATCH_UP):
                    while True:
                        await self._news.wait()
                        await asyncio.sleep(SETTLE)
                        self._news.clear()
                        while self._dirty:
                            await self.project(*self._dirty.pop())
            except TimeoutError:
                continue
            except Failure as failure:
                _log.warning("projector_waits", extra={"code": failure.code})
                await asyncio.sleep(CATCH_UP / 60)
