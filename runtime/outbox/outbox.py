"""The actions of this process: claimed, attempted, and their outcomes brought to their sessions.

An action's attempt is counted, and on disk, before it is sent. Its outcome comes back as a command
of the system. After a crash, what may be repeated is repeated with the same key; an `unsafe` action
that was under way is `unknown`. Leases are judged by the database's time, whatever clock journeys
are given. Source: promises.md 2.3, 2.4; semantics.md 22, 23.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final

from connectors.port import Outcome
from connectors.registry import Registry
from engine.events import Event
from engine.refusals import Refused
from engine.state import State
from runtime.errors import Failure
from runtime.outbox import requests
from runtime.outbox.calls import Calls, tell, unanswered
from runtime.outbox.jobs import INTERRUPTED, Job, Settle, job_of
from runtime.outbox.keys import secret_of
from runtime.outbox.lines import PER_CONNECTOR, Line, Lines
from runtime.outbox.recovery import Recovery
from runtime.outbox.retries import NOT_MADE, may_be_tried_again, rest_after
from runtime.store import actions as a
from runtime.store.port import LostLease, Store, Unit, Write

LEASE: Final = 30_000
"""Milliseconds after the last sign of life at which an action under way counts as abandoned."""
BUSY: Final = 256
"""Most actions under way in this process; more wait their turn in the table."""
CLAIM: Final = 10
CLAIMED: Final = 32
"""Most actions under way beyond which none is claimed: other workers want some too."""
POLL: Final = 0.25
SPREAD: Final = 25_000
"""Milliseconds over which what met an open circuit comes back, unless it closes before."""
RELEASE_S: Final = 3.0
"""Seconds that giving leases back may take when a process stops."""

_log = logging.getLogger("parcours.outbox")


def wall() -> int:
    """Return real time, milliseconds UTC."""
    return time.time_ns() // 1_000_000


class Outbox:
    """The actions of this process."""

    def __init__(
        self,
        store: Store,
        registry: Registry,
        *,
        real_time: Callable[[], int] = wall,
        chance: random.Random | None = None,
        lease_ms: int = LEASE,
        places: int = PER_CONNECTOR,
    ) -> None:
        self._store = store
        self._clock = real_time
        self._ahead = 0
        self._secret = b""
        self._chance = chance or random.SystemRandom()
        self._lease = lease_ms
        self.lines = Lines(places=places)
        self._calls = Calls(registry, self.lines, now=self.now, chance=self._chance)
        self._calls.closed = self._well_again
        self._recovery = Recovery(
            store=store, calls=self._calls, now=self.now, tried=self._tried, finish=self._finish,
            correct=self._correct, beside=self._beside,
        )  # fmt: skip
        self._settle: Settle | None = None
        self._enclose: Callable[[Job], Awaitable[Job]] | None = None
        self._running: dict[asyncio.Task[None], Job] = {}
        self._awaited: defaultdict[tuple[str, str], set[asyncio.Task[None]]] = defaultdict(set)
        self._aside: set[asyncio.Task[None]] = set()
        self._heart: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._is_full = False
        self._stopping = False

    def settle_through(self, settle: Settle) -> None:
        """Say who brings outcomes to their sessions."""
        self._settle = settle

    def enclose_through(self, enclose: Callable[[Job], Awaitable[Job]]) -> None:
        """Say who adds to an action, as it is handed over, what customers are to be told."""
        self._enclose = enclose

    def now(self) -> int:
        """Return the database's time, as far as this process knows it."""
        return self._clock() + self._ahead

    def look(self) -> None:
        """Look at once for what is due, where this process does."""
        self._news.set()

    async def sync(self) -> None:
        """Learn how far the database's clock is from this machine's, and what keys are made with.

        Nothing is put in before.
        """
        self._secret = self._secret or await secret_of(self._store, now=self._clock())
        asked = self._clock()
        theirs = (await self._store.read(a.DATABASE_NOW))[0][0]
        self._ahead = theirs - (asked + self._clock()) // 2

    # -- asked for by a turn

    def put(
        self, unit: Unit, tenant: str, *, state: State, events: Sequence[tuple[int, Event]]
    ) -> list[Job]:
        """Add to a turn the actions its events ask for; return those to launch once committed."""
        room = 0 if self._stopping else BUSY - len(self._running)
        terms = requests.Terms(self.now(), self._lease, self._secret)
        return requests.put(unit, tenant, state, events=events, terms=terms, room=room)

    def launch(self, jobs: Sequence[Job]) -> None:
        """Begin what a committed turn asked for; nothing is waited for here."""
        for job in jobs:
            task = asyncio.create_task(self._attempt(job), name=f"effect {job.id}")
            self._running[task] = job
            task.add_done_callback(self._ended)
            if not job.behind:
                waited = self._awaited[(job.tenant, job.session)]
                waited.add(task)
                task.add_done_callback(waited.discard)
        if jobs and (self._heart is None or self._heart.done()):
            self._heart = asyncio.create_task(self._beat(), name="leases")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        if self._is_full:
            self._news.set()

    async def wait_for(self, tenant: str, session: str, *, budget_ms: int) -> None:
        """Wait until no foreground action of a session is under way, or the budget is spent."""
        try:
            async with asyncio.timeout(budget_ms / 1_000):
                while waited := self._awaited.get((tenant, session)):
                    await asyncio.wait(waited)
        except TimeoutError:
            return
        self._awaited.pop((tenant, session), None)

    def is_last(self, tenant: str, session: str) -> bool:
        """Return whether no foreground action of a session is under way but the one that asks."""
        return not self._awaited.get((tenant, session), set()) - {asyncio.current_task()}

    async def _beat(self) -> None:
        """Keep the leases of what is under way, each third of one, until nothing is."""
        while self._running:
            await asyncio.sleep(self._lease / 3_000)
            for job in list(self._running.values()):
                mine = (job.tenant, job.session, job.id, job.token)
                try:
                    await self._store.change(a.KEEP_LEASE, *mine, self._lease)
                except Failure as failure:
                    _log.warning("lease_not_kept", extra={"key": job.id, "code": failure.code})

    # -- one attempt

    async def _attempt(self, job: Job) -> None:
        started = self.now()
        if self._enclose is not None:
            job = await self._enclose(job)
        outcome = await self._calls.make(job)
        line = self._calls.line(job)
        later = self._later(job, outcome, line)
        if later is None and outcome.status == "failed":
            outcome = await self._doubted(job, outcome)
        if later is None and outcome.status == "unknown":
            outcome = await self._calls.probe(job, outcome)
            later = self._later(job, outcome, line)
        line.outcomes[outcome.status if outcome.reason not in NOT_MADE else "not_made"] += 1
        try:
            if later is None:
                await self._finish(job, outcome, started)
            else:
                await self._put_off(job, outcome, started, later)
        except Failure as failure:
            # The row keeps its lease: once that is over, the action is taken up again.
            _log.warning("effect_outcome_not_recorded", extra={"key": job.id, "code": failure.code})
        self._calls.sent.discard(job.place)

    async def _doubted(self, job: Job, outcome: Outcome) -> Outcome:
        """Return `unknown` where an attempt before may have taken place, whatever the last did.

        Source: promises.md 1, promise 5: `failed` is said of what surely changed nothing.
        """
        if job.attempt == 1 or job.effect_class == "read":
            return outcome
        try:
            rows = await self._store.read(a.ATTEMPTS, job.tenant, job.session, job.id)
        except Failure:
            # What cannot be looked up is not known.
            return replace(outcome, status="unknown")
        reasons = [reason for _, _, _, status, reason, _ in rows if status == "unknown"]
        if not reasons:
            return outcome
        return replace(outcome, status="unknown", reason=reasons[-1])

    def _later(self, job: Job, outcome: Outcome, line: Line) -> int | None:
        """Return when a job is to be tried again; None when it is over."""
        now = self.now()
        if outcome.reason in NOT_MADE:
            # Whoever waits is not made to wait for a system that is known to be down.
            wait = outcome.after_ms or 0
            return now + wait + self._chance.randint(0, SPREAD) if job.background else None
        if job.attempt >= job.attempts or not may_be_tried_again(job.effect_class, outcome):
            return None
        at = now + rest_after(job.pace, job.attempt, outcome, chance=self._chance)
        if at >= job.deadline:
            return None
        if not job.background:
            if not line.budget.spend(now):
                return None
            line.retries += 1
        return at

    async def _put_off(self, job: Job, outcome: Outcome, started: int, later: int) -> None:
        unit = Unit()
        was_made = outcome.reason not in NOT_MADE
        unit.add(
            a.RETRY_EFFECT, job.tenant, job.session, job.id, job.token, later, outcome.reason,
            int(not was_made),
        )  # fmt: skip
        if was_made:
            unit.writes.append(self._tried(job, outcome, started))
        try:
            await self._store.commit(unit)
        except LostLease:
            await self._came_late(job, outcome, started)
        self._news.set()

    async def _finish(self, job: Job, outcome: Outcome, started: int) -> None:
        assert self._settle is not None
        mine = (job.tenant, job.session, job.id)
        writes: list[Write] = [
            (a.SETTLE_EFFECT, (*mine, job.token, outcome.status, outcome.reason)),
        ]
        if outcome.status == "succeeded":
            writes += job.also
        if outcome.status in {"failed", "unknown"}:
            writes.append(self._tried(job, outcome, started))
        if job.background:
            writes.append((a.FREE_NEXT, (*mine, self.now())))
        writes += job.of_its_letter(outcome, self.now())
        try:
            await self._settle(job, outcome, writes)
        except LostLease:
            await self._came_late(job, outcome, started)
        except Refused as refused:
            # What came back does not fit in its session: a person looks what became of it.
            without = unanswered(job, refused.code, again=False)
            await self._finish(job, without, started)
        else:
            tell(job, outcome)
        self._news.set()

    def _tried(self, job: Job, outcome: Outcome, started: int, *, late: bool = False) -> Write:
        return a.NEW_ATTEMPT, (
            job.tenant, job.session, job.id, job.token, job.attempt, started, self.now(),
            outcome.status, outcome.reason, int(late),
        )  # fmt: skip

    async def _came_late(self, job: Job, outcome: Outcome, started: int) -> None:
        """Record an outcome found after the lease was lost: it ends nothing.

        Where nobody knew better meanwhile, a success is offered to the session, as any late one.
        """
        assert self._settle is not None
        _log.warning("effect_lease_lost", extra={"key": job.id})
        self._calls.line(job).outcomes["late"] += 1
        await self._store.commit(Unit([self._tried(job, outcome, started, late=True)]))
        if outcome.status == "succeeded":
            await self._correct(job, outcome)

    async def _correct(self, job: Job, outcome: Outcome) -> None:
        """Offer a success to the session of an action that had ended otherwise."""
        assert self._settle is not None
        corrected = (a.CORRECT_EFFECT, (job.tenant, job.session, job.id, "succeeded"))
        try:
            await self._settle(job, outcome, [corrected])
        except (LostLease, Refused):
            return

    def _well_again(self, connector: str) -> None:
        """Bring forward what waits for a system that is well again."""
        self._beside(self._hasten(connector))

    def _beside(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _hasten(self, connector: str) -> None:
        try:
            await self._store.change(a.HASTEN_EFFECTS, self.now(), f"{connector}.")
        except Failure as failure:
            _log.warning("outbox_waits", extra={"code": failure.code})
        self._news.set()

    # -- what waits in the table

    async def recover(self, *, alone: bool) -> int:
        """Take up actions whose worker is gone, and return how many.

        Args:
            alone: whether no other process may have them (SQLite): leases are not waited for.
        """
        await self.sync()
        count = await self._recovery.take_up(alone=alone, lease_ms=self._lease)
        self._news.set()
        return count

    async def take(self) -> int:
        """Claim what is due and begin it; return how many."""
        room = min(CLAIM, CLAIMED - len(self._running))
        self._is_full = room <= 0
        if room <= 0 or self._stopping:
            return 0
        rows = await self._store.change(a.CLAIM_EFFECTS, self.now(), self._lease, room)
        self._is_full = len(rows) == room
        self.launch([job_of(row) for row in rows])
        return len(rows)

    async def work(self) -> None:
        """Take what is due until cancelled: an idle look is a read, four times a second at most."""
        looked = 0.0
        while True:
            self._news.clear()
            taken = 0
            try:
                ((due, over),) = await self._store.read(a.NEXT_EFFECT)
                if due is not None and due <= self.now():
                    taken = await self.take()
                is_late = over is not None and over + a.GRACE <= self.now()
                if is_late or time.monotonic() - looked > self._lease / 3_000:
                    looked = time.monotonic()
                    await self.recover(alone=False)
            except Failure as failure:
                _log.warning("outbox_waits", extra={"code": failure.code})
            if taken == CLAIM:
                continue
            try:
                async with asyncio.timeout(POLL):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def states(self) -> dict[str, int]:
        """Return how many actions are in each state, over all tenants."""
        return {row[0]: row[1] for row in await self._store.read(a.EFFECT_STATES)}

    async def drain_now(self) -> None:
        """Wait for everything under way."""
        while busy := {*self._running, *self._aside}:
            await asyncio.wait(busy)

    async def drain(self, *, within_s: float) -> None:
        """Begin nothing more, and wait for what is under way, so long at most.

        What is left then is given back: another worker does it, or the next start. An `unsafe`
        action that may have been sent is `unknown`.
        """
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        cut = dict(self._running)
        for task in (*cut, *self._aside, *([self._heart] if self._heart else [])):
            task.cancel()
        await asyncio.gather(*cut, *self._aside, return_exceptions=True)
        try:
            async with asyncio.timeout(RELEASE_S):
                for job in cut.values():
                    await self._release(job)
        except (Failure, TimeoutError):
            # Their leases end by themselves.
            _log.warning("leases_not_released", extra={"count": len(cut)})

    async def _release(self, job: Job) -> None:
        was_sent = job.place in self._calls.sent
        if job.may_repeat or not was_sent:
            await self._recovery.resume(job, was_made=was_sent)
        else:
            await self._finish(job, Outcome("unknown", reason=INTERRUPTED), self.now())
