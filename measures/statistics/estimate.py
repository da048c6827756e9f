"""An estimate: a value, how sure it is, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval.

    Attributes:
        value: None when there is nothing to divide by; `reason` then says so.
        low, high: its 95 % interval, None where there is none.
        se: standard error. `df`: degrees of freedom of the interval.
        n: what was counted. `clusters`: how many groups of it are independent.
        marks: doubts to be shown beside it: `few` (n < 30), `few_clusters` (fewer than 10),
            `fieller` (the interval is Fieller's), `unbounded` (there is no bounded one).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    df: int | None = None
    n: int = 0
    clusters: int | None = None
    marks: tuple[str, ...] = ()
    reason: str | None = None


def nothing(reason: str = "empty", n: int = 0) -> Estimate:
    """Return an estimate of nothing, with its reason; it is never 0."""
    return Estimate(None, n=n, reason=reason)


FEW = 30
"""Fewer than that and a figure is marked. Source: measures.md A3, A12, A14."""
FEW_CLUSTERS = 10


def doubts(n: int, clusters: int | None = None) -> tuple[str, ...]:
    """Return the marks of an estimate that rests on little."""
    marks: tuple[str, ...] = ("few",) if n < FEW else ()
    if clusters is not None and clusters < FEW_CLUSTERS:
        marks += ("few_clusters",)
    return marks
