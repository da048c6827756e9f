"""What every connector is: it is asked for an operation, and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Status = Literal["succeeded", "refused", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation.

    `refused` is the other system's business answer, with its `reason`; `failed` a technical
    failure that surely changed nothing; `unknown` when it may have taken place.
    """

    status: Status
    result: Any = None
    reason: str | None = None


class Connector(Protocol):
    """Does operations in another system."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation and say what became of it.

        Args:
            operation: its name in the library, `oms.get_order`.
            inputs: its parameters, in their JSON form.
            key: the same for every attempt at this very action; given to systems that honour it.
            timeout_ms: how long the whole call may take; the caller cancels it then.
        """
        ...
