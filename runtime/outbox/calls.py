"""Calling a connector: within its time, through its line, whatever it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from random import Random
from typing import Final

from connectors.port import Connector, Described, Outcome
from connectors.registry import Registry
from runtime.json_text import to_bytes
from runtime.outbox.breaker import Pass
from runtime.outbox.budget import TRICKLE_MS
from runtime.outbox.jobs import Job, Serves
from runtime.outbox.lines import Line, Lines
from runtime.outbox.retries import CIRCUIT_OPEN, INTERACTIVE, SPENT

LARGEST: Final = 1024 * 1024
"""Most bytes of an action's result, as JSON (promises.md 1, limits)."""
ALONE: Final = 60_000
"""What an attempt may take at least when nobody waits, ms (semantics.md 23)."""
NOT_DONE: Final = "connector.not-done"
"""The reason of an action whose probe says that it did not take place."""
TIMEOUT: Final = "connector.timeout"

_log = logging.getLogger("parcours.outbox")


class Calls:
    """The calls this process makes."""

    def __init__(
        self, registry: Registry, lines: Lines, *, now: Callable[[], int], chance: Random
    ) -> None:
        self._registry = registry
        self._lines = lines
        self._now = now
        self._chance = chance
        self.sent: set[tuple[str, str, str]] = set()
        """Actions that may have reached their system and whose outcome is not on disk."""
        self.closed: Callable[[str], None] = _nobody
        """Told the name of a connector that is well again."""

    def line(self, job: Job) -> Line:
        """Return the line a job goes through."""
        return self._lines.of(job.operation, now=self._now())

    async def make(self, job: Job) -> Outcome:
        """Call the connector of a job; whatever it does, an outcome comes of it."""
        connector = self._registry.find(job.operation)
        if connector is None:
            return Outcome("failed", reason="connector.not-configured", sent=False)
        described = (connector.operations() or {}).get(job.operation)
        left = job.deadline - self._now()
        if left <= 0:
            return Outcome("failed", reason=job.before or TIMEOUT, sent=False)
        try:
            # The whole of it: waiting for a place is part of what somebody waits for.
            async with asyncio.timeout(None if job.background else left / 1_000):
                async with self.line(job).place(background=job.background):
                    return await self._through(connector, described, job)
        except TimeoutError:
            if job.place in self.sent:
                return unanswered(job, TIMEOUT)
            return Outcome("failed", reason=job.before or TIMEOUT, sent=False, again=True)

    async def _through(
        self, connector: Connector, described: Described | None, job: Job
    ) -> Outcome:
        line, now = self.line(job), self._now()
        way = line.breaker.admit(now)
        if way is None:
            wait = line.breaker.wait(now)
            return Outcome("failed", reason=CIRCUIT_OPEN, sent=False, again=True, after_ms=wait)
        if job.is_first:
            line.budget.called()
        elif job.background and not line.budget.spend(now):
            return Outcome("failed", reason=SPENT, sent=False, again=True, after_ms=TRICKLE_MS)
        self.sent.add(job.place)
        try:
            outcome = await self._called(connector, job, _limit(job, described, now))
        except TimeoutError:
            outcome = unanswered(job, TIMEOUT)
        except asyncio.CancelledError:
            # Cut from outside: by its budget, which tells the line, or by the end of the process.
            if job.deadline <= self._now():
                line.record(self._now(), way, unanswered(job, TIMEOUT))
            raise
        except Exception:  # noqa: BLE001 - the worker's outermost ring: a connector's fault stays its own
            _log.exception("connector_broke", extra={"operation": job.operation, "key": job.id})
            outcome = unanswered(job, "connector.broke", again=False)
        self._tell(line, way, outcome)
        return outcome

    def _tell(self, line: Line, way: Pass, outcome: Outcome) -> None:
        was_open = line.breaker.is_open
        line.record(self._now(), way, outcome)
        if line.breaker.is_open != was_open:
            said = "circuit_closed" if was_open else "circuit_opened"
            _log.warning(said, extra={"connector": line.name})
            if was_open:
                self.closed(line.name)

    async def _called(self, connector: Connector, job: Job, limit: int) -> Outcome:
        async with asyncio.timeout(limit / 1_000):
            if isinstance(connector, Serves):
                outcome = await connector.serve(job)
            else:
                outcome = await connector.call(
                    job.operation, job.inputs, key=job.key, timeout_ms=limit
                )
        if outcome.result is not None and len(to_bytes(outcome.result)) > LARGEST:
            return unanswered(job, "connector.too-large", again=False)
        return outcome

    # -- whether it took place

    def probe_of(self, operation: str) -> str | None:
        """Return the operation that says whether this one took place, if there is one."""
        connector = self._registry.find(operation)
        described = None if connector is None else (connector.operations() or {}).get(operation)
        return None if described is None else described.probe

    async def probe(self, job: Job, unknown: Outcome) -> Outcome:
        """Ask whether an action took place, as often as a look-up; what was unknown stays so else.

        The probe is given what the action was given. Its success is the action's, with its
        result; its refusal says that the action did not take place, and may be done again.
        """
        name = self.probe_of(job.operation)
        connector = None if name is None else self._registry.find(name)
        if name is None or connector is None:
            return unknown
        described = (connector.operations() or {}).get(name)
        for attempt in range(1, INTERACTIVE.attempts + 1):
            limit = _limit(job, described, self._now())
            if limit <= 0:
                break
            try:
                async with asyncio.timeout(limit / 1_000):
                    found = await connector.call(name, job.inputs, key=job.key, timeout_ms=limit)
            except TimeoutError:
                found = unknown
            except Exception:  # noqa: BLE001 - as for the action itself
                _log.exception("connector_broke", extra={"operation": name, "key": job.id})
                break
            if found.status == "succeeded":
                return found
            if found.status == "refused":
                return Outcome("failed", reason=NOT_DONE, sent=False, again=True)
            # Who waits is not kept beyond the step's time by a rest.
            left = max(0, job.deadline - self._now())
            await asyncio.sleep(min(left, INTERACTIVE.rest(attempt, self._chance)) / 1_000)
        return unknown


def _limit(job: Job, described: Described | None, now: int) -> int:
    """Return how long one call may take, in milliseconds."""
    whole = max(job.timeout, ALONE) if job.background else job.deadline - now
    return whole if described is None else min(whole, described.timeout_ms)


def unanswered(job: Job, reason: str, *, again: bool = True) -> Outcome:
    """Return what a call without an answer means: a look-up surely changed nothing."""
    if job.effect_class == "read":
        return Outcome("failed", reason=reason, again=again)
    return Outcome("unknown", reason=reason, again=again)


def tell(job: Job, outcome: Outcome) -> None:
    """Write into the log that an action came to nothing, or that nobody knows: ids and codes."""
    if outcome.status in {"failed", "unknown"}:
        said = {
            "tenant": job.tenant, "key": job.id, "operation": job.operation,
            "status": outcome.status, "reason": outcome.reason, "attempt": job.attempt,
        }  # fmt: skip
        _log.warning("action_failed", extra=said)


def _nobody(_connector: str) -> None:
    """Tell nobody."""
