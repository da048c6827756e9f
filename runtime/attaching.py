"""Which ticket a session goes on with: looked up here, decided by `engine.tickets`, told why.

A session begins with a ticket of its own, unless one was named. Once it is known who asks for what,
the customer's other tickets are looked at; what a person said of it afterwards is not decided anew.
Source: measures.md A1, A7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.events import Attached, Event, Json, Left
from engine.facts import contributed
from engine.model import Library
from engine.refusals import Refused
from engine.state import State
from engine.tickets import Attach, Demand, Earlier, Verdict, choose
from runtime.facts import Facts
from runtime.ids import Ids
from runtime.json_text import plain
from runtime.store import customers as c
from runtime.store import tickets as t
from runtime.store.port import Store, Unit
from runtime.store.tables import TICKET

NEW: Final = "new"
"""What a person says in place of a ticket's id when it is another request."""
_JOINED: Final = ("attach", "reopen")
_COLUMNS: Final = tuple(column.name for column in TICKET.columns)


def ticket_row(row: Any) -> dict[str, Any]:
    """Return a ticket's columns by name."""
    return dict(zip(_COLUMNS, row, strict=True))


def new_ticket(unit: Unit, **columns: Any) -> None:
    """Add an open ticket to what the caller commits."""
    row = {**dict.fromkeys(_COLUMNS), "status": "open", **columns}
    unit.add(t.NEW_TICKET, *(row[name] for name in _COLUMNS))


def subject(library: Library, state: State) -> Demand:
    """Return what a session is about, as far as it was said or is known in its ticket."""
    declared = state.codes["declaration"]
    objects: dict[str, Json] = {}
    if library.ticketing.objects:
        given = contributed(library, state)
        objects = {name: given[name][0] for name in library.ticketing.objects if name in given}
    return Demand(declared[0] if declared else None, objects)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose tickets are looked at.

    `but` is left out; what `session` itself said counts for no ticket.
    """

    customer: str | None
    but: str = ""
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A session's turn: before it, after it, and whose it turns out to be."""

    before: State | None
    after: State
    events: Sequence[Event]
    was: str | None
    customer: str | None


