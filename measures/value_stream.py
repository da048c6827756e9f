"""A value stream: what each step of a demand takes of the customer, of the company, and of time.

Worked out from a table that a workshop wrote down; of demands that walked here, `step_time` and
`step_delay` by step say the same from the facts. Source: the lean article; measures.md A6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: seconds spent by the customer and the company, seconds of value, and its delay.

    `delay`: from the end of the step before to the end of this one, so that delays add up to the
    lead time.
    """

    name: str
    customer: float
    company: float
    value: float
    delay: float


@dataclass(frozen=True, slots=True)
class Stream:
    """The steps of one demand, in order."""

    steps: Sequence[Step]

    @property
    def lead(self) -> float:
        """Seconds from the demand to its end."""
        return math.fsum(one.delay for one in self.steps)

    @property
    def customer(self) -> float:
        """Seconds that the customer spent."""
        return math.fsum(one.customer for one in self.steps)

    @property
    def company(self) -> float:
        """Seconds that the company spent."""
        return math.fsum(one.company for one in self.steps)

    @property
    def value(self) -> float:
        """Seconds of value added."""
        return math.fsum(one.value for one in self.steps)

    @property
    def efficiency(self) -> float | None:
        """Value added over lead time (PCE); None of a stream that took no time."""
        return self.value / self.lead if self.lead else None

    @property
    def waste(self) -> float | None:
        """Time the company spent over value added; None where nothing was added."""
        return self.company / self.value if self.value else None


def gained(before: Stream, after: Stream) -> float | None:
    """Return by which share the lead time changed: negative for shorter; None of no time."""
    return after.lead / before.lead - 1 if before.lead else None
