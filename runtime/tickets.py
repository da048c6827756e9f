"""Tickets: one customer, one motive, one object, from a beginning to an end.

A session opens one unless it was given one. It closes when its session is resolved or refused and
the contact is over; another outcome leaves it open, for a later contact. Source: measures.md A1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from engine.evolve import ENDED
from engine.model import Library
from engine.state import State
from runtime.access import Actor, authorize, is_theirs
from runtime.errors import NotFound
from runtime.json_text import from_text, plain
from runtime.promised import of_ticket
from runtime.states import session_row
from runtime.store import statements as s
from runtime.store import tickets as t
from runtime.store.customers import EARLIER_TICKETS
from runtime.store.port import Store, Unit
from runtime.store.tables import SESSION, TICKET

MOST: Final = 5
"""Most tickets that are offered in place of a session's own."""
SETTLING: Final = ("resolved", "refused")
"""Outcomes after which nothing is left to do for the customer."""
_COLUMNS: Final = tuple(column.name for column in TICKET.columns)
_OWNER: Final = [column.name for column in SESSION.columns].index("actor")


def _shown(row: Any) -> dict[str, Any]:
    named = dict(zip(_COLUMNS, row, strict=True))
    del named["tenant"], named["closed_before"]
    return named


def _going_on(session: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "journey", "status", "step", "channel", "language", "holder", "updated_at")
    return {name: session[name] for name in names}


def mark(unit: Unit, tenant: str, state: State, *, is_over: bool, now: int) -> None:
    """Add to a session's last turn what becomes of its ticket.

    Args:
        unit: what the caller commits.
        tenant: whose ticket.
        state: the session, ended.
        is_over: whether its contact is over too.
        now: milliseconds UTC.
    """
    if state.ticket is None:
        return
    declared = state.codes["declaration"]
    settled = state.outcome in SETTLING
    status = ("closed" if is_over else "settled") if settled else "open"
    unit.add(
        t.MARK_TICKET, tenant, state.ticket, status, state.outcome,
        declared[0] if declared else None, now if status == "closed" else None, state.session,
    )  # fmt: skip


class Tickets:
    """The tickets of all tenants; each call stays within one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @staticmethod
    async def close_settled(
        store: Store, unit: Unit, *, tenant: str, contact: str, at: int
    ) -> None:
        """Add to a contact's end the closing of the tickets its sessions have settled."""
        for session in await store.read(s.SESSIONS_OF_CONTACT, tenant, contact):
            ticket_id = session[10]
            if ticket_id:
                unit.add(t.CLOSE_SETTLED, tenant, ticket_id, at)

    async def named(self, actor: Actor, ticket: str) -> dict[str, Any]:
        """Return a ticket that an actor names.

        Raises:
            NotFound: the tenant has none of that id, or it holds no session the customer began.
        """
        found = await self.known(actor.tenant, ticket)
        sessions = await self._store.read(t.SESSIONS_OF_TICKET, actor.tenant, ticket)
        if sessions and not any(is_theirs(actor, session[_OWNER]) for session in sessions):
            raise NotFound(ticket=ticket)
        return found

    async def known(self, tenant: str, ticket: str) -> dict[str, Any]:
        """Return a ticket. Raises NotFound when the tenant has none of that id."""
        rows = await self._store.read(t.TICKET, tenant, plain(ticket, "ticket"))
        if not rows:
            raise NotFound(ticket=ticket)
        return _shown(rows[0])

    async def get(self, actor: Actor, ticket: str) -> dict[str, Any]:
        """Return a ticket: {id, status, motive, …, sessions, contacts, open_sessions}.

        `contacts` counts them (see below); `open_sessions` are those one may resume; `promises`
        what was promised in any of its sessions.
        """
        authorize(actor, "ticket.read")
        found = await self.known(actor.tenant, ticket)
        rows = await self._store.read(t.SESSIONS_OF_TICKET, actor.tenant, ticket)
        return {
            **found,
            "sessions": [row[1] for row in rows],
            "contacts": await self._counted(actor.tenant, ticket),
            "open_sessions": await self.going_on(actor.tenant, ticket),
            "promises": await of_ticket(self._store, actor.tenant, ticket),
        }

    async def going_on(self, tenant: str, ticket: str) -> list[dict[str, Any]]:
        """Return the sessions of a ticket that one may resume, oldest first, and where they are."""
        rows = await self._store.read(t.SESSIONS_OF_TICKET, tenant, ticket)
        sessions = [session_row(row) for row in rows]
        return [_going_on(row) for row in sessions if row["status"] not in ENDED]

    async def _counted(self, tenant: str, ticket: str) -> dict[str, int]:
        """Return how many contacts a ticket took: the customer's, and those of the house.

        `reiterations` are the customer's beyond the first; `internal` are contacts within the
        house, transfers and side calls. Source: measures.md A8.
        """
        contacts = await self._store.read(t.CONTACTS_OF_TICKET, tenant, ticket)
        ways = Counter(row[1] for row in contacts)
        relays = [
            (kind, from_text(header))
            for kind, header in await self._store.read(t.RELAYS_OF_TICKET, tenant, ticket)
        ]
        transfers = sum(k == "transfer_asked" and h["what"] == "transfer" for k, h in relays)
        consults = sum(
            k == "left" or (k == "consulted" and h["on"] and h.get("visit") is None)
            for k, h in relays
        )
        return {
            "inbound": ways["inbound"],
            "outbound": ways["outbound"],
            "reiterations": max(0, ways["inbound"] - 1),
            "internal": ways["internal"] + transfers + consults,
            "transfers": transfers,
            "consults": consults,
        }

    async def others(
        self, tenant: str, library: Library, ticket: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Return the customer's other tickets of a ticket's motive, the latest first."""
        customer, motive = ticket["customer"], ticket["motive"]
        if customer is None or motive is None:
            return []
        rows = await self._store.read(EARLIER_TICKETS, tenant, customer, ticket["id"])
        same = [row for row in rows if library.ticketing.is_same(motive, row[2])]
        same.sort(key=lambda row: (row[3], row[0]), reverse=True)
        names = ("id", "status", "motive", "updated_at")
        return [dict(zip(names, row[:4], strict=True)) for row in same[:MOST]]

    async def newest(
        self, actor: Actor, *, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return tickets, newest first; `before` is the last id of the page before."""
        authorize(actor, "ticket.read")
        rows = await self._store.read(t.TICKETS, actor.tenant, before or "~", limit)
        return [_shown(row) for row in rows]
