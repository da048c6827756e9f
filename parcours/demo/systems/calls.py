"""What the systems remember of being called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Called:
    """A call a system was given, and the status it answered."""

    operation: str
    method: str
    path: str
    status: int
    key: str | None = None
    repeated: bool = False
