"""How far raters agree: Cohen's kappa for two, Krippendorff's alpha for any number.

Source: J. Cohen, Educational and Psychological Measurement 20 (1960); J. L. Fleiss, J. Cohen and
B. S. Everitt, Psychological Bulletin 72 (1969) for the interval; K. Krippendorff, Content Analysis
(2004), 11.3.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal

SECOND_MS = 1_000
LOW_ALPHA = 0.667
"""Below it ratings are shown as of low agreement. Source: measures.md A3."""


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> Estimate:
    """Return Cohen's kappa of pairs (one rater's code, the other's), with its interval."""
    n = len(pairs)
    if not n:
        return nothing()
    joint = Counter(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    codes = {*left, *right}
    observed = sum(joint[code, code] for code in codes) / n
    expected = sum(left[code] * right[code] for code in codes) / n**2
    if expected == 1:
        # Both gave one and the same code throughout: nothing could be told apart.
        return nothing("one_code", n)
    value = (observed - expected) / (1 - expected)
    a = sum(
        joint[c, c] / n * (1 - (left[c] + right[c]) / n * (1 - value)) ** 2 for c in codes
    )  # fmt: skip
    b = (1 - value) ** 2 * sum(
        joint[x, y] / n * ((left[y] + right[x]) / n) ** 2 for x, y in joint if x != y
    )
    c = (value - expected * (1 - value)) ** 2
    se = math.sqrt(max(0.0, a + b - c) / n) / (1 - expected)
    width = normal() * se
    low, high = max(-1.0, value - width), min(1.0, value + width)
    return Estimate(value, low, high, se, None, n, None, doubts(n))


def by_second(parts: Iterable[tuple[int, int, float]]) -> dict[int, int]:
    """Return what one listener found of each second, of parts that each have one share.

    Args:
        parts: (begins, ends, share), milliseconds and whole per cents; parts that share a second
            are weighed by their time in it, so that one listener says one thing of a second.
    """
    sums: dict[int, tuple[float, int]] = {}
    for begins, ends, share in parts:
        for second in range(begins // SECOND_MS, -(-ends // SECOND_MS)):
            ms = min(ends, (second + 1) * SECOND_MS) - max(begins, second * SECOND_MS)
            found, of = sums.get(second, (0.0, 0))
            sums[second] = found + share * ms, of + ms
    return {second: round(found / of) for second, (found, of) in sums.items() if of}


def alpha(units: Sequence[Sequence[float | str]], *, is_interval: bool = False) -> float | None:
    """Return Krippendorff's alpha; None when nothing was rated twice, or all got one value.

    Args:
        units: for each thing rated, the values it got, one from each rater who saw it.
        is_interval: values are numbers and near misses count less; else they agree or do not.
    """
    rated = [unit for unit in units if len(unit) > 1]
    everything = Counter(value for unit in rated for value in unit)
    n = sum(everything.values())
    if not n:
        return None
    observed = sum(
        _distance(a, b, is_interval) / (len(unit) - 1)
        for unit in rated for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j
    )  # fmt: skip
    expected = sum(
        _distance(a, b, is_interval) * everything[a] * everything[b]
        for a in everything for b in everything
    )  # fmt: skip
    return 1 - (n - 1) * observed / expected if expected else None


def _distance(a: float | str, b: float | str, is_interval: bool) -> float:
    if is_interval:
        return (float(a) - float(b)) ** 2
    return float(a != b)
