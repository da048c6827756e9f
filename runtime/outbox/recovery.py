"""Actions whose worker is gone: taken up again, or handed to a person when their time is over.

Nobody waits for an action longer than its step says, whatever became of its worker. What may be
repeated is, with the same key, while there is time; an `unsafe` one may have taken place.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from connectors.port import Outcome
from runtime.errors import Failure
from runtime.outbox.calls import Calls, unanswered
from runtime.outbox.jobs import INTERRUPTED, Job, job_of
from runtime.store import actions as a
from runtime.store.port import LostLease, Store, Unit, Write

INTERRUPTIONS: Final = 3
"""Crashes after which an action that may be repeated is not."""

_log = logging.getLogger("parcours.outbox")


class Tried(Protocol):
    """Makes the record of an attempt that an action did not end with."""

    def __call__(self, job: Job, outcome: Outcome, started: int) -> Write:
        """Return the write."""
        ...


@dataclass(slots=True, kw_only=True)
class Recovery:
    """Takes up what other workers left.

    Attributes:
        finish: ends an action with an outcome, in its session too.
        correct: offers a success to the session of an action that had ended otherwise.
        beside: has something done that nobody waits for.
    """

    store: Store
    calls: Calls
    now: Callable[[], int]
    tried: Tried
    finish: Callable[[Job, Outcome, int], Awaitable[None]]
    correct: Callable[[Job, Outcome], Awaitable[None]]
    beside: Callable[[Coroutine[Any, Any, None]], None]

    async def take_up(self, *, alone: bool, lease_ms: int) -> int:
        """Take up actions whose worker is gone, and return how many.

        Args:
            alone: whether no other process may have them (SQLite): leases are not waited for.
            lease_ms: how long they are this process's while it asks what became of them.
        """
        rows = await self.store.read(a.ABANDONED_EFFECTS, 10**15 if alone else 0, 1_000)
        for row in rows:
            job = job_of(row)
            if not job.background and job.deadline <= self.now():
                await self._hand_over(job, lease_ms)
            # Bounded too, for an action that brings its process down each time.
            elif job.may_repeat and job.attempt < job.attempts + INTERRUPTIONS:
                await self.resume(job, was_made=True)
            else:
                await self._interrupted(job, lease_ms)
        return len(rows)

    async def resume(self, job: Job, *, was_made: bool) -> None:
        """Give an action back, to be attempted by whoever takes it, within the time it had."""
        now = self.now()
        unit = Unit()
        unit.add(
            a.RESUME_EFFECT, job.tenant, job.session, job.id, job.token, now, int(not was_made)
        )
        if was_made:
            # Nobody knows how far it came: remembered, whatever the next attempt finds.
            unit.writes.append(self.tried(job, Outcome("unknown", reason=INTERRUPTED), now))
        with contextlib.suppress(LostLease):
            await self.store.commit(unit)

    async def _taken(self, job: Job, lease_ms: int) -> Job | None:
        """Return a job as this process's own, so that one worker alone says what became of it.

        The one that is gone cannot come back as its owner. None: another was first.
        """
        mine = (job.tenant, job.session, job.id, job.token)
        taken = await self.store.change(a.TAKE_LEASE, *mine, lease_ms)
        if not taken:
            return None
        return replace(job, token=taken[0][0], deadline=self.now() + lease_ms // 2)

    async def _interrupted(self, job: Job, lease_ms: int) -> None:
        """End an action of which nobody knows whether it took place, after asking if one may."""
        taken = await self._taken(job, lease_ms)
        if taken is None:
            return
        outcome = await self.calls.probe(taken, Outcome("unknown", reason=INTERRUPTED))
        await self.finish(taken, outcome, self.now())

    async def _hand_over(self, job: Job, lease_ms: int) -> None:
        """End an action whose time is over: a person goes on at once.

        What became of it is asked beside, and a success offered.
        """
        taken = await self._taken(job, lease_ms)
        if taken is None:
            return
        outcome = unanswered(job, INTERRUPTED)
        await self.finish(taken, outcome, self.now())
        if outcome.status == "unknown" and self.calls.probe_of(job.operation) is not None:
            self.beside(self._learn(taken, outcome))

    async def _learn(self, job: Job, outcome: Outcome) -> None:
        found = await self.calls.probe(job, outcome)
        if found.status == "succeeded":
            try:
                await self.correct(job, found)
            except Failure as failure:
                _log.warning("late_result_lost", extra={"key": job.id, "code": failure.code})
