"""Tickets: one customer, one motive, one object, from a beginning to an end.

A session opens one unless it was given one. It closes when its session is resolved or refused and
the contact is over; another outcome leaves it open, for a later contact. Source: measures.md A1.
"""

from __future__ import annotations

from typing import Any, Final

from engine.state import State
from runtime.access import Actor, authorize, is_theirs
from runtime.errors import NotFound
from runtime.json_text import plain
from runtime.store import statements as s
from runtime.store.port import Store, Unit
from runtime.store.tables import SESSION, TICKET

SETTLING: Final = ("resolved", "refused")
"""Outcomes after which nothing is left to do for the customer."""
_COLUMNS: Final = tuple(column.name for column in TICKET.columns)
_OWNER: Final = [column.name for column in SESSION.columns].index("actor")


def _shown(row: Any) -> dict[str, Any]:
    named = dict(zip(_COLUMNS, row, strict=True))
    del named["tenant"]
    return named


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
        s.MARK_TICKET, tenant, state.ticket, status, state.outcome,
        declared[0] if declared else None, now if status == "closed" else None,
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
            rows = await store.read(s.TICKET, tenant, ticket_id) if ticket_id else []
            if rows and rows[0][2] == "settled":
                ticket = dict(zip(_COLUMNS, rows[0], strict=True))
                unit.add(
                    s.MARK_TICKET, tenant, ticket_id, "closed", ticket["outcome"],
                    ticket["motive"], at,
                )  # fmt: skip

    async def named(self, actor: Actor, ticket: str) -> dict[str, Any]:
        """Return a ticket that an actor names.

        Raises:
            NotFound: the tenant has none of that id, or it holds no session the customer began.
        """
        found = await self.known(actor.tenant, ticket)
        sessions = await self._store.read(s.SESSIONS_OF_TICKET, actor.tenant, ticket)
        if sessions and not any(is_theirs(actor, session[_OWNER]) for session in sessions):
            raise NotFound(ticket=ticket)
        return found

    async def known(self, tenant: str, ticket: str) -> dict[str, Any]:
        """Return a ticket. Raises NotFound when the tenant has none of that id."""
        rows = await self._store.read(s.TICKET, tenant, plain(ticket, "ticket"))
        if not rows:
            raise NotFound(ticket=ticket)
        return _shown(rows[0])

    async def get(self, actor: Actor, ticket: str) -> dict[str, Any]:
        """Return a ticket: {id, status, journey, motive, customer, outcome, …, sessions}."""
        authorize(actor, "ticket.read")
        found = await self.known(actor.tenant, ticket)
        sessions = await self._store.read(s.SESSIONS_OF_TICKET, actor.tenant, ticket)
        return {**found, "sessions": [session[1] for session in sessions]}

    async def newest(
        self, actor: Actor, *, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return tickets, newest first; `before` is the last id of the page before."""
        authorize(actor, "ticket.read")
        rows = await self._store.read(s.TICKETS, actor.tenant, before or "~", limit)
        return [_shown(row) for row in rows]
