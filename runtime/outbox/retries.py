"""When a failed action is tried again: only what may be mended, later each time, by chance.

Pure: the clock's reading and the source of chance are handed in. Source: promises.md 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from connectors.port import Outcome

HONOURED: Final = 60_000
"""Longest time another system's wish to be left alone (`after_ms`) is followed, ms."""
CIRCUIT_OPEN: Final = "connector.circuit-open"
"""The reason of an attempt that was not made, since the system is known to be down."""
SPENT: Final = "connector.retries-spent"
"""The reason of an attempt that was not made, since too many of late were second ones."""
NOT_MADE: Final = frozenset({CIRCUIT_OPEN, SPENT})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an action is tried and how long it rests in between, in milliseconds."""

    base: int
    cap: int
    attempts: int

    def longest(self, attempt: int) -> int:
        """Return the longest rest after an attempt, the first being 1."""
        # Beyond 2^32 the cap has long been reached.
        return min(self.cap, self.base << min(attempt - 1, 32))

    def rest(self, attempt: int, chance: Random) -> int:
        """Return a rest after an attempt: full jitter, any time up to the longest alike."""
        return chance.randint(0, self.longest(attempt))


INTERACTIVE: Final = Pace(base=500, cap=8_000, attempts=4)
"""Somebody waits for it."""
BACKGROUND: Final = Pace(base=500, cap=300_000, attempts=48)
"""Nobody does."""


def may_be_tried_again(effect_class: str, outcome: Outcome) -> bool:
    """Return whether doing an action again may help and can do no harm.

    An `unsafe` one only when surely nothing was sent; for the others the same key makes a
    repetition harmless, whether or not it took place.
    """
    if outcome.status not in {"failed", "unknown"} or not outcome.again:
        return False
    return effect_class != "unsafe" or (outcome.status == "failed" and not outcome.sent)


def rest_after(pace: Pace, attempt: int, outcome: Outcome, *, chance: Random) -> int:
    """Return how long to leave the other system alone after an attempt, in milliseconds."""
    asked = min(outcome.after_ms or 0, HONOURED)
    return max(asked, pace.rest(attempt, chance))
