"""Odds ratios of two-by-two tables, pooled over strata, with their interval.

Source: N. Mantel and W. Haenszel, J. National Cancer Institute 22 (1959), for the ratio; J. Robins,
N. Breslow and S. Greenland, Biometrics 42 (1986), for the variance of its logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.quantiles import normal


@dataclass(frozen=True, slots=True)
class Fourfold:
    """How many are so, and not so: `with_yes` and `with_no` of those with a factor, and without."""

    with_yes: int
    with_no: int
    without_yes: int
    without_no: int

    @property
    def n(self) -> int:
        """How many there are in all."""
        return self.with_yes + self.with_no + self.without_yes + self.without_no

    @property
    def margins(self) -> tuple[int, int, int, int]:
        """How many are with the factor, without it, so, and not so."""
        return (
            self.with_yes + self.with_no, self.without_yes + self.without_no,
            self.with_yes + self.without_yes, self.with_no + self.without_no,
        )  # fmt: skip

    @property
    def crosses(self) -> tuple[float, float]:
        """What it adds to both sides of the pooled ratio."""
        return (
            self.with_yes * self.without_no / self.n,
            self.with_no * self.without_yes / self.n,
        )


def pooled(tables: Iterable[Fourfold]) -> Fourfold:
    """Return all tables in one, as if there were no strata."""
    known = list(tables)
    return Fourfold(
        sum(one.with_yes for one in known), sum(one.with_no for one in known),
        sum(one.without_yes for one in known), sum(one.without_no for one in known),
    )  # fmt: skip


def odds_ratio(tables: Iterable[Fourfold]) -> Estimate:
    """Return the odds ratio over strata, adjusted by Mantel–Haenszel; 1 is no link.

    The interval is that of the logarithm, so it has no one standard error. Null: `empty` of nobody;
    `one_value` where all have the factor, or all are so, or none; `no_comparison` where no stratum
    has people on both sides of one of its diagonals, so that the ratio would be 0 or without end.
    """
    known = [one for one in tables if one.n]
    whole = pooled(known)
    if not whole.n:
        return nothing()
    if not all(whole.margins):
        return nothing("one_value", whole.n)
    over = math.fsum(one.crosses[0] for one in known)
    under = math.fsum(one.crosses[1] for one in known)
    if not over or not under:
        return nothing("no_comparison", whole.n)
    value, width = over / under, normal() * math.sqrt(_variance(known, over, under))
    return Estimate(
        value, value * math.exp(-width), value * math.exp(width), n=whole.n,
        marks=doubts(min(whole.margins)),
    )  # fmt: skip


def _variance(tables: list[Fourfold], over: float, under: float) -> float:
    """Return the variance of the logarithm: ΣPR/2R² + Σ(PS + QR)/2RS + ΣQS/2S²."""
    same, mixed, other = [], [], []
    for one in tables:
        r, s = one.crosses
        p = (one.with_yes + one.without_no) / one.n
        q = (one.with_no + one.without_yes) / one.n
        same.append(p * r)
        mixed.append(p * s + q * r)
        other.append(q * s)
    return (
        math.fsum(same) / (2 * over * over)
        + math.fsum(mixed) / (2 * over * under)
        + math.fsum(other) / (2 * under * under)
    )
