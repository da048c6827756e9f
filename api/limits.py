"""How much one caller, and all of them together, may ask at once.

Source: promises.md 3.1 (60 a second and key, burst 120; 10 a second and address unauthenticated;
64 requests in flight).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from api.problems import Problem

REMEMBERED = 10_000
"""Callers remembered; the longest unseen is forgotten first, which only ever gives it more."""


class Buckets:
    """One token bucket per caller: `rate` tokens a second, at most `burst` at once.

    A rate of 0 sets no limit.
    """

    def __init__(self, *, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, *, now: float) -> None:
        """Take one token at `now` (seconds of a monotonic clock).

        Raises:
            Problem: 429 when there is none, with when there will be.
        """
        if not self.rate:
            return
        left, since = self._left.get(caller, (self.burst, now))
        left = min(self.burst, left + max(now - since, 0.0) * self.rate)
        if left < 1:
            wait = max(1, round((1 - left) / self.rate + 0.5))
            raise Problem("request.too-many", headers={b"retry-after": str(wait).encode()})
        self._left[caller] = (left - 1, now)
        self._left.move_to_end(caller)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


class Room:
    """How many requests run at once, and how many may."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place while a request runs.

        Raises:
            Problem: 503 when all are taken.
        """
        if self.taken >= self.places:
            raise Problem("service.busy")
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
