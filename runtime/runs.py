"""Runs of what is done by the clock: each due time once, by whichever process takes it.

A run whose process went away is taken up by another. Of several due times that were missed the
last one is run; those before something was first known are nobody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from runtime.clock import Clock
from runtime.outbox.outbox import wall
from runtime.schedule import Schedule
from runtime.store import robots as s
from runtime.store.port import Store

LEASE: Final = 60_000
"""Milliseconds without a sign of life after which another process takes a run up."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that this process has: whose it is, when it was due, and by which token."""

    tenant: str
    name: str
    due: int
    token: int


@dataclass(slots=True, kw_only=True)
class Runs:
    """The runs of a service. A run is its process's for `lease` ms after its last sign of life."""

    store: Store
    clock: Clock
    real_time: Callable[[], int] = wall
    lease: int = LEASE

    async def left(self, tenant: str, name: str) -> Run | None:
        """Return a run that its process left, taken up; None when there is none."""
        real = self.real_time()
        # Mostly nothing is due: an idle look only reads.
        if not await self.store.read(s.ROBOT_ABANDONED, tenant, name, real):
            return None
        rows = await self.store.change(s.ROBOT_LEFT, tenant, name, real, real + self.lease)
        return Run(tenant, name, rows[0][0], rows[0][1]) if rows else None

    async def due(self, tenant: str, name: str, *, when: Schedule, zone: tzinfo) -> Run | None:
        """Return the run that is due and that no other process has; None when there is none."""
        now = self.clock.now()
        due = when.last_due(now, zone)
        ((latest,),) = await self.store.read(s.ROBOT_LATEST, tenant, name)
        if latest is None:
            # Due before it was known here: that time is nobody's.
            await self.store.change(s.ROBOT_DUE, tenant, name, due, "skipped", 0, 0, 0, now)
            return None
        if latest >= due:
            return None
        lease = self.real_time() + self.lease
        rows = await self.store.change(
            s.ROBOT_DUE, tenant, name, due, "running", lease, 1, 0, None
        )  # fmt: skip
        return Run(tenant, name, due, rows[0][0]) if rows else None

    async def lives(self, run: Run) -> bool:
        """Give a sign of life; return whether the run is still this process's."""
        until = self.real_time() + self.lease
        place = (run.tenant, run.name, run.due, run.token, until)
        return bool(await self.store.change(s.ROBOT_LIVES, *place))

    async def ended(self, run: Run, state: str, count: int) -> bool:
        """Say that a run is `done` or `failed`; return whether it still was this process's."""
        now = self.clock.now()
        place = (run.tenant, run.name, run.due, run.token, state, count, now)
        return bool(await self.store.change(s.ROBOT_ENDED, *place))