class Attaching:
    """Finds the tickets that sessions go on with."""

    def __init__(self, store: Store, facts: Facts, ids: Ids) -> None:
        self._store = store
        self._facts = facts
        self._ids = ids

    async def wanted(
        self, tenant: str, library: Library, turn: Moved, *, now: int
    ) -> Attach | None:
        """Return the ticket a turn makes a session pass to, None when it stays where it is."""
        state = turn.after
        if state.ticket is None or not self._concerns(library, turn):
            return None
        if state.attached is not None and state.attached[1] == "corrected":
            return None
        joined = state.attached is not None and state.attached[0] in _JOINED
        if not joined and (turn.customer is None or not state.codes["declaration"]):
            return None
        others = await self._store.read(t.SESSIONS_OF_TICKET, tenant, state.ticket)
        if not joined and any(row[1] != state.session for row in others):
            # It was named, or others have joined it: it is not this turn's to leave.
            return None
        verdict = await self.verdict(
            tenant, library, subject(library, state),
            of=Whose(turn.customer, "" if joined else state.ticket, state.session), now=now,
        )  # fmt: skip
        return await self._passing(tenant, library, state, verdict)

    async def verdict(
        self, tenant: str, library: Library, demand: Demand, *, of: Whose, now: int
    ) -> Verdict:
        """Return which ticket a customer's request goes on with."""
        earlier = []
        if of.customer is not None and demand.motive is not None:
            earlier = await self._earlier(tenant, library, of)
        return choose(library.ticketing, demand, earlier, now=now)

    async def chosen(
        self, tenant: str, library: Library, state: State, *, ticket: str, customer: str | None
    ) -> Attach | None:
        """Return the passing to the ticket that a person names; None when it is there already.

        Raises:
            Refused: the tenant has no such ticket, or it is another customer's.
        """
        if ticket == NEW:
            if state.attached is None or state.attached[0] not in _JOINED:
                return None
            known = await self._known(tenant, library, state, None)
            return Attach(self._ids.new("tkt"), "new", "corrected", known)
        rows = await self._store.read(t.TICKET, tenant, plain(ticket, "ticket"))
        found = ticket_row(rows[0]) if rows else None
        if found is None or found["status"] == "moved":
            raise Refused(
                "ticket.unknown",
                {"fr": "Cette demande n'existe pas.", "en": "There is no such ticket."},
                params={"ticket": ticket},
            )
        if ticket == state.ticket:
            return None
        if customer is not None and found["customer"] is not None:
            same = await self._store.read(c.CUSTOMER, tenant, customer)
            theirs = await self._store.read(c.CUSTOMER, tenant, found["customer"])
            if [row[0] for row in same] != [row[0] for row in theirs]:
                raise Refused(
                    "ticket.other-customer",
                    {
                        "fr": "Cette demande est celle d'un autre client.",
                        "en": "That ticket is another customer's.",
                    },
                    params={"ticket": ticket},
                )
        what = "attach" if found["status"] == "open" else "reopen"
        return Attach(ticket, what, "corrected", await self._known(tenant, library, state, ticket))

    @staticmethod
    def _concerns(library: Library, turn: Moved) -> bool:
        """Return whether a turn changed who asks, for what, or about which object."""
        if turn.before is None or turn.was != turn.customer:
            return True
        if all(not getattr(event, "codes", ()) and not _says(event) for event in turn.events):
            return False
        return subject(library, turn.before) != subject(library, turn.after)

    async def _earlier(self, tenant: str, library: Library, of: Whose) -> list[Earlier]:
        found = []
        rows = await self._store.read(c.EARLIER_TICKETS, tenant, of.customer, of.but)
        for ticket, status, motive, at, goes_on in rows:
            known = await self._facts.known(
                tenant, customer=None, ticket=ticket, besides=of.session
            )
            objects = {n: known[n]["value"] for n in library.ticketing.objects if n in known}
            found.append(Earlier(ticket, status, motive, at, objects, bool(goes_on)))
        return found

    async def _passing(
        self, tenant: str, library: Library, state: State, verdict: Verdict
    ) -> Attach | None:
        """Return what a verdict changes for a session."""
        what, reason, _ = state.attached or ("new", None, 0)
        joined = what in _JOINED
        if verdict.ticket is None:
            if joined:
                known = await self._known(tenant, library, state, None)
                return Attach(self._ids.new("tkt"), "new", verdict.reason, known)
            if verdict.others and verdict.reason != reason and state.ticket is not None:
                return Attach(state.ticket, "new", verdict.reason, state.known)
            return None
        if verdict.ticket == state.ticket and reason in {verdict.reason, "again"}:
            return None
        # What was said in a ticket is not used before it is sure that this is the one.
        sure = None if verdict.reason == "object.unsaid" else verdict.ticket
        known = await self._known(tenant, library, state, sure)
        return Attach(verdict.ticket, verdict.what, verdict.reason, known)

    async def _known(
        self, tenant: str, library: Library, state: State, ticket: str | None
    ) -> Mapping[str, Json]:
        kept = {
            name: entry
            for name, entry in state.known.items()
            if name in library.facts and library.facts[name].holder == "customer"
        }
        return kept | await self._facts.known(
            tenant, customer=None, ticket=ticket, besides=state.session
        )

    @staticmethod
    def record(unit: Unit, tenant: str, turn: Moved) -> bool:
        """Add to a turn what its passing to another ticket means for both; return if it does.

        A ticket that the session had opened again by mistake is closed as it was. Nobody leaves
        meanwhile the ticket that is joined: the turn loses that race.
        """
        after, passed = turn.after, False
        for event in turn.events:
            if not isinstance(event, Attached) or event.ticket == event.was:
                continue
            passed = True
            unit.add(t.SET_SESSION_TICKET, tenant, after.session, event.ticket)
            if event.what == "reopen":
                unit.add(t.REOPEN_TICKET, tenant, event.ticket, event.at)
            elif event.what == "attach":
                unit.add(t.JOIN_TICKET, tenant, event.ticket)
            else:
                new_ticket(
                    unit, tenant=tenant, id=event.ticket, journey=after.journey,
                    customer=turn.customer, opened_at=after.started_at,
                )  # fmt: skip
            if event.was is not None:
                unit.add(t.LEAVE_TICKET, tenant, event.was, after.session)
        attached = None if turn.before is None else turn.before.attached
        if passed and turn.before is not None and attached is not None and attached[0] == "reopen":
            unit.add(t.CLOSE_AGAIN, tenant, turn.before.ticket, attached[2])
        return passed


def _says(event: Event) -> bool:
    return isinstance(event, Left) and bool(event.values)
