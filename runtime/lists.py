"""Sessions as lists: those one has at hand, and those that wait for somebody to take them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from authoring.draw import step_title
from engine.model import Library
from engine.wording import Text
from runtime.access import Actor, authorize
from runtime.customers import ADVISOR, Customers
from runtime.errors import LibraryRefused
from runtime.json_text import to_text
from runtime.revisions import Revisions
from runtime.states import session_row
from runtime.store import actions as a
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.port import Store
from runtime.team_file import Teams

_SHOWN: Final = (
    "id", "journey", "status", "outcome", "version", "step", "channel", "audience", "actor",
    "holder", "contact", "ticket", "customer", "started_at", "updated_at", "waiting",
    "waiting_for",
)  # fmt: skip


_EARLIER: Final = (
    "id", "channel", "status", "outcome", "started_at", "updated_at", "holder", "ticket",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions. `status`: one of theirs, or `open` for all that go on; None for any.

    `is_mine`: only those the actor has; `to_accept`: only those that wait for staff;
    `for_my_teams`: only those that a team or skill of the actor is asked for, side calls too, and
    those of the customers whose own advisor the actor is;
    `unattended`: only those with an action that came to nothing and that nobody has.
    """

    status: str | None = None
    is_mine: bool = False
    to_accept: bool = False
    for_my_teams: bool = False
    unattended: bool = False


class Lists:
    """The lists of all tenants; each stays within its actor's."""

    def __init__(
        self, store: Store, revisions: Revisions, customers: Customers, *, teams: Teams
    ) -> None:
        self._teams = teams
        self._store = store
        self._revisions = revisions
        self._customers = customers

    async def sessions(
        self, actor: Actor, wanted: Wanted, *, language: str, before: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return sessions, newest first, each with what tells it from another of its journey.

        That is, in a language: the journey's `title`, the `step_title`, `who` the customer is (the
        first of their keys) and `about` what (the facts of its ticket). `before` is the last id of
        the page before.
        """
        authorize(actor, "session.list")
        values = (actor.tenant, before or "~", limit, wanted.status or "")
        if wanted.unattended:
            rows = await self._store.read(s.SESSIONS_UNATTENDED, *values)
        elif wanted.for_my_teams:
            mine = to_text(self._teams.of(actor)), ADVISOR, to_text(actor.id)
            rows = await self._store.read(s.SESSIONS_FOR_TEAMS, *values, *mine)
        elif wanted.to_accept:
            rows = await self._store.read(s.SESSIONS_TO_ACCEPT, *values)
        elif wanted.is_mine:
            rows = await self._store.read(s.SESSIONS_OF_HOLDER, *values, actor.by)
        else:
            rows = await self._store.read(s.SESSIONS, *values)
        found = [session_row(row) for row in rows]
        needing = await self._needing([row["id"] for row in found], actor.tenant)
        return [
            {
                **await self._shown(row, language),
                **await self._told(row),
                "needs_attention": row["id"] in needing,
            }
            for row in found
        ]

    async def of_customer(
        self, actor: Actor, reference: str, *, language: str, limit: int
    ) -> list[dict[str, Any]]:
        """Return the sessions of a customer, newest first, each with its motive once it has one.

        Raises:
            NotFound: no such customer; see `Customers.find` for what names one.
        """
        authorize(actor, "customer.read")
        customer, _ = await self._customers.find(actor.tenant, reference)
        rows = await self._store.read(c.LATEST_OF_CUSTOMER, actor.tenant, customer, limit)
        found = []
        for *columns, motive in rows:
            row = session_row(columns)
            shown = {name: row[name] for name in _EARLIER}
            found.append(
                {
                    **shown,
                    "title": await self._title(row, language),
                    "motive": await self._motive(row, motive, language),
                }
            )
        return found

    async def _needing(self, sessions: list[str], tenant: str) -> set[str]:
        """Return those of some sessions, newest first, that need somebody's attention."""
        if not sessions:
            return set()
        rows = await self._store.read(a.SESSIONS_UNATTENDED, tenant, sessions[-1], sessions[0])
        return {row[0] for row in rows}

    async def _shown(self, row: dict[str, Any], language: str) -> dict[str, Any]:
        shown = {name: row[name] for name in _SHOWN}
        step = await self._step(row, language)
        return {**shown, "title": await self._title(row, language), "step_title": step}

    async def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return who and what a session is about, and whose customer, as far as it is known."""
        who = await self._customers.called(row["tenant"], row["customer"])
        about = await self._customers.about(row["tenant"], row["ticket"])
        own = await self._customers.own_advisor(row["tenant"], row["customer"])
        return {"who": who, "about": about, "own_advisor": own}

    async def _step(self, row: dict[str, Any], language: str) -> str | None:
        library = await self._library(row)
        if library is None or row["step"] is None:
            return None
        return step_title(library, row["step"], root=row["journey"], language=language)

    async def _title(self, row: dict[str, Any], language: str) -> str:
        library = await self._library(row)
        text = None if library is None else library.journeys[row["journey"]].title
        return _worded(library, text, language) or str(row["journey"])

    async def _motive(
        self, row: dict[str, Any], code: str | None, language: str
    ) -> dict[str, str] | None:
        """Return what was declared, by its code and as the library calls it."""
        if code is None:
            return None
        library = await self._library(row)
        entry = None if library is None else library.codes.get("declaration", {}).get(code)
        label = None if entry is None else _worded(library, entry.label, language)
        return {"code": code, "label": label or code}

    async def _library(self, row: dict[str, Any]) -> Library | None:
        try:
            return (await self._revisions.get(row["tenant"], row["revision"])).library
        except LibraryRefused:
            # A release that no longer reads what was published still lists its sessions.
            return None


def _worded(library: Library | None, text: Text | None, language: str) -> str | None:
    if library is None or text is None:
        return None
    found = text.pick(library.default_audience, language, default_language=library.languages[0])
    return found.source if found else None
