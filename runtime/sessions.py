"""Sessions: begun, walked and read. What any actor may do with one, without a word of HTTP.

Decide outside the transaction, compare-and-swap inside. A lost race is the client's to take up
again (`Stale`), except for commands that no version guards and those of the system, which are
decided anew. Source: semantics.md 5, 22.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from connectors.port import Outcome
from engine import machine
from engine.commands import COMMANDS, Command, parse
from engine.machine import Decision
from engine.refusals import Refused
from engine.volume import TOO_LARGE
from runtime.access import Actor, Resource, audience_of, authorize, system_actor
from runtime.attaching import new_ticket
from runtime.booking import Booking
from runtime.contacts import Contacts, usual_channel
from runtime.customers import Customers
from runtime.errors import Stale, StoreUnavailable, VersionNeeded
from runtime.facts import Facts
from runtime.idempotency import Answer, Idempotency, Key
from runtime.ids import Ids
from runtime.inline import Inline
from runtime.json_text import plain
from runtime.outbox.jobs import Job
from runtime.outbox.outbox import Outbox
from runtime.returning import Returning
from runtime.revisions import Revisions
from runtime.states import States, Warm
from runtime.store import statements as s
from runtime.store.people import BIND_LINK
from runtime.store.port import KeyTaken, LostRace, Store, Unit, Write
from runtime.tickets import Tickets
from runtime.turns import Turns, awaited
from runtime.views import Views

TRIES: Final = 20
"""Times a turn is decided anew after a lost race before the store is said to be unavailable."""


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a session is to begin with.

    `customer` is an id or keys `{phone: …}`; `contact` and `ticket` are ids, made when absent;
    `words` are the customer's own, kept verbatim.
    """

    journey: str
    channel: str | None = None
    audience: str | None = None
    language: str | None = None
    customer: str | Mapping[str, str] | None = None
    contact: str | None = None
    ticket: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None


