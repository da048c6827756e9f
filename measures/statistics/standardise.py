"""Two periods compared as if their motives came in the same proportions.

Source: measures.md A2; E. M. Kitagawa, J. American Statistical Association 50 (1955).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Cells = Mapping[str, tuple[float, float]]
"""Stratum -> (how many, their mean)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two means and what is between them.

    Attributes:
        before, after: the raw means.
        standardised: the mean of after, on the mix of before.
        mix, rate: the parts of the difference due to other motives, and to other times of the same
            motives; they add up to after − before.
        unmatched: share of after whose motive did not occur before: no mix can be set for it.
    """

    before: float
    after: float
    standardised: float
    mix: float
    rate: float
    unmatched: float


def standardise(before: Cells, after: Cells) -> Comparison | None:
    """Return the comparison of two periods; None when either is empty or they share no motive."""
    n0, n1 = sum(n for n, _ in before.values()), sum(n for n, _ in after.values())
    shared = [one for one in before if one in after and before[one][0] and after[one][0]]
    weight = sum(before[one][0] for one in shared)
    if not n0 or not n1 or not weight:
        return None
    raw0 = sum(n * mean for n, mean in before.values()) / n0
    raw1 = sum(n * mean for n, mean in after.values()) / n1
    standard = sum(before[one][0] * after[one][1] for one in shared) / weight
    # On the motives that both have: the rest of the difference is mix.
    reference = sum(before[one][0] * before[one][1] for one in shared) / weight
    rate = standard - reference
    unmatched = sum(n for one, (n, _) in after.items() if one not in shared) / n1
    return Comparison(raw0, raw1, standard, raw1 - raw0 - rate, rate, unmatched)
