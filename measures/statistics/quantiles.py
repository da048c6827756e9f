"""Quantiles of the normal and of Student's distribution: what intervals are as wide as.

The few lines of Student's stand here because a numerical library would be the largest dependency of
all, for one function.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

_STEPS: Final = 200
_TINY: Final = 1e-300


def normal(level: float = 0.95) -> float:
    """Return how many standard errors lie on either side of the value, at a level."""
    return NormalDist().inv_cdf((1 + level) / 2)


@lru_cache(maxsize=1024)
def student(df: int, level: float = 0.95) -> float:
    """Return the same for Student's distribution, with these degrees of freedom.

    Raises:
        ValueError: fewer than one degree of freedom.

    Source: the tail is the regularised incomplete beta function I_x(df/2, 1/2) with
    x = df / (df + t²) (Abramowitz and Stegun 26.7.1); its root is found by bisection.
    """
    if df < 1:
        raise ValueError(df)
    if df > 100_000:
        return normal(level)
    tail, low, high = 1 - level, 0.0, 1.0
    while _incomplete_beta(df / (df + high * high), df / 2, 0.5) > tail:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _incomplete_beta(df / (df + middle * middle), df / 2, 0.5) > tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function of x in [0, 1].

    Source: Abramowitz and Stegun 26.5.8 (continued fraction), evaluated by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        # The fraction converges fast on the other side only.
        return 1 - _incomplete_beta(1 - x, b, a)
    front = math.exp(
        a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    )
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            fraction *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * fraction / a


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
