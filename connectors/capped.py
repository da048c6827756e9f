"""A connector that costs money is asked so many times a day at most.

Counted by each process since it started: a worker's cap is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connectors.faults import Fault
from connectors.port import Connector, Described, Outcome, Prepares

DAY_S: Final = 86_400


class Capped:
    """Asks a connector until its calls of the day, in UTC, are used up.

    Args:
        inside: the connector.
        most: calls a day.
        wall: seconds since 1970, UTC.
    """

    def __init__(self, inside: Connector, most: int, wall: Callable[[], float]) -> None:
        self._inside = inside
        self._most = most
        self._wall = wall
        self._day = 0
        self._count = 0

    def operations(self) -> Mapping[str, Described] | None:
        """Return what the connector does."""
        return self._inside.operations()

    async def prepare(self) -> Sequence[Fault]:
        """Have the connector learn what it does, when it learns that from the other system."""
        return await self._inside.prepare() if isinstance(self._inside, Prepares) else ()

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation, or nothing when there were too many today."""
        day = int(self._wall() // DAY_S)
        if day != self._day:
            self._day, self._count = day, 0
        if self._count >= self._most:
            return Outcome("failed", reason="connector.daily-cap", sent=False)
        self._count += 1
        return await self._inside.call(operation, inputs, key=key, timeout_ms=timeout_ms)

    async def close(self) -> None:
        """Close the connector."""
        await self._inside.close()
