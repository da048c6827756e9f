"""What measures are worked out from, as it is stored: contacts that are over, sessions, tickets.

Nothing here is personal: what people said is not read, only codes, names of steps and times.
Source: semantics.md 25.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from engine.events import Attached, Event
from engine.ledger import Observed
from runtime.contacts import FINISHED, ContactRow, contact_row
from runtime.customer_segments import Segments, all_of
from runtime.json_text import from_text
from runtime.observed import observed
from runtime.opinions import opinion_shown
from runtime.states import event_of, session_row
from runtime.store.customers import SEGMENTS, SEGMENTS_NOTED
from runtime.store.people import WORKPLACES
from runtime.store.port import Row, Statement, Store, statement
from runtime.store.tables import TICKET
from runtime.workplaces import Said, workplaces_of

AT_ONCE: Final = 50
"""Contacts read by one statement: the service answers between two of them."""
MANY: Final = 1_000
"""Customers whose contacts are looked for by one statement."""
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
    "JOIN contact c ON c.tenant = r.tenant AND c.id = r.contact WHERE r.at >= $1 "
    "UNION ALL SELECT m.tenant, m.contact, c.status, m.updated_at, m.version FROM message m "
    "JOIN contact c ON c.tenant = m.tenant AND c.id = m.contact WHERE m.updated_at >= $1"
    ") AS moved GROUP BY tenant, id, status ORDER BY tenant, id"
)
# Many at once: a statement for each contact is most of the time of a first build.
_CONTACTS: Final = statement("SELECT * FROM contact WHERE tenant = $1 AND id IN {each:2}")
_SERVED: Final = statement(
    "SELECT l.contact, s.* FROM contact_session l JOIN session s ON s.tenant = l.tenant "
    "AND s.id = l.session WHERE l.tenant = $1 AND l.contact IN {each:2} ORDER BY s.id"
)
_SERVING: Final = statement(
    "SELECT l.session, c.* FROM contact_session l JOIN contact c ON c.tenant = l.tenant "
    "AND c.id = l.contact WHERE l.tenant = $1 AND l.session IN {each:2} ORDER BY c.id"
)
_TICKETS: Final = statement("SELECT * FROM ticket WHERE tenant = $1 AND id IN {each:2}")
_OF_TICKETS: Final = statement(
    "SELECT * FROM session WHERE tenant = $1 AND ticket IN {each:2} ORDER BY id"
)
_HEADERS: Final = statement(
    "SELECT stream_id, seq, kind, at, actor, header, NULL FROM event WHERE tenant = $1 "
    "AND stream = 'session' AND stream_id IN {each:2} ORDER BY stream_id, seq"
)
_OPINIONS: Final = statement("SELECT * FROM opinion WHERE tenant = $1 AND contact IN {each:2}")
_RATINGS: Final = statement(
    "SELECT contact, rater, parts, codes FROM rating WHERE tenant = $1 AND contact IN {each:2} "
    "ORDER BY at, sample, rater"
)
_REPLIED: Final = statement(
    "SELECT i.contact, min(CASE WHEN o.status IN ('sent', 'unknown', 'bounced') THEN o.at "
    "WHEN i.status = 'closed' THEN i.updated_at END) FROM message i LEFT JOIN message o "
    "ON o.tenant = i.tenant AND o.parent = i.id AND o.direction = 'out' WHERE i.tenant = $1 "
    "AND i.direction = 'in' AND i.contact IN {each:2} GROUP BY i.contact"
)
MERGES: Final = statement("SELECT tenant, id, merged_into FROM customer WHERE merged_into <> ''")
TICKETS: Final = statement(
    "SELECT id, ticket FROM session WHERE tenant = $1 AND ticket IS NOT NULL"
)
CONTACTS_OF_CUSTOMERS: Final = statement(
    "SELECT id FROM contact WHERE tenant = $1 AND customer IN {each:2} UNION "
    "SELECT l.contact FROM ticket t JOIN session s ON s.tenant = t.tenant AND s.ticket = t.id "
    "JOIN contact_session l ON l.tenant = s.tenant AND l.session = s.id "
    "WHERE t.tenant = $1 AND t.customer IN {each:2}"
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
        replied: contact that a message began -> when a reply was given to be sent, or the message
            was closed without one; None: neither yet.
        moved: tickets that count no more, their session having gone on with another, and when
            each was opened.
        workplaces: actor -> where they worked, since when.
        segments: which segments its customers were in, since when.
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
    replied: dict[str, int | None] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    workplaces: dict[str, list[Said]] = field(default_factory=dict)
    segments: Segments = field(default_factory=Segments)

    def responded(self, contact: Mapping[str, Any]) -> int | None:
        """Return when who came was answered: by a reply where a message came, else by somebody."""
        answered: int | None = contact["answered"]
        return self.replied.get(contact["id"], answered)

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

    async def segmented(self, since: int) -> dict[tuple[str, str], int]:
        """Return whose segment was said at `since` or later of an earlier time, and when it was.

        By (tenant, customer), milliseconds UTC.
        """
        rows = await self._store.read(SEGMENTS_NOTED, since)
        return {(tenant, customer): int(noted) for tenant, customer, noted in rows}

    async def contacts_of_customers(self, tenant: str, customers: Sequence[str]) -> set[str]:
        """Return the contacts some customers are named in, or whose tickets are theirs."""
        found: set[str] = set()
        for place in range(0, len(customers), MANY):
            some = customers[place : place + MANY]
            found |= {row[0] for row in await self._read(CONTACTS_OF_CUSTOMERS, tenant, some)}
        return found

    async def tickets_of(self, tenant: str) -> dict[str, str]:
        """Return the ticket of each session that has one."""
        return {row[0]: row[1] for row in await self._store.read(TICKETS, tenant)}

    async def batch(
        self, tenant: str, contacts: Iterable[str], merged: Mapping[str, str] | None = None
    ) -> Batch:
        """Return contacts with their sessions and tickets, and those tickets' other contacts.

        Contacts that share a session are made together: a correction in one undoes steps of
        another. `merged` are customers, each with the one it ended up in.
        """
        batch = Batch(tenant)
        wanted = list(dict.fromkeys(contacts))
        for place in range(0, len(wanted), AT_ONCE):
            await self._add_contacts(batch, wanted[place : place + AT_ONCE])
            # A long batch keeps nobody waiting.
            await asyncio.sleep(0)
        await self._add_moved(batch)
        await self._add_people(batch, merged or {})
        return batch

    async def _add_judged(self, batch: Batch, contacts: Iterable[str]) -> None:
        for row in await self._read(_OPINIONS, batch.tenant, contacts):
            said = opinion_shown(row)
            batch.opinions[said["contact"]] = said
        # Whoever rated it twice, in two samples, counts once: as they did the first time.
        first: dict[str, dict[str, Rating]] = {}
        for contact, (rater, parts, codes) in _keyed(
            await self._read(_RATINGS, batch.tenant, contacts)
        ):
            listed = [(one[0], one[1], one[2], one[3]) for one in from_text(parts)]
            first.setdefault(contact, {}).setdefault(rater, Rating(rater, listed, from_text(codes)))
        batch.ratings |= {contact: list(found.values()) for contact, found in first.items()}

    async def _add_contacts(self, batch: Batch, contacts: list[str]) -> None:
        await self._add_served(batch, contacts)
        served = [session for one in contacts for session in batch.served[one]]
        sharing = await self._read(_SERVING, batch.tenant, served)
        asked = list(
            dict.fromkeys([*contacts, *(contact_row(row)["id"] for _, row in _keyed(sharing))])
        )
        await self._add_served(batch, asked)
        for row in await self._read(_CONTACTS, batch.tenant, asked):
            contact = contact_row(row)
            if contact["status"] in FINISHED:
                batch.contacts[contact["id"]] = contact
            elif contact["id"] not in batch.going_on:
                batch.others[contact["id"]] = contact
                batch.going_on.append(contact["id"])
        for one in asked:
            if one in batch.contacts and not batch.served[one] and one not in batch.observed:
                # What another system logged of it: rare where journeys serve contacts.
                batch.observed[one] = await observed(self._store, batch.tenant, one)
        await self._add_judged(batch, [one for one in asked if one in batch.contacts])
        batch.replied |= {
            contact: None if at is None else int(at)
            for contact, at in await self._read(_REPLIED, batch.tenant, asked)
        }
        await self._add_tickets(batch, [one for of in asked for one in batch.served[of]])
        await self._add_events(batch)

    async def _add_served(self, batch: Batch, contacts: Iterable[str]) -> None:
        new = [one for one in contacts if one not in batch.served]
        for contact in new:
            batch.served[contact] = []
        for contact, row in _keyed(await self._read(_SERVED, batch.tenant, new)):
            session = session_row(row)
            batch.served[contact].append(session["id"])
            batch.sessions.setdefault(session["id"], (session, []))

    async def _add_tickets(self, batch: Batch, sessions: Iterable[str]) -> None:
        named = {batch.sessions[one][0]["ticket"] for one in sessions}
        new = sorted(one for one in named if one and one not in batch.tickets)
        for row in await self._read(_TICKETS, batch.tenant, new):
            ticket = dict(zip(_TICKET_COLUMNS, row, strict=True))
            batch.tickets[ticket["id"]] = ticket
            batch.of_ticket[ticket["id"]], batch.contacts_of[ticket["id"]] = [], []
        ticket_of = {}
        for row in await self._read(_OF_TICKETS, batch.tenant, new):
            session = session_row(row)
            if session["ticket"] in batch.tickets:
                ticket_of[session["id"]] = session["ticket"]
                batch.of_ticket[session["ticket"]].append(session["id"])
                batch.sessions.setdefault(session["id"], (session, []))
        for one, row in _keyed(await self._read(_SERVING, batch.tenant, [*ticket_of])):
            contact = contact_row(row)
            listed = batch.contacts_of[ticket_of[one]]
            if contact["id"] not in listed:
                listed.append(contact["id"])
            if contact["id"] not in batch.contacts:
                batch.others.setdefault(contact["id"], contact)
        await self._add_served(batch, [one for new in batch.contacts_of.values() for one in new])

    async def _add_people(self, batch: Batch, merged: Mapping[str, str]) -> None:
        """Add where those who served them worked, and in which segments their customers were."""
        contacts = [*batch.contacts.values(), *batch.others.values()]
        actors = {event.by for _, events in batch.sessions.values() for event in events}
        rows = await self._read(
            WORKPLACES, batch.tenant, sorted(actors | {one["actor"] for one in contacts})
        )
        batch.workplaces = workplaces_of(rows)
        named = [*contacts, *(row for row, _ in batch.sessions.values()), *batch.tickets.values()]
        customers = {one["customer"] for one in named} - {None}
        rows = await self._read(SEGMENTS, batch.tenant, all_of(customers, merged))
        batch.segments = Segments(rows, merged)

    async def _add_moved(self, batch: Batch) -> None:
        left = {
            event.was
            for _, events in batch.sessions.values()
            for event in events
            if isinstance(event, Attached) and event.was not in {None, event.ticket}
        }
        wanted = sorted(one for one in left if one and one not in batch.tickets)
        for row in await self._read(_TICKETS, batch.tenant, wanted):
            named = dict(zip(_TICKET_COLUMNS, row, strict=True))
            if named["status"] == "moved":
                batch.moved[named["id"]] = named["opened_at"]

    async def _add_events(self, batch: Batch) -> None:
        new = [one for one, (_, events) in batch.sessions.items() if not events]
        for session, row in _keyed(await self._read(_HEADERS, batch.tenant, new)):
            batch.sessions[session][1].append(event_of(row))

    async def _read(self, query: Statement, tenant: str, ids: Iterable[str]) -> list[Row]:
        listed = list(dict.fromkeys(ids))
        if not listed:
            return []
        return await self._store.read(query, tenant, msgspec.json.encode(listed).decode())


def _keyed(rows: Iterable[Row]) -> list[tuple[str, Row]]:
    """Return rows by the id that their first column holds."""
    return [(row[0], tuple(row)[1:]) for row in rows]
