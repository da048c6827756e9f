"""Which comes first, and how sure that is: ranks with intervals by the bootstrap.

Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), 13.3 (percentiles);
measures.md A12.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence


def rank_intervals(
    values: Mapping[str, Sequence[float]], *, seed: int, draws: int = 400, level: float = 0.95
) -> dict[str, tuple[int, int, int]]:
    """Return, by name, its rank by total (1 is the largest) and the bounds of it.

    Args:
        values: what each unit of a name contributes to its total.
        seed: the same seed gives the same bounds.
        draws: how often each name's units are drawn anew.
        level: share of draws between the bounds.
    """
    chance = random.Random(seed)  # noqa: S311 - draws for an interval, no secret
    names = sorted(values)
    seen: dict[str, list[int]] = {name: [] for name in names}
    for _ in range(draws):
        totals = {name: sum(chance.choices(values[name], k=len(values[name]))) if values[name]
                  else 0.0 for name in names}  # fmt: skip
        for name, rank in _ranked(totals).items():
            seen[name].append(rank)
    actual = _ranked({name: sum(values[name]) for name in names})
    cut = int((1 - level) / 2 * draws)
    return {
        name: (actual[name], sorted(seen[name])[cut], sorted(seen[name])[draws - 1 - cut])
        for name in names
    }


def _ranked(totals: Mapping[str, float]) -> dict[str, int]:
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    return {name: place for place, name in enumerate(ordered, start=1)}
