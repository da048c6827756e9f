"""The time it is, in milliseconds UTC, and whether the machine's clock was moved."""

from __future__ import annotations

import time
from typing import Protocol

JUMP = 1_000
"""A difference beyond which the wall clock is said to have jumped, in milliseconds."""


class Clock(Protocol):
    """What use cases ask for the time."""

    def now(self) -> int:
        """Return milliseconds since 1970, UTC."""
        ...

    def drift(self) -> int:
        """Return all the jumps of the wall clock since this process began, added up.

        Two readings that differ say that a jump lies between them.
        """
        ...


class SystemClock:
    """Follows the monotonic clock from one wall reading, so that durations are never negative.

    Source: semantics.md 27; promises.md 9.
    """

    def __init__(self) -> None:
        self._drift = 0
        self._follow()

    def _follow(self) -> None:
        self._wall = time.time_ns() // 1_000_000
        self._monotonic = time.monotonic_ns() // 1_000_000

    def now(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return self._wall + time.monotonic_ns() // 1_000_000 - self._monotonic

    def drift(self) -> int:
        """Return the jumps so far; after one, the time follows the wall again."""
        lead = time.time_ns() // 1_000_000 - self.now()
        if abs(lead) > JUMP:
            self._follow()
            self._drift += lead
        return self._drift


class FixedClock:
    """A clock that stands still until it is advanced, for tests and replays."""

    def __init__(self, now: int = 1_767_225_600_000) -> None:
        self._now = now
        self._drift = 0

    def now(self) -> int:
        """Return the time it was set to."""
        return self._now

    def drift(self) -> int:
        """Return the jumps it was told of."""
        return self._drift

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self._now += milliseconds

    def leap(self, milliseconds: int) -> None:
        """Move the wall clock without time passing, as an administrator would."""
        self._now += milliseconds
        self._drift += milliseconds
