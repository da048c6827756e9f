"""A turn, made durable: a decision becomes one transaction, then the world hears of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine import machine, volume
from engine.codec import encode
from engine.commands import Command
from engine.events import Accepted, Resumed
from engine.evolve import ENDED
from engine.facts import contributed
from engine.machine import Decision, Env, Start
from engine.model import Library
from engine.refusals import Refused
from engine.side_calls import asked
from engine.snapshot import dump
from engine.state import State
from runtime import remarks, tickets
from runtime.access import Actor
from runtime.announcements import Announcements
from runtime.attaching import Attaching, Moved, subject
from runtime.awaiting import note_wait
from runtime.clock import Clock
from runtime.contacts import FINISHED, Contacts
from runtime.facts import Facts, Learnt, learnt
from runtime.feed import Feed
from runtime.identification import Identification
from runtime.ids import Ids
from runtime.json_text import to_text
from runtime.notices import Notices
from runtime.outbox.following import follow
from runtime.outbox.jobs import Job
from runtime.outbox.outbox import Outbox
from runtime.promised import note
from runtime.revisions import Revision
from runtime.states import STREAM, States, Warm
from runtime.store import statements as s
from runtime.store.port import Store, Unit
from runtime.store.tickets import SET_TICKET_MOTIVE

SNAPSHOT_EVERY: Final = 50
"""Events after which a snapshot is written; until then a session is read from its last one."""


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name."""
    return ZoneInfo(name)


@dataclass(slots=True)
class Turn:
    """One turn being made: what is committed, and what is begun once it is."""

    tenant: str
    unit: Unit
    warm: Warm
    jobs: list[Job]


