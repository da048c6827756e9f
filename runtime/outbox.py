"""Automated actions: asked for by a committed turn, attempted until they have an outcome.

An action's attempt is counted, and on disk, before it is sent. Its outcome comes back as a command
of the system. After a crash, what may be repeated is repeated with the same key; an `unsafe` action
that was under way is `unknown`. Leases are judged by real time, whatever clock journeys are given.
Source: promises.md 2.3, 2.4; semantics.md 22, 23.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.port import Outcome
from connectors.registry import Registry
from engine.events import Event, Requested
from runtime.errors import Failure
from runtime.json_text import from_text, to_bytes, to_text
from runtime.store import statements as s
from runtime.store.port import LostLease, Row, Store, Unit, Write

LEASE: Final = 30_000
"""Milliseconds beyond its own deadline after which an action under way counts as abandoned."""
BUSY: Final = 256
"""Most actions under way in this process; more wait their turn in the table."""
PER_CONNECTOR: Final = 4
BASE: Final = 500
CAP: Final = 8_000
"""Retries wait a random time up to BASE·2ⁿ and CAP milliseconds (full jitter)."""
INTERRUPTIONS: Final = 3
"""Crashes after which an action that may be repeated is not."""
LARGEST: Final = 1024 * 1024
"""Most bytes of an action's result, as JSON (promises.md 1, limits)."""
POLL: Final = 0.25
CLAIM: Final = 10

_log = logging.getLogger("parcours.outbox")


