"""A connector that costs money is asked so many times a day at most, over all processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.allowances import Allowances, NotCounted
from connectors.faults import Fault
from connectors.port import Connector, Described, Outcome, Prepares


class Capped:
    """Asks a connector until its calls of the day, in UTC, are used up.

    Args:
        inside: the connector.
        name: its name in the deployment.
        most: calls a day.
        allowances: count them.
    """

    def __init__(self, inside: Connector, name: str, *, most: int, allowances: Allowances) -> None:
        self._inside = inside
        self._name = name
        self._most = most
        self._allowances = allowances

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
        try:
            may = await self._allowances.take(self._name, most=self._most)
        except NotCounted:
            return Outcome("failed", reason="connector.not-counted", sent=False, again=True)
        if not may:
            return Outcome("failed", reason="connector.daily-cap", sent=False)
        return await self._inside.call(operation, inputs, key=key, timeout_ms=timeout_ms)

    async def close(self) -> None:
        """Close the connector."""
        await self._inside.close()
