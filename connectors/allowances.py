"""How often the outside may be asked: counted in one place for every process of a service.

The service counts in its database, by its clock (`runtime.allowances`); what has no database, a
check or a test, counts for itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

DAY_S: Final = 86_400
REMEMBERED: Final = 10_000


class NotCounted(Exception):
    """It cannot be known now whether something is allowed: it is not done, and may be later."""


class Allowances(Protocol):
    """Counts what is done, and says whether there may be more."""

    async def take(self, name: str, *, most: int) -> bool:
        """Count one call of a name today, in UTC; False, and nothing counted, after `most`.

        Raises:
            NotCounted: it cannot be counted now.
        """
        ...

    async def pace(self, name: str, holder: str, *, mark: str, every_ms: int) -> int:
        """Note that a holder does something now; or return how long it must wait first, in ms.

        What it did last under the same `mark` does not count: that is another attempt at it.

        Raises:
            NotCounted: it cannot be counted now.
        """
        ...


class CountedHere:
    """Counts in this process alone.

    Args:
        wall: seconds since 1970, UTC.
        monotonic: seconds; never goes back.
    """

    def __init__(
        self, *, wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._wall = wall
        self._monotonic = monotonic
        self._calls: dict[str, tuple[int, int]] = {}
        self._last: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    async def take(self, name: str, *, most: int) -> bool:
        """Count one call of today; see `Allowances.take`."""
        today = int(self._wall() // DAY_S)
        day, count = self._calls.get(name, (today, 0))
        count = count if day == today else 0
        if count >= most:
            return False
        self._calls[name] = (today, count + 1)
        return True

    async def pace(self, name: str, holder: str, *, mark: str, every_ms: int) -> int:
        """Note that a holder does something now, or how long it waits; see `Allowances.pace`."""
        now, last = self._monotonic(), self._last.get((name, holder))
        if last is not None and last[0] != mark:
            wait = last[1] + every_ms / 1_000 - now
            if wait > 0:
                return int(wait * 1_000) + 1
        self._last[(name, holder)] = (mark, now)
        self._last.move_to_end((name, holder))
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return 0
