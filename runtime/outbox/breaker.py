"""A circuit breaker: a system that fails is left alone, and asked now and then whether it is well.

Pure: the clock's reading is handed in. Source: promises.md 2.4.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Final

WINDOW_MS: Final = 10_000
LEAST: Final = 20
"""Calls of the window below which nothing is concluded."""
SHARE: Final = 0.5
PROBE_MS: Final = 5_000
"""Between two calls that ask whether the system is well again."""
_SLICE_MS: Final = 500


class Pass(Enum):
    """How a call goes: as any other, or as the one that asks whether the system is well."""

    CALL = "call"
    PROBE = "probe"


class Breaker:
    """The circuit of one system: closed as long as fewer than half of its calls fail."""

    def __init__(self) -> None:
        self._slices: deque[list[int]] = deque()
        """[when it began, calls, failures] of the window, oldest first."""
        self._probed: int | None = None
        """When it last let a call through although open; None while closed."""

    @property
    def is_open(self) -> bool:
        """Whether the system is left alone."""
        return self._probed is not None

    def wait(self, now: int) -> int:
        """Return how long a call must wait, in milliseconds; 0 when it may go now."""
        if self._probed is None:
            return 0
        # A clock that was set back must not keep it open.
        since = max(0, now - self._probed)
        return max(0, PROBE_MS - since)

    def admit(self, now: int) -> Pass | None:
        """Let a call through, or None: it must wait."""
        if self._probed is None:
            return Pass.CALL
        if self.wait(now) > 0:
            return None
        self._probed = now
        return Pass.PROBE

    def record(self, now: int, way: Pass, *, is_failure: bool) -> bool:
        """Count how a call that was let through ended; return whether this closed the circuit."""
        if self._probed is not None:
            # What was under way when it opened says nothing about now.
            if way is Pass.CALL:
                return False
            if is_failure:
                return False
            self._probed = None
            self._slices.clear()
            return True
        self._count(now, is_failure=is_failure)
        calls = sum(one[1] for one in self._slices)
        failures = sum(one[2] for one in self._slices)
        if is_failure and calls >= LEAST and failures >= SHARE * calls:
            self._probed = now
        return False

    def _count(self, now: int, *, is_failure: bool) -> None:
        while self._slices and not 0 <= now - self._slices[0][0] < WINDOW_MS:
            self._slices.popleft()
        if not self._slices or not 0 <= now - self._slices[-1][0] < _SLICE_MS:
            self._slices.append([now, 0, 0])
        self._slices[-1][1] += 1
        self._slices[-1][2] += is_failure
