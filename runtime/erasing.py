"""Erasing a person: what they said goes, codes and times stay, and every session still loads.

It goes through the places that `runtime.store.tables.PERSONAL` names and no others: payloads of
events, snapshots, inputs of actions, stored answers, facts, keys, files, recordings, messages. Each
session keeps an event that says so, which also tells other processes that what they hold of it is
no longer true.
Source: semantics.md 28; promises.md 2.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.codec import decode, encode
from engine.commands import Command
from engine.events import Erased, Event
from engine.evolve import ENDED, evolve, fold
from engine.machine import Decision
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.customers import Customers
from runtime.errors import ActionUnderWay, StoreUnavailable
from runtime.json_text import to_text
from runtime.revisions import Revisions
from runtime.sessions import TRIES, Sessions
from runtime.states import States, read_events
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.calls import ERASE_LAUNCHES
from runtime.store.conversations import ERASE_CONVERSATIONS
from runtime.store.messages import (
    ERASE_FILES_OF_CUSTOMER,
    ERASE_MESSAGES_OF_CUSTOMER,
    ERASE_MESSAGES_OF_SESSION,
)
from runtime.store.people import ERASE_FILES, ERASE_WRAP_UP
from runtime.store.port import LostRace, Store, Unit
from runtime.store.ratings import ERASE_RECORDINGS, ERASE_RECORDINGS_OF_CUSTOMER
from runtime.turns import Turns

STREAM: Final = "customer"


def emptied(event: Event) -> Event:
    """Return an event as it is read once its payload is gone."""
    header, _ = encode(event)
    return decode(event.KIND, at=event.at, by=event.by, header=header, payload=None)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody who was erased: `others` were merged into them by then."""

    tenant: str
    customer: str
    others: tuple[str, ...]
    at: int


@dataclass(slots=True, kw_only=True)
class Erasing:
    """Erases people and what sessions hold of them."""

    store: Store
    clock: Clock
    states: States
    turns: Turns
    revisions: Revisions
    sessions: Sessions
    customers: Customers
    noted: Callable[[Erasure], None] | None = None
    """Told who was erased once that is on disk."""

    async def customer(self, actor: Actor, reference: str) -> dict[str, Any]:
        """Erase a person: {customer, sessions, erased_at}.

        Their sessions that go on are ended as abandoned first. What nobody can be found by any
        more stays: the reference, its contacts and tickets, with their codes and times. Done
        again, or after it was interrupted, it finishes.

        Args:
            actor: who has it done.
            reference: `cus_…`, or a kind and a value: `phone:+33612345678`.

        Raises:
            NotFound: none such.
            ActionUnderWay: an action for one of their sessions has not ended.
        """
        authorize(actor, "customer.erase")
        tenant = actor.tenant
        customer, _ = await self.customers.find(tenant, reference)
        rows = await self.store.read(c.SESSIONS_OF_CUSTOMER, tenant, customer)
        sessions = [row[0] for row in rows]
        for session in sessions:
            if await self.store.read(s.OPEN_EFFECTS, tenant, session):
                raise ActionUnderWay(customer=customer)
        for session in sessions:
            await self.session(tenant, session, by=actor.by)
        at = self.clock.now()
        last = await self.store.read(s.LAST_OF_STREAM, tenant, STREAM, customer)
        unit = Unit()
        unit.add(
            s.NEW_EVENT, tenant, STREAM, customer, last[0][0] + 1, "erased", at, actor.by, "{}"
        )
        unit.add(c.ERASE_FACTS, tenant, customer)
        unit.add(c.ERASE_SEGMENTS, tenant, customer, at)
        unit.add(c.ERASE_CUSTOMER_KEYS, tenant, customer)
        unit.add(c.ERASE_LOGGED, tenant, customer)
        merged = await self.store.read(c.MERGED, tenant, customer)
        for one in (customer, *(row[0] for row in merged)):
            unit.add(ERASE_LAUNCHES, tenant, one)
            unit.add(ERASE_RECORDINGS_OF_CUSTOMER, tenant, one)
            unit.add(ERASE_FILES_OF_CUSTOMER, tenant, one)
            unit.add(ERASE_MESSAGES_OF_CUSTOMER, tenant, one)
        await self.store.commit(unit)
        self.customers.tell()
        if self.noted is not None:
            others = tuple(row[0] for row in merged)
            self.noted(Erasure(tenant, customer, others, at))
        await self.store.scrub()
        return {"customer": customer, "sessions": len(sessions), "erased_at": at}

    async def session(self, tenant: str, session: str, *, by: str) -> None:
        """Erase what was said in a session, ended as abandoned if it goes on."""
        for _ in range(TRIES):
            warm = await self.states.fresh(tenant, session)
            if warm.state.status not in ENDED:
                await self.sessions.system(tenant, session, Command("expire", {}))
                continue
            events = await read_events(self.store, tenant, session)
            state = fold(emptied(event) for _, event in events)
            if state.seq != warm.state.seq:
                continue
            erased = Erased(self.turns.now(warm), by)
            evolve(state, erased)
            revision = await self.revisions.get(tenant, state.revision)
            turn = await self.turns.go_on(
                tenant, warm, decision=Decision([erased], state), revision=revision, unit=Unit()
            )
            turn.unit.add(s.ERASE_PAYLOADS, tenant, session)
            turn.unit.add(s.ERASE_EFFECTS, tenant, session)
            turn.unit.add(ERASE_FILES, tenant, session)
            turn.unit.add(ERASE_WRAP_UP, tenant, session)
            turn.unit.add(ERASE_CONVERSATIONS, tenant, session)
            turn.unit.add(ERASE_MESSAGES_OF_SESSION, tenant, session)
            turn.unit.add(s.ERASE_LETTERS, tenant, session)
            turn.unit.add(ERASE_RECORDINGS, tenant, session)
            answer = to_text({"session": session, "view": None})
            turn.unit.add(s.ERASE_ANSWERS, tenant, session, answer)
            turn.unit.add(s.ERASE_FACTS_OF_SESSION, tenant, session)
            try:
                await self.turns.commit(turn)
            except LostRace:
                continue
            return
        raise StoreUnavailable
