"""Ratios of sums and their intervals: simple, stratified, clustered, Fieller's.

Source: measures.md A3; W. G. Cochran, Sampling Techniques (1977), 6.3, 6.11 and 9A; E. C. Fieller,
J. Royal Statistical Society B 16 (1954).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal, student

FIELLER_ABOVE = 0.1
"""Coefficient of variation of the mean denominator above which the interval is Fieller's."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over units (contacts, or clusters of them): all that a ratio's variance needs.

    `u` and `t` are numerators and denominators; `n` how many units.
    """

    n: int
    u: float
    t: float
    uu: float
    ut: float
    tt: float

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> Sums:
        """Return the sums of (numerator, denominator) pairs."""
        listed = list(pairs)
        return cls(
            len(listed),
            math.fsum(u for u, _ in listed),
            math.fsum(t for _, t in listed),
            math.fsum(u * u for u, _ in listed),
            math.fsum(u * t for u, t in listed),
            math.fsum(t * t for _, t in listed),
        )

    def squares(self, ratio: float) -> float:
        """Return the sum of squared residuals u − ratio·t, which rounding never makes negative."""
        return max(0.0, self.uu - 2 * ratio * self.ut + ratio * ratio * self.tt)


def ratio(sums: Sums, *, count: int | None = None, fraction: float = 0.0) -> Estimate:
    """Return Σu/Σt with its interval.

    Args:
        sums: over contacts (simple sampling), or over clusters: those of one advisor go together.
        count: how many contacts the clusters hold; given, the units of `sums` are clusters.
        fraction: share of the population that was drawn (finite population correction).
    """
    n = sums.n if count is None else count
    clusters = None if count is None else sums.n
    if sums.t == 0:
        return nothing("no_time" if n else "empty", n)
    value = sums.u / sums.t
    marks = doubts(n, clusters)
    if sums.n < 2:
        return Estimate(value, n=n, clusters=clusters, marks=marks)
    se = math.sqrt((1 - fraction) * sums.squares(value) * sums.n / (sums.n - 1)) / sums.t
    width = student(sums.n - 1) * se
    low: float | None = value - width
    high: float | None = value + width
    if _cv(sums) > FIELLER_ABOVE:
        found = fieller(sums)
        low, high = found or (None, None)
        marks += ("fieller",) if found else ("unbounded",)
    return Estimate(value, low, high, se, sums.n - 1, n, clusters, marks)


def _cv(sums: Sums) -> float:
    mean = sums.t / sums.n
    variance = max(0.0, sums.tt - sums.n * mean * mean) / (sums.n - 1)
    return math.sqrt(variance / sums.n) / abs(mean)


def fieller(sums: Sums, level: float = 0.95) -> tuple[float, float] | None:
    """Return Fieller's interval of Σu/Σt; None when it is not bounded."""
    n = sums.n
    u, t = sums.u / n, sums.t / n
    per = student(n - 1, level) ** 2 / n / (n - 1)
    a = t * t - per * (sums.tt - n * t * t)
    b = u * t - per * (sums.ut - n * u * t)
    c = u * u - per * (sums.uu - n * u * u)
    inside = b * b - a * c
    if a <= 0 or inside < 0:
        return None
    root = math.sqrt(inside)
    return (b - root) / a, (b + root) / a


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was drawn from one stratum, and how many contacts it holds in all."""

    sums: Sums
    size: int


def stratified(strata: Sequence[Stratum]) -> Estimate:
    """Return the combined ratio over strata, each weighed by its size.

    Source: measures.md A3: R̂ = ΣN_hŪ_h / ΣN_hT̄_h, V = ΣN_h²(1−f_h)s²_{e,h}/n_h / T̂².
    """
    drawn = [one for one in strata if one.sums.n]
    n = sum(one.sums.n for one in drawn)
    total = math.fsum(one.size * one.sums.t / one.sums.n for one in drawn)
    if total == 0:
        return nothing("no_time" if n else "empty", n)
    value = math.fsum(one.size * one.sums.u / one.sums.n for one in drawn) / total
    df = n - len(drawn)
    if any(one.sums.n < 2 for one in drawn):
        # A stratum of one says nothing of its own spread.
        return Estimate(value, n=n, marks=(*doubts(n), "thin_stratum"))
    variance = 0.0
    for one in drawn:
        sums = one.sums
        mean = (sums.u - value * sums.t) / sums.n
        spread = max(0.0, sums.squares(value) - sums.n * mean * mean) / (sums.n - 1)
        variance += one.size**2 * (1 - sums.n / one.size) * spread / sums.n
    se = math.sqrt(max(0.0, variance)) / total
    width = student(df) * se
    return Estimate(value, value - width, value + width, se, df, n, None, doubts(n))


def design_effect(clustered: Estimate, simple: Estimate) -> float | None:
    """Return how many times wider the variance is because contacts of one advisor are alike."""
    if clustered.se is None or not simple.se:
        return None
    return (clustered.se / simple.se) ** 2


def wilson(hits: float, n: float, *, deff: float = 1.0) -> Estimate:
    """Return a proportion with Wilson's interval, on n/deff when units are clustered.

    Source: E. B. Wilson, J. American Statistical Association 22 (1927); measures.md A7.
    """
    if n == 0:
        return nothing()
    p, size, z = hits / n, n / max(deff, 1.0), normal()
    centre = (p + z * z / (2 * size)) / (1 + z * z / size)
    width = z / (1 + z * z / size) * math.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    # Rounding must not leave a share of all, or of none, outside its own interval.
    low, high = min(p, max(0.0, centre - width)), max(p, min(1.0, centre + width))
    se = math.sqrt(p * (1 - p) / size)
    return Estimate(p, low, high, se, None, round(n), None, doubts(round(n)))