@dataclass(slots=True, kw_only=True)
class Turns:
    """Makes turns durable."""

    store: Store
    states: States
    clock: Clock
    ids: Ids
    outbox: Outbox
    notices: Notices
    contacts: Contacts
    feed: Feed
    identification: Identification
    facts: Facts
    announcements: Announcements
    attaching: Attaching
    listeners: list[Callable[[str, State], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[str, State], None]) -> None:
        """Have a function called with (tenant, state) after each committed turn."""
        self.listeners.append(listener)

    def env(self, actor: Actor, library: Library, warm: Warm | None = None) -> Env:
        """Return the circumstances of a command: never earlier than the session's last event."""
        drift = self.clock.drift()
        now = self.clock.now()
        if warm is None:
            return Env(now, zone_of(library.timezone), actor.by, actor.role)
        return Env(
            max(now, warm.at), zone_of(library.timezone), actor.by, actor.role, drift - warm.drift
        )

    def now(self, warm: Warm) -> int:
        """Return the time, never earlier than the session's last event."""
        return max(self.clock.now(), warm.at)

    async def decide(
        self, actor: Actor, revision: Revision, warm: Warm, *, commands: Sequence[Command]
    ) -> Decision:
        """Return what commands, one after the other, make happen.

        Where its answers tell who the customer is, what is known of them enters the walk with it;
        so does what is known of the ticket that their request belongs to.

        Raises:
            engine.refusals.Refused: one of them cannot be taken, or brings more than a session may
                hold; nothing happened.
        """
        decision = await self._decide(actor, revision, warm, commands)
        volume.refuse_too_much(commands, before=warm.state, after=decision.state)
        return decision

    async def _decide(
        self, actor: Actor, revision: Revision, warm: Warm, commands: Sequence[Command]
    ) -> Decision:
        library, env = revision.library, self.env(actor, revision.library, warm)
        if commands[-1].type == "attach":
            named = await self.attaching.chosen(
                actor.tenant, library, warm.state,
                ticket=str(commands[-1].body["ticket"]), customer=warm.customer,
            )  # fmt: skip
            return _decided(library, warm.state, commands, replace(env, attach=named))
        decision, who, env = await self._identified(actor.tenant, library, warm, commands, env)
        turn = Moved(warm.state, decision.state, decision.events, warm.customer, who)
        attach = await self.attaching.wanted(actor.tenant, library, turn, now=env.now)
        if attach is None:
            return decision
        return _decided(library, warm.state, commands, replace(env, attach=attach))

    async def start(self, tenant: str, library: Library, request: Start, *, env: Env) -> Decision:
        """Return what begins a session that names no ticket: it may go on with an earlier one."""
        decision = machine.start(library, request, env)
        turn = Moved(None, decision.state, decision.events, None, request.customer)
        attach = await self.attaching.wanted(tenant, library, turn, now=env.now)
        if attach is None:
            return decision
        return machine.start(library, request, replace(env, attach=attach))

    async def _identified(
        self, tenant: str, library: Library, warm: Warm, commands: Sequence[Command], env: Env
    ) -> tuple[Decision, str | None, Env]:
        """Return what commands make happen, whose the session is then, and how it was known."""
        decision = _decided(library, warm.state, commands, env)
        who = await self._recognised(tenant, library, warm, decision=decision)
        if who == warm.customer:
            return decision, who, env
        env = await self._informed(tenant, library, warm, who=who, env=env)
        if env.found is None:
            return decision, who, env
        decision = _decided(library, warm.state, commands, env)
        if await self._recognised(tenant, library, warm, decision=decision) == who:
            return decision, who, env
        # What is known of them leads where they are no longer the one: then nothing is known.
        env = await self._informed(tenant, library, warm, who=None, env=env)
        return _decided(library, warm.state, commands, env), None, env

    async def preview(
        self, actor: Actor, revision: Revision, warm: Warm, *, command: Command
    ) -> dict[str, Any]:
        """Return what an amend would do, without doing it; see `engine.machine.preview`."""
        library, env = revision.library, self.env(actor, revision.library, warm)
        # A correction that cannot be done as it stands names nobody.
        with contextlib.suppress(Refused):
            decision = machine.decide(library, warm.state, command, env)
            who = await self._recognised(actor.tenant, library, warm, decision=decision)
            if who != warm.customer:
                env = await self._informed(actor.tenant, library, warm, who=who, env=env)
        return machine.preview(library, warm.state, command, env)

    async def _recognised(
        self, tenant: str, library: Library, warm: Warm, *, decision: Decision
    ) -> str | None:
        """Return whose session it is after a decision, of the customers that exist."""
        change = learnt(library, decision.events, before=warm.state, after=decision.state)
        if change is None:
            return warm.customer
        return await self.identification.found(
            change, tenant=tenant, state=decision.state, linked=warm.customer
        )

    async def _informed(
        self, tenant: str, library: Library, warm: Warm, *, who: str | None, env: Env
    ) -> Env:
        """Return a turn's circumstances, with what is known of a customer where that is news."""
        known = {
            name: entry
            for name, entry in warm.state.known.items()
            if name in library.facts and library.facts[name].holder != "customer"
        }
        known |= await self.facts.known(
            tenant, customer=who, ticket=None, besides=warm.state.session
        )
        return replace(env, found=None if known == warm.state.known else (who, known))

    async def begin(
        self, tenant: str, decision: Decision, *, revision: Revision, unit: Unit, owner: str
    ) -> Turn:
        """Return the first turn of a session, added to what the caller prepared."""
        state = decision.state
        at = decision.events[0].at
        warm = Warm(state, owner, 0, at, self.clock.drift(), state.customer)
        turn = Turn(tenant, unit, warm, [])
        await self._record(turn, None, decision, revision)
        unit.add(
            s.NEW_SESSION, tenant, state.session, state.revision, state.journey, state.seq,
            state.version, state.status, state.outcome, _step(state), state.contact, state.ticket,
            warm.customer, state.channel, state.audience, state.language, owner, at, at,
            *_waiting(state), owner,
        )  # fmt: skip
        return turn

    async def go_on(
        self, tenant: str, before: Warm, *, decision: Decision, revision: Revision, unit: Unit
    ) -> Turn:
        """Return a further turn of a session, added to what the caller prepared."""
        state = decision.state
        at = decision.events[-1].at
        warm = Warm(
            state, before.owner, before.saved, at, self.clock.drift(), before.customer
        )  # fmt: skip
        turn = Turn(tenant, unit, warm, [])
        await self._record(turn, before, decision, revision)
        swap = (
            tenant, state.session, before.state.seq, state.seq, state.version, state.status,
            state.outcome, _step(state), state.contact, warm.customer, state.channel,
            state.audience, state.language, at, *_waiting(state), _taken_by(decision),
        )  # fmt: skip
        # First, so that a lost race costs nothing more.
        unit.writes.insert(0, (s.MOVE_SESSION, swap))
        return turn

    async def _record(
        self, turn: Turn, before: Warm | None, decision: Decision, revision: Revision
    ) -> None:
        tenant, unit, state = turn.tenant, turn.unit, decision.state
        first = 1 if before is None else before.state.seq + 1
        numbered = list(enumerate(decision.events, first))
        for seq, event in numbered:
            header, payload = encode(event)
            unit.add(
                s.NEW_EVENT, tenant, STREAM, state.session, seq, event.KIND, event.at, event.by,
                to_text(header),
            )  # fmt: skip
            if payload is not None:
                unit.add(s.NEW_PAYLOAD, tenant, STREAM, state.session, seq, to_text(payload))
        turn.jobs = self.outbox.put(unit, tenant, state=state, events=numbered)
        self.notices.put(unit, tenant, state, events=numbered)
        remarks.note(unit, tenant, state, library=revision.library, events=numbered)
        if state.promises:
            note(unit, tenant, state, events=numbered)
        old = None if before is None else before.state
        if state.effects:
            follow(unit, tenant, self.ids, before=old, after=state, at=turn.warm.at)
        waited = None if old is None else old.wait
        if state.wait != waited:
            if waited is not None and waited.due is not None:
                unit.add(s.DROP_TIMERS, tenant, state.session)
            if state.wait is not None and state.wait.due is not None:
                unit.add(s.SET_TIMER, tenant, state.session, state.wait.id, state.wait.due)
            note_wait(unit, tenant, state, was=waited, events=decision.events)
        if state.contact is not None and (old is None or old.contact != state.contact):
            unit.add(s.LINK_CONTACT, tenant, state.contact, state.session)
        await self.announcements.tag(unit, tenant, library=revision.library, state=state)
        await self._file(turn, before, decision, revision.library)
        if state.status in ENDED or state.seq - turn.warm.saved >= SNAPSHOT_EVERY:
            unit.add(s.SAVE_SNAPSHOT, tenant, state.session, state.seq, to_text(dump(state)))
            turn.warm.saved = state.seq

    async def _file(
        self, turn: Turn, before: Warm | None, decision: Decision, library: Library
    ) -> None:
        """Add what a turn says of its customer and its ticket."""
        old, state = None if before is None else before.state, decision.state
        was = turn.warm.customer if before is None else before.customer
        change = learnt(library, decision.events, before=old, after=state)
        has_moved = old is not None and old.ticket != state.ticket
        if change is None and has_moved:
            given = {} if old is None else contributed(library, old)
            change = Learnt(library, decision.events[-1].by, given, contributed(library, state))
        if change is not None:
            await self._learn(turn, change, ticket=state.ticket if old is None else old.ticket)
        moved = Moved(old, state, decision.events, was, turn.warm.customer)
        Attaching.record(turn.unit, turn.tenant, moved)
        is_coded = any(getattr(event, "codes", ()) for event in decision.events)
        if turn.warm.customer is None or not (is_coded or was != turn.warm.customer):
            return
        motive = subject(library, state)[0]
        is_news = old is None or was != turn.warm.customer or motive != subject(library, old)[0]
        if motive is not None and state.ticket is not None and is_news:
            # From now on, who comes back with the same request is led here.
            turn.unit.add(SET_TICKET_MOTIVE, turn.tenant, state.ticket, motive, state.session)

    async def _learn(self, turn: Turn, change: Learnt, *, ticket: str | None) -> None:
        tenant, warm, state = turn.tenant, turn.warm, turn.warm.state
        was = warm.customer
        warm.customer = await self.identification.customer(
            turn.unit, change, tenant=tenant, state=state, linked=was, now=warm.at
        )
        holders = {"customer": (was, warm.customer), "ticket": (ticket, state.ticket)}
        Facts.keep(turn.unit, change, tenant=tenant, session=state.session, holders=holders)

    async def close(self, turn: Turn, before: State | None, *, by: str) -> None:
        """Add what a session's end or pause means for its contact and its ticket."""
        state = turn.warm.state
        was = "new" if before is None else before.status
        has_ended = state.status in ENDED and was not in ENDED
        if not has_ended and not (state.status == "paused" and was != "paused"):
            return
        is_over = True
        if state.contact is not None:
            row = await self.contacts.row(turn.tenant, state.contact)
            if row["implied"] and row["status"] == "answered":
                row = self.contacts.move(turn.unit, row, "ended", at=turn.warm.at, by=by)
                row = self.contacts.move(turn.unit, row, "wrapped_up", at=turn.warm.at, by=by)
            is_over = row["status"] in FINISHED
        if has_ended:
            tickets.mark(turn.unit, turn.tenant, state, is_over=is_over, now=turn.warm.at)

    async def commit(self, turn: Turn) -> None:
        """Make a turn durable, then begin its actions and tell who waits for news.

        Raises:
            LostRace, KeyTaken, LostLease: nothing was recorded.
        """
        state = turn.warm.state
        try:
            await self.store.commit(turn.unit)
        except BaseException:
            self.states.forget(turn.tenant, state.session)
            raise
        self.states.put(turn.tenant, turn.warm)
        self.outbox.launch(turn.jobs)
        self.feed.tell(turn.tenant, state.session)
        for listener in self.listeners:
            listener(turn.tenant, state)


def _waiting(state: State) -> tuple[str | None, str | None]:
    """Return what a session waits for, and of whom; see `engine.side_calls`."""
    waits = asked(state)
    return (None, None) if waits is None else waits[:2]


def _taken_by(decision: Decision) -> str | None:
    """Return who took the session in this turn; None when it stays whose it was."""
    took = [event.by for event in decision.events if isinstance(event, Accepted | Resumed)]
    return took[-1] if took else None


def _decided(library: Library, state: State, commands: Sequence[Command], env: Env) -> Decision:
    """Return what commands make happen, each on what the one before it left."""
    decision = machine.decide(library, state, commands[0], env)
    for command in commands[1:]:
        more = machine.decide(library, decision.state, command, env)
        decision = Decision([*decision.events, *more.events], more.state)
    return decision


def _step(state: State) -> str | None:
    current = state.current
    return None if current is None else current.step


def awaited(jobs: Sequence[Job]) -> bool:
    """Return whether any of these actions stands in the way of the walk."""
    return any(not job.behind for job in jobs)