@dataclass(slots=True, kw_only=True)
class Sessions:
    """The sessions of all tenants; each call stays within its actor's."""

    store: Store
    ids: Ids
    states: States
    turns: Turns
    views: Views
    revisions: Revisions
    contacts: Contacts
    tickets: Tickets
    customers: Customers
    facts: Facts
    outbox: Outbox
    idempotency: Idempotency
    returning: Returning
    inline: Inline
    booking: Booking

    # -- beginning

    async def start(
        self, actor: Actor, request: StartRequest, *, key: Key | None = None,
        language: str | None = None,
    ) -> Answer:  # fmt: skip
        """Begin a session and walk it to its first stop.

        Raises:
            UnknownJourney, NotFound, WrongReference, engine.refusals.Refused: nothing was begun.
            KeyReused, KeyRunning: see `Idempotency`.
            LinkTaken: the actor's link began its session already.
        """
        authorize(actor, "session.start")

        async def do() -> Answer:
            return await self._start(actor, request, key, language)

        return await self._once(actor, key, do=do, language=language)

    async def _start(
        self, actor: Actor, request: StartRequest, key: Key | None, language: str | None
    ) -> Answer:
        revision = await self.revisions.startable(actor.tenant, plain(request.journey, "journey"))
        for _ in range(TRIES):
            unit = Unit()
            env = self.turns.env(actor, revision.library)
            prepared = await self._prepare(actor, request, unit, env.now, revision.library.channels)
            if request.ticket is None:
                decision = await self.turns.start(actor.tenant, revision.library, prepared, env=env)
            else:
                decision = machine.start(revision.library, prepared, env)
            turn = await self.turns.begin(
                actor.tenant, decision, revision=revision, unit=unit, owner=actor.by
            )
            await self.turns.close(turn, None, by=actor.by)
            try:
                return await self._answer(actor, key, turn, language)
            except LostRace:
                continue
        raise StoreUnavailable

    async def _prepare(
        self, actor: Actor, request: StartRequest, unit: Unit, now: int, channels: Sequence[str]
    ) -> machine.Start:
        """Return the engine's request: references resolved, or made and added to the unit."""
        tenant = actor.tenant
        customer = None
        if request.customer is not None:
            customer = await self.customers.resolve(actor, request.customer, unit=unit, now=now)
        channel = request.channel
        if request.ticket is not None:
            known = await self.tickets.named(actor, request.ticket)
            customer = customer or known["customer"]
        if request.contact is not None:
            row = await self.contacts.named(actor, request.contact)
            contact, channel = row["id"], channel or row["channel"]
            customer = customer or row["customer"]
            if customer is not None and row["customer"] is None:
                unit.add(s.SET_CONTACT_CUSTOMER, tenant, contact, customer, None)
        else:
            channel = channel or usual_channel(actor, channels)
            contact = self.contacts.begin_implied(
                unit, actor, channel=channel, customer=customer, at=now
            )["id"]
        ticket = request.ticket
        if ticket is None:
            ticket = self.ids.new("tkt")
            new_ticket(
                unit, tenant=tenant, id=ticket, journey=request.journey, customer=customer,
                opened_at=now,
            )  # fmt: skip
        session = self.ids.new("ses")
        if actor.link is not None:
            unit.add(BIND_LINK, tenant, actor.link, session)
        return machine.Start(
            session=session,
            journey=request.journey,
            audience=request.audience or audience_of(actor),
            language=request.language,
            channel=channel,
            contact=contact,
            ticket=ticket,
            customer=customer,
            inputs=request.inputs,
            known=await self.facts.known(tenant, customer=customer, ticket=request.ticket),
            words=request.words,
        )

    # -- walking

    async def command(
        self, actor: Actor, session: str, body: Mapping[str, Any], *, match: int | None = None,
        key: Key | None = None, language: str | None = None,
    ) -> Answer:  # fmt: skip
        """Do a command `{type, …}` and return the view after it.

        Args:
            actor: who brings it.
            session: its id.
            body: the command.
            match: the walk version it was displayed with; needed by guarded commands.
            key: makes it safe to send again.
            language: of the view; the session's own by default.

        Raises:
            NotFound: no such session for this actor.
            Stale: the session has moved on; carries the current view.
            VersionNeeded: the command is guarded and `match` is None.
            engine.refusals.Refused: the command cannot be taken.
            KeyReused, KeyRunning: see `Idempotency`.
        """

        async def do() -> Answer:
            return await self._command(actor, session, body, match, key, language)

        return await self._once(actor, key, do=do, language=language)

    async def _command(
        self, actor: Actor, session: str, body: Mapping[str, Any], match: int | None,
        key: Key | None, language: str | None,
    ) -> Answer:  # fmt: skip
        for _ in range(TRIES):
            warm = await self._admitted(actor, session, "session.read")
            command = parse(body)
            authorize(actor, f"session.command.{command.type}")
            try:
                self._refuse_stale(command, match, warm)
                return await self._turn(actor, warm, command, key, language)
            except LostRace:
                self.states.forget(actor.tenant, session)
            except Refused:
                # Another process may have moved it: what is refused is judged on the latest.
                latest = await self.states.fresh(actor.tenant, session)
                if latest.state.seq == warm.state.seq:
                    raise
            except _StaleHere as stale:
                latest = await self.states.fresh(actor.tenant, session)
                if latest.state.seq == warm.state.seq:
                    answer = await self.views.answer(actor, latest, language=language)
                    raise Stale(answer.body, answer.version) from stale
        raise StoreUnavailable

    @staticmethod
    def _refuse_stale(command: Command, match: int | None, warm: Warm) -> None:
        if not COMMANDS[command.type].guarded:
            return
        if match is None:
            raise VersionNeeded(version=warm.state.version)
        if match != warm.state.version:
            raise _StaleHere

    async def _turn(
        self, actor: Actor, warm: Warm, command: Command, key: Key | None, language: str | None
    ) -> Answer:
        revision = await self.revisions.get(actor.tenant, warm.state.revision)
        unit, now = Unit(), self.turns.now(warm)
        command = await self.booking.taken(actor.tenant, warm.state, command, unit=unit, now=now)
        commands = await self.returning.commands(actor, warm, command, unit=unit, now=now)
        if command.type == "digress" and (incident := command.body.get("incident")) is not None:
            await self.turns.announcements.tell(
                unit, actor, library=revision.library, warm=warm, incident=str(incident)
            )
        decision = await self.turns.decide(actor, revision, warm, commands=commands)
        if not decision.events:
            answer = await self.views.answer(actor, warm, language=language)
            idle = Unit()
            self.idempotency.take(idle, actor, key=key, answer=answer, is_done=True)
            if idle.writes:
                await self.store.commit(idle)
            return answer
        turn = await self.turns.go_on(
            actor.tenant, warm, decision=decision, revision=revision, unit=unit
        )
        await self.turns.close(turn, warm.state, by=actor.by)
        return await self._answer(actor, key, turn, language)

    async def _answer(
        self, actor: Actor, key: Key | None, turn: Any, language: str | None
    ) -> Answer:
        """Commit a turn with its key, wait for its actions, and return the stored answer."""
        state = turn.warm.state
        if not awaited(turn.jobs):
            answer = await self.views.answer(actor, turn.warm, language=language)
            self.idempotency.take(turn.unit, actor, key=key, answer=answer, is_done=True)
            await self.turns.commit(turn)
            return answer
        accepted = Answer(state.session, state.version, b"")
        self.idempotency.take(turn.unit, actor, key=key, answer=accepted, is_done=False)
        await self.turns.commit(turn)
        return await self.inline.answer(actor, state.session, key, language=language)

    async def _once(
        self, actor: Actor, key: Key | None, *, do: Any, language: str | None
    ) -> Answer:
        async def current(session: str) -> Answer:
            warm = await self.states.fresh(actor.tenant, session)
            return await self.views.answer(actor, warm, language=language)

        return await self.idempotency.once(actor, key, do=do, current=current)

    # -- the system's own commands

    async def system(
        self, tenant: str, session: str, command: Command, *, also: Sequence[Write] = ()
    ) -> bool:
        """Do a system command, deciding anew after a lost race; return whether it did anything.

        Args:
            tenant: whose session.
            session: its id.
            command: effect_result, wake or expire.
            also: writes recorded in the same transaction, even when nothing else happens.

        Raises:
            LostLease: one of `also` is no longer this process's to do; nothing was recorded.
            Refused: what it brings is more than the session may hold; nothing was recorded.
        """
        actor = system_actor(tenant)
        for _ in range(TRIES):
            warm = await self.states.get(tenant, session)
            revision = await self.revisions.get(tenant, warm.state.revision)
            try:
                decision = await self.turns.decide(actor, revision, warm, commands=[command])
            except Refused as refused:
                latest = await self.states.fresh(tenant, session)
                if latest.state.seq != warm.state.seq:
                    continue
                if refused.code == TOO_LARGE:
                    raise
                decision = Decision([], warm.state)
            if not decision.events:
                if also:
                    await self.store.commit(Unit(list(also)))
                return False
            turn = await self.turns.go_on(
                tenant, warm, decision=decision, revision=revision, unit=Unit()
            )
            # Before the turn's own, which a database may then do as one.
            turn.unit.writes[:0] = also
            await self.turns.close(turn, warm.state, by=actor.by)
            carried = await self.inline.carry(turn)
            try:
                with self.inline.carrying(carried):
                    await self.turns.commit(turn)
            except (LostRace, KeyTaken):
                self.states.forget(tenant, session)
                continue
            return True
        raise StoreUnavailable

    async def settle(self, job: Job, outcome: Outcome, ended: Sequence[Write]) -> None:
        """Bring an action's outcome to its session."""
        body: dict[str, Any] = {"effect": job.id, "status": outcome.status}
        if outcome.reason is not None:
            body["reason"] = outcome.reason
        if outcome.result is not None:
            body["result"] = outcome.result
        await self.system(job.tenant, job.session, Command("effect_result", body), also=ended)

    async def wake(self, tenant: str, session: str, wait: str) -> None:
        """Tell a session that the timer of a wait came due; a wait that is over ignores it."""
        body = {"wait": wait, "timeout": True}
        drop: Write = (s.DROP_TIMER, (tenant, session, wait))
        await self.system(tenant, session, Command("wake", body), also=[drop])

    # -- reading

    async def _admitted(
        self, actor: Actor, session: str, action: str, *, fresh: bool = False
    ) -> Warm:
        warm = await (self.states.fresh if fresh else self.states.get)(
            actor.tenant, plain(session, "session")
        )
        authorize(actor, action, Resource(actor.tenant, warm.owner, session))
        return warm

    async def view(self, actor: Actor, session: str, *, language: str | None = None) -> Answer:
        """Return where a session stands, worded for the one who asks.

        Raises:
            NotFound: no such session for this actor.
        """
        warm = await self._admitted(actor, session, "session.read", fresh=True)
        return await self.views.answer(actor, warm, language=language)

    async def admit(self, actor: Actor, session: str, action: str = "session.read") -> Warm:
        """Return a session as it stands, if the actor may do this with it.

        Raises:
            NotFound, Forbidden: see `authorize`.
        """
        return await self._admitted(actor, session, action, fresh=True)

    async def preview(self, actor: Actor, session: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an amend would do, without doing it; see `engine.machine.preview`."""
        warm = await self._admitted(actor, session, "session.preview", fresh=True)
        command = parse({"type": "amend", **body})
        if command.type != "amend":
            raise Refused(
                "preview.amend-only",
                {
                    "fr": "Seule une correction se prévisualise.",
                    "en": "Only an amend is previewed.",
                },
            )
        revision = await self.revisions.get(actor.tenant, warm.state.revision)
        return await self.turns.preview(actor, revision, warm, command=command)


class _StaleHere(Exception):
    """The version named is not the one this process has."""
