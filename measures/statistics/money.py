"""What a longer, better contact costs and spares, and what a motive could spare.

Source: measures.md A12. Times are minutes, `cost` is of one minute, in any currency.
"""

from __future__ import annotations

from dataclasses import dataclass


def yearly_cost(demands: float, *, cost: float, minutes: float, reiterations: float) -> float:
    """Return what handling demands costs, their further contacts included."""
    return demands * cost * minutes * (1 + reiterations)


def break_even(before_min: float, reiterations: float, after_min: float) -> float:
    """Return the reiterations at which a contact of another length costs the same.

    Negative: a contact of that length cannot pay by handling time alone.
    """
    return before_min * (1 + reiterations) / after_min - 1


@dataclass(frozen=True, slots=True)
class Motive:
    """What one motive takes: minutes a contact, avoidable reiterations, minutes of losses paid."""

    demands: float
    minutes: float
    avoidable: float
    losses: float
    recoverable: float = 1.0

    def recoverable_cost(self, cost: float) -> float:
        """Return what could be spared of it: avoidable contacts, and losses of the first ones."""
        per_demand = self.avoidable * self.minutes + self.losses * self.recoverable
        return self.demands * cost * per_demand


def rabot(before: tuple[float, float, float], after: tuple[float, float, float]) -> float:
    """Return the seconds removed from a contact: (useful, masked, lost) before and after.

    What was only filled with content (`masquage`) is not removed. Source: measures.md A5.
    """
    return (before[1] + before[2]) - (after[1] + after[2])


def masquage(before: tuple[float, float, float], after: tuple[float, float, float]) -> float:
    """Return the seconds of a contact that are now filled with content and were not."""
    return after[1] - before[1]


def is_masking(removed: float, filled: float, rise: float | None) -> bool:
    """Return whether a gain is only seen: more is filled, nothing removed, what is perceived rose.

    `removed` and `filled` in seconds a contact, `rise` of the perceived share. Source: A5.
    """
    return filled > 0 >= removed and rise is not None and rise > 0
