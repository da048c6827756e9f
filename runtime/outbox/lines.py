"""The line to each system: how many calls at once, its circuit, its budget of retries, its counts.

Each process has its own; what it limits is what this process does to a system.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from connectors.port import Outcome
from runtime.outbox.breaker import Breaker, Pass
from runtime.outbox.budget import RetryBudget

PER_CONNECTOR: Final = 4
"""Most calls of one connector at once; the last place is kept for those somebody waits for."""


class Line:
    """The line to one system."""

    def __init__(self, name: str, *, now: int, places: int) -> None:
        self.name = name
        self.breaker = Breaker()
        self.budget = RetryBudget(now=now)
        self.outcomes: Counter[str] = Counter()
        """Attempts by what became of them; `late` ones and those not made among them."""
        self.retries = 0
        self._places = asyncio.Semaphore(places)
        self._in_background = asyncio.Semaphore(max(1, places - 1))

    @asynccontextmanager
    async def place(self, *, background: bool) -> AsyncIterator[None]:
        """Give one of the places, waiting for one to be free."""
        if not background:
            async with self._places:
                yield
            return
        async with self._in_background, self._places:
            yield

    def record(self, now: int, way: Pass, outcome: Outcome) -> bool:
        """Take in how a call ended; return whether the system is well again."""
        # What was not sent and will not be better later is our own configuration's fault.
        of_theirs = outcome.sent or outcome.again
        failed = outcome.status in {"failed", "unknown"} and of_theirs
        return self.breaker.record(now, way, is_failure=failed)


class Lines:
    """The lines of this process, by connector: the part of an operation before its dot."""

    def __init__(self, *, places: int = PER_CONNECTOR) -> None:
        self._places = places
        self._lines: dict[str, Line] = {}

    def of(self, operation: str, *, now: int) -> Line:
        """Return the line that an operation goes through."""
        name = operation.partition(".")[0]
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = Line(name, now=now, places=self._places)
        return line

    def all(self) -> list[Line]:
        """Return every line that was used, by name."""
        return [self._lines[name] for name in sorted(self._lines)]
