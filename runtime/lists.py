"""Sessions as lists: those one has at hand, and those that wait for somebody to take them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from runtime.access import Actor, authorize
from runtime.errors import LibraryRefused
from runtime.revisions import Revisions
from runtime.states import session_row
from runtime.store import actions as a
from runtime.store import statements as s
from runtime.store.port import Store

_SHOWN: Final = (
    "id", "journey", "status", "outcome", "version", "step", "channel", "audience", "actor",
    "holder", "contact", "ticket", "customer", "started_at", "updated_at", "waiting",
    "waiting_for",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions. `status`: one of theirs, or `open` for all that go on; None for any.

    `is_mine`: only those the actor has; `to_accept`: only those that wait for staff;
    `unattended`: only those with an action that came to nothing and that nobody has.
    """

    status: str | None = None
    is_mine: bool = False
    to_accept: bool = False
    unattended: bool = False


class Lists:
    """The lists of all tenants; each stays within its actor's."""

    def __init__(self, store: Store, revisions: Revisions) -> None:
        self._store = store
        self._revisions = revisions

    async def sessions(
        self, actor: Actor, wanted: Wanted, *, language: str, before: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return sessions, newest first, each with its journey's title in a language.

        `before` is the last id of the page before.
        """
        authorize(actor, "session.list")
        values = (actor.tenant, before or "~", limit, wanted.status or "")
        if wanted.unattended:
            rows = await self._store.read(s.SESSIONS_UNATTENDED, *values)
        elif wanted.to_accept:
            rows = await self._store.read(s.SESSIONS_TO_ACCEPT, *values)
        elif wanted.is_mine:
            rows = await self._store.read(s.SESSIONS_OF_HOLDER, *values, actor.by)
        else:
            rows = await self._store.read(s.SESSIONS, *values)
        found = [session_row(row) for row in rows]
        needing = await self._needing([row["id"] for row in found], actor.tenant)
        return [
            {**await self._shown(row, language), "needs_attention": row["id"] in needing}
            for row in found
        ]

    async def _needing(self, sessions: list[str], tenant: str) -> set[str]:
        """Return those of some sessions, newest first, that need somebody's attention."""
        if not sessions:
            return set()
        rows = await self._store.read(a.SESSIONS_UNATTENDED, tenant, sessions[-1], sessions[0])
        return {row[0] for row in rows}

    async def _shown(self, row: dict[str, Any], language: str) -> dict[str, Any]:
        title = await self._title(row, language)
        return {**{name: row[name] for name in _SHOWN}, "title": title}

    async def _title(self, row: dict[str, Any], language: str) -> str:
        try:
            library = (await self._revisions.get(row["tenant"], row["revision"])).library
        except LibraryRefused:
            # A release that no longer reads what was published still lists its sessions.
            return str(row["journey"])
        text = library.journeys[row["journey"]].title
        found = text.pick(library.default_audience, language, default_language=library.languages[0])
        return found.source if found else str(row["journey"])
