"""What measures are worked out from, as it is stored: contacts that are over, sessions, tickets.

Nothing here is personal: what people said is not read, only codes, names of steps and times.
Source: semantics.md 25.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from engine.events import Attached, Event
from engine.ledger import Observed
from runtime.contacts import FINISHED, ContactRow, contact_row
from runtime.json_text import from_text
from runtime.observed import observed
from runtime.opinions import opinion_shown
from runtime.states import event_of, session_row
from runtime.store import ratings as r
from runtime.store import statements as s
from runtime.store import tickets as t
from runtime.store.port import Store, statement
from runtime.store.tables import TICKET

PAGE: Final = 500
_TICKET_COLUMNS: Final = tuple(column.name for column in TICKET.columns)

CHANGED: Final = statement(
    "SELECT tenant, id, status, max(at), sum(seq) FROM ("
    "SELECT tenant, id, status, updated_at AS at, seq FROM contact WHERE updated_at >= $1 "
    "UNION ALL SELECT l.tenant, l.contact, c.status, s.updated_at, s.seq FROM session s "
    "JOIN contact_session l ON l.tenant = s.tenant AND l.session = s.id "
    "JOIN contact c ON c.tenant = l.tenant AND c.id = l.contact "
    "WHERE s.updated_at >= $1 "
    "UNION ALL SELECT o.tenant, o.contact, c.status, o.at, o.at FROM opinion o "
    "JOIN contact c ON c.tenant = o.tenant AND c.id = o.contact WHERE o.at >= $1 "
    "UNION ALL SELECT r.tenant, r.contact, c.status, r.at, r.at FROM rating r "
    "JOIN contact c ON c.tenant = r.tenant AND c.id = r.contact WHERE r.at >= $1"
    ") AS moved GROUP BY tenant, id, status ORDER BY tenant, id"
)
HEADERS: Final = statement(
    "SELECT seq, kind, at, actor, header, NULL FROM event WHERE tenant = $1 "
    "AND stream = 'session' AND stream_id = $2 ORDER BY seq"
)
MERGES: Final = statement("SELECT tenant, id, merged_into FROM customer WHERE merged_into <> ''")
TICKETS: Final = statement(
    "SELECT id, ticket FROM session WHERE tenant = $1 AND ticket IS NOT NULL"
)
CONTACTS_OF_CUSTOMER: Final = statement(
    "SELECT id FROM contact WHERE tenant = $1 AND customer = $2"
)


@dataclass(frozen=True, slots=True)
class Rating:
    """What one listener found in a contact.

    `parts` are (begins, ends, category, per cent useful), milliseconds after the contact began.
    """

    rater: str
    parts: list[tuple[int, int, str, int]]
    codes: dict[str, str]


@dataclass(slots=True)
class Batch:
    """Some contacts of one tenant, with all that bears on them and on their tickets.

    Attributes:
        contacts: by id, those that are over; `others`: those that go on, and further contacts of
            their tickets; `going_on`: those of them that were asked for.
        sessions: by id, each with its events, oldest first, without what people said.
        served: contact -> the sessions it served; `of_ticket`: ticket -> its sessions.
        opinions: contact -> what its customer said of it; `ratings`: what listeners found in it.
        observed: contact -> what a log says of it, where it served none.
        moved: tickets that count no more, their session having gone on with another, and when
            each was opened.
    """

    tenant: str
    contacts: dict[str, ContactRow] = field(default_factory=dict)
    others: dict[str, ContactRow] = field(default_factory=dict)
    sessions: dict[str, tuple[dict[str, Any], list[Event]]] = field(default_factory=dict)
    going_on: list[str] = field(default_factory=list)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    served: dict[str, list[str]] = field(default_factory=dict)
    of_ticket: dict[str, list[str]] = field(default_factory=dict)
    contacts_of: dict[str, list[str]] = field(default_factory=dict)
    opinions: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratings: dict[str, list[Rating]] = field(default_factory=dict)
    observed: dict[str, list[Observed]] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)

    def contact(self, contact: str) -> ContactRow:
        """Return a contact of the batch, over or not."""
        return self.contacts.get(contact) or self.others[contact]


class Finished:
    """Reads what happened, for measuring; each batch is one tenant's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def changed(self, since: int) -> dict[tuple[str, str], tuple[bool, int, int]]:
        """Return the (tenant, contact) that changed at `since` or later, in milliseconds UTC.

        Each with a stamp that is another one after a further change; its first part says whether
        the contact is over.
        """
        rows = await self._store.read(CHANGED, since)
        return {(row[0], row[1]): (row[2] in FINISHED, int(row[3]), int(row[4])) for row in rows}

    async def merges(self) -> dict[str, dict[str, str]]:
        """Return, by tenant, each merged customer and the one it ended up in."""
        found: dict[str, dict[str, str]] = {}
        for tenant, customer, into in await self._store.read(MERGES):
            found.setdefault(tenant, {})[customer] = into
        for into_of in found.values():
            for customer in into_of:
                seen = {customer}
                while (into := into_of.get(into_of[customer])) is not None and into not in seen:
                    seen.add(into)
                    into_of[customer] = into
        return found

    async def contacts_of_customer(self, tenant: str, customer: str) -> list[str]:
        """Return the contacts a customer is named in."""
        rows = await self._store.read(CONTACTS_OF_CUSTOMER, tenant, customer)
        return [row[0] for row in rows]

    async def tickets_of(self, tenant: str) -> dict[str, str]:
        """Return the ticket of each session that has one."""
        return {row[0]: row[1] for row in await self._store.read(TICKETS, tenant)}

    async def batch(self, tenant: str, contacts: Iterable[str]) -> Batch:
        """Return contacts with their sessions and tickets, and those tickets' other contacts."""
        batch = Batch(tenant)
        for contact in contacts:
            rows = await self._store.read(s.CONTACT, tenant, contact)
            if not rows:
                continue
            row = contact_row(rows[0])
            if row["status"] in FINISHED:
                batch.contacts[contact] = row
                await self._add_judged(batch, contact)
            else:
                batch.others[contact] = row
                batch.going_on.append(contact)
            await self._add_served(batch, contact)
            # A long batch keeps nobody waiting.
            await asyncio.sleep(0)
        await self._add_tickets(batch)
        await self._add_moved(batch)
        return batch

    async def _add_judged(self, batch: Batch, contact: str) -> None:
        for row in await self._store.read(r.OPINION, batch.tenant, contact):
            batch.opinions[contact] = opinion_shown(row)
        rows = await self._store.read(r.RATINGS_OF_CONTACT, batch.tenant, contact)
        # Whoever rated it twice, in two samples, counts once: as they did the first time.
        first: dict[str, Rating] = {}
        for _, rater, parts, codes in rows:
            listed = [(one[0], one[1], one[2], one[3]) for one in from_text(parts)]
            first.setdefault(rater, Rating(rater, listed, from_text(codes)))
        if first:
            batch.ratings[contact] = list(first.values())

    async def _add_served(self, batch: Batch, contact: str) -> None:
        served = await self._store.read(s.SESSIONS_OF_CONTACT, batch.tenant, contact)
        batch.served[contact] = [session_row(one)["id"] for one in served]
        if not served and contact in batch.contacts:
            batch.observed[contact] = await observed(self._store, batch.tenant, contact)
        for one in served:
            await self._add(batch, session_row(one))

    async def _add(self, batch: Batch, session: dict[str, Any]) -> None:
        if session["id"] in batch.sessions:
            return
        rows = await self._store.read(HEADERS, batch.tenant, session["id"])
        batch.sessions[session["id"]] = (session, [event_of(row) for row in rows])

    async def _add_tickets(self, batch: Batch) -> None:
        named = {row["ticket"] for row, _ in batch.sessions.values() if row["ticket"]}
        for ticket in sorted(named):
            found = await self._store.read(t.TICKET, batch.tenant, ticket)
            if not found:
                continue
            batch.tickets[ticket] = dict(zip(_TICKET_COLUMNS, found[0], strict=True))
            rows = await self._store.read(t.SESSIONS_OF_TICKET, batch.tenant, ticket)
            sessions = [session_row(row) for row in rows]
            batch.of_ticket[ticket] = [session["id"] for session in sessions]
            for session in sessions:
                await self._add(batch, session)
                await self._add_contacts(batch, ticket, session["id"])

    async def _add_moved(self, batch: Batch) -> None:
        left = {
            event.was
            for _, events in batch.sessions.values()
            for event in events
            if isinstance(event, Attached) and event.was not in {None, event.ticket}
        }
        for ticket in sorted(one for one in left if one and one not in batch.tickets):
            for row in await self._store.read(t.TICKET, batch.tenant, ticket):
                named = dict(zip(_TICKET_COLUMNS, row, strict=True))
                if named["status"] == "moved":
                    batch.moved[ticket] = named["opened_at"]

    async def _add_contacts(self, batch: Batch, ticket: str, session: str) -> None:
        listed = batch.contacts_of.setdefault(ticket, [])
        for row in await self._store.read(s.CONTACTS_OF_SESSION, batch.tenant, session):
            contact = contact_row(row)
            if contact["id"] not in listed:
                listed.append(contact["id"])
            if contact["id"] not in batch.served:
                batch.others[contact["id"]] = contact
                await self._add_served(batch, contact["id"])