def wall() -> int:
    """Return real time, milliseconds UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at an action."""

    tenant: str
    session: str
    id: str
    operation: str
    effect_class: str
    attempt: int
    attempts: int
    timeout: int
    deadline: int
    token: int
    inputs: dict[str, Any]
    behind: bool = False

    @property
    def key(self) -> str:
        """What the connector is given, the same at every attempt and for no other action."""
        return self.id

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again when it is not known whether it took place."""
        return self.effect_class != "unsafe"


_FIELDS: Final = (
    "tenant", "session", "id", "operation", "effect_class", "attempt", "attempts", "timeout",
    "deadline", "token", "inputs",
)  # fmt: skip


def _job(row: Row) -> Job:
    fields = dict(zip(_FIELDS, row, strict=True))
    return Job(**{**fields, "inputs": from_text(fields["inputs"])})


Settle = Callable[[Job, Outcome, Write], Awaitable[None]]
"""Brings an outcome to its session, in one turn with the write that ends the action."""


class Outbox:
    """The actions of this process."""

    def __init__(
        self, store: Store, registry: Registry, *, real_time: Callable[[], int] = wall
    ) -> None:
        self._store = store
        self._registry = registry
        self._now = real_time
        self._settle: Settle | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._awaited: defaultdict[tuple[str, str], set[asyncio.Task[None]]] = defaultdict(set)
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._news = asyncio.Event()
        self._stopping = False

    def settle_through(self, settle: Settle) -> None:
        """Say who brings outcomes to their sessions."""
        self._settle = settle

    # -- asked for by a turn

    def put(
        self, unit: Unit, tenant: str, *, session: str, events: Iterable[tuple[int, Event]]
    ) -> list[Job]:
        """Add to a turn the actions its events ask for; return those to launch once committed."""
        jobs: list[Job] = []
        now = self._now()
        for seq, event in events:
            if not isinstance(event, Requested):
                continue
            at_once = len(self._running) + len(jobs) < BUSY and not self._stopping
            attempts = 1 if event.effect_class == "unsafe" else event.retries + 1
            deadline = now + event.timeout
            lease = deadline + LEASE if at_once else 0
            unit.add(
                s.NEW_EFFECT, tenant, session, event.effect, seq, event.operation,
                event.effect_class, int(event.behind), "in_flight" if at_once else "ready",
                int(at_once), attempts, now, event.timeout, deadline, lease, int(at_once), None,
                to_text(event.inputs if event.given is None else event.given),
            )  # fmt: skip
            if at_once:
                inputs = event.inputs if event.given is None else event.given
                jobs.append(
                    Job(tenant, session, event.effect, event.operation, event.effect_class, 1,
                        attempts, event.timeout, deadline, 1, inputs, event.behind)
                )  # fmt: skip
        return jobs

    def launch(self, jobs: Sequence[Job]) -> None:
        """Begin what a committed turn asked for; nothing is waited for here."""
        for job in jobs:
            task = asyncio.create_task(self._attempt(job), name=f"effect {job.key}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            if not job.behind:
                waited = self._awaited[(job.tenant, job.session)]
                waited.add(task)
                task.add_done_callback(waited.discard)

    async def wait_for(self, tenant: str, session: str, *, budget_ms: int) -> None:
        """Wait until no foreground action of a session is under way, or the budget is spent."""
        try:
            async with asyncio.timeout(budget_ms / 1_000):
                while waited := self._awaited.get((tenant, session)):
                    await asyncio.wait(waited)
        except TimeoutError:
            return
        self._awaited.pop((tenant, session), None)

    # -- one attempt

    async def _attempt(self, job: Job) -> None:
        outcome = await self._call(job)
        now = self._now()
        may_try_again = job.attempt < job.attempts and now < job.deadline and job.may_repeat
        try:
            if outcome.status in {"failed", "unknown"} and may_try_again:
                longest = min(CAP, BASE * 2 ** (job.attempt - 1))
                later = now + random.randint(0, longest)  # noqa: S311 - it spreads load, it hides nothing
                await self._store.change(
                    s.RETRY_EFFECT, job.tenant, job.session, job.id, job.token, later,
                    outcome.reason,
                )  # fmt: skip
                self._news.set()
                return
            await self._finish(job, outcome)
        except Failure as failure:
            # The row keeps its lease: once that is over, the action is taken up again.
            _log.warning(
                "effect_outcome_not_recorded", extra={"key": job.key, "code": failure.code}
            )

    async def _finish(self, job: Job, outcome: Outcome) -> None:
        assert self._settle is not None
        ended: Write = (
            s.SETTLE_EFFECT,
            (job.tenant, job.session, job.id, job.token, outcome.status, outcome.reason),
        )
        try:
            await self._settle(job, outcome, ended)
        except LostLease:
            _log.warning("effect_lease_lost", extra={"key": job.key})

    async def _call(self, job: Job) -> Outcome:
        connector = self._registry.find(job.operation)
        if connector is None:
            return Outcome("failed", reason="connector.not-configured")
        left = job.deadline - self._now()
        if left <= 0:
            return Outcome("failed", reason="timeout")
        room = self._turns.setdefault(
            job.operation.partition(".")[0], asyncio.Semaphore(PER_CONNECTOR)
        )
        sent = []
        try:
            async with asyncio.timeout(left / 1_000), room:
                sent.append(True)
                outcome = await connector.call(
                    job.operation,
                    job.inputs,
                    key=job.key,
                    timeout_ms=max(1, job.deadline - self._now()),
                )
            if outcome.result is None or len(to_bytes(outcome.result)) <= LARGEST:
                return outcome
            reason = "connector.too-large"
        except TimeoutError:
            reason = "timeout"
        except Exception:  # noqa: BLE001 - the worker's outermost ring: a connector's fault stays its own
            _log.exception("connector_broke", extra={"operation": job.operation, "key": job.key})
            reason = "connector.broke"
        surely_not = not sent or job.effect_class == "read"
        return Outcome("failed" if surely_not else "unknown", reason=reason)

    # -- what waits in the table

    async def recover(self, *, alone: bool) -> int:
        """Take up actions whose worker is gone, and return how many.

        Args:
            alone: whether no other process may have them (SQLite): leases are not waited for.
        """
        rows = await self._store.read(s.ABANDONED_EFFECTS, 10**15 if alone else 0, 1_000)
        for row in rows:
            job = _job(row)
            # Bounded too, for an action that brings its process down each time.
            if job.may_repeat and job.attempt < job.attempts + INTERRUPTIONS:
                await self._store.change(
                    s.RESUME_EFFECT, job.tenant, job.session, job.id, job.token, self._now()
                )
            else:
                await self._finish(job, Outcome("unknown", reason="interrupted"))
        self._news.set()
        return len(rows)

    async def take(self) -> int:
        """Claim what is due and begin it; return how many."""
        room = min(CLAIM, BUSY - len(self._running))
        if room <= 0 or self._stopping:
            return 0
        rows = await self._store.change(s.CLAIM_EFFECTS, self._now(), LEASE, room)
        self.launch([_job(row) for row in rows])
        return len(rows)

    async def work(self) -> None:
        """Take what is due until cancelled: an idle look is a read, four times a second at most."""
        looked = 0.0
        while True:
            try:
                due = await self._store.read(s.NEXT_EFFECT)
                if due and due[0][0] is not None and due[0][0] <= self._now():
                    await self.take()
                if time.monotonic() - looked > LEASE / 3_000:
                    looked = time.monotonic()
                    await self.recover(alone=False)
            except Failure as failure:
                _log.warning("outbox_waits", extra={"code": failure.code})
            self._news.clear()
            try:
                async with asyncio.timeout(POLL):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def states(self) -> dict[str, int]:
        """Return how many actions are in each state, over all tenants."""
        return {row[0]: row[1] for row in await self._store.read(s.EFFECT_STATES)}

    async def drain_now(self) -> None:
        """Wait for everything under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def drain(self, *, within_s: float) -> None:
        """Begin nothing more, and wait for what is under way, so long at most.

        What is left then is taken up at the next start.
        """
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
