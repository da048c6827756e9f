"""Sessions as lists: those one has at hand, and those that wait for somebody to take them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authoring.draw import step_title
from engine.model import Library
from engine.side_calls import asked, side_call
from engine.wording import Text
from runtime.access import Actor, authorize
from runtime.customers import ADVISOR, Customers
from runtime.errors import LibraryRefused
from runtime.json_text import to_text
from runtime.revisions import Revisions
from runtime.states import States, session_row
from runtime.store import actions as a
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.port import Row, Store
from runtime.team_file import Teams
from runtime.waiting import Waiting

if TYPE_CHECKING:
    from runtime.sessions import Sessions

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
    """The lists of all tenants; each stays within its actor's.

    `waiting` tells members of teams what comes and goes of theirs.
    """

    def __init__(
        self, store: Store, revisions: Revisions, customers: Customers, *, teams: Teams,
        states: States,
    ) -> None:  # fmt: skip
        self._teams = teams
        self._store = store
        self._revisions = revisions
        self._customers = customers
        self._states = states
        self.waiting = Waiting(store, self._for_teams)

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
        return await self._listed(actor, rows, language)

    async def _for_teams(self, actor: Actor, language: str, limit: int) -> list[dict[str, Any]]:
        """Return what waits for an actor's teams, each with what is asked and what it is about.

        `asked` is {what, to, by, at, question}; `motives` are {code, label}.
        """
        wanted = Wanted(for_my_teams=True)
        found = await self.sessions(actor, wanted, language=language, before=None, limit=limit)
        told = [await self._in_context(actor.tenant, one, language) for one in found]
        return [one for one in told if one is not None]

    async def _in_context(
        self, tenant: str, one: dict[str, Any], language: str
    ) -> dict[str, Any] | None:
        """Return a session of the list with what is asked; None when it waits no more."""
        state = (await self._states.get(tenant, one["id"])).state
        what = asked(state)
        if what is None:
            return None
        row = {"tenant": tenant, "revision": state.revision}
        motives = [await self._motive(row, code, language) for code in state.codes["declaration"]]
        call = side_call(state) if what[0] == "consult" else None
        told = {
            "what": what[0], "to": what[1], "at": what[2],
            "by": state.asked_by if call is None else one["holder"],
            "question": None if call is None else call["question"],
        }  # fmt: skip
        return {**one, "asked": told, "motives": motives}

    async def _listed(
        self, actor: Actor, rows: Sequence[Row], language: str
    ) -> list[dict[str, Any]]:
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


def lists_of(sessions: Sessions) -> Lists:
    """Return the lists of a service's sessions; what waits is looked at after each of its turns."""
    made = Lists(
        sessions.store, sessions.revisions, sessions.customers,
        teams=sessions.booking.slots.teams, states=sessions.states,
    )  # fmt: skip
    sessions.turns.listen(made.waiting.mark)
    return made


def _worded(library: Library | None, text: Text | None, language: str) -> str | None:
    if library is None or text is None:
        return None
    found = text.pick(library.default_audience, language, default_language=library.languages[0])
    return found.source if found else None
