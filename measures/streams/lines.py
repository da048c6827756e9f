"""A line of a value stream: what walks took of a step, or in all, made of sums by advisor."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from measures.shapes import within
from measures.statistics.estimate import Estimate, nothing
from measures.statistics.ratio import Sums, ratio

TIMES: Final = ("spent", "added", "wait", "delay", "rework")
"""Of a pass or a walk, in seconds: time spent, value added, waiting, delay, time undone."""
SPREAD: Final = ("spent", "delay")
"""Those whose median and ninetieth percentile stand beside the mean."""
COUNTED: Final = (*TIMES, "visits", "walks")
"""What is added up of passes, or walks; each counts as one of `walks`."""
PRODUCTS: Final = (
    *((one, one) for one in TIMES), *((one, "walks") for one in TIMES), ("walks", "walks"),
    ("added", "delay"),
)  # fmt: skip
"""Sums of products, of which the variance of those without advisor is made."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step, or the whole: how many walks and visits, what they took on average, how far apart.

    `means` are a walk's, in seconds, with intervals clustered by advisor; `spread` the median and
    ninetieth percentile of some of them; `sums` what all walks took.
    """

    walks: int
    visits: int
    sums: Mapping[str, float]
    means: Mapping[str, Estimate]
    spread: Mapping[str, tuple[float, float]]
    efficiency: Estimate


EMPTY: Final = Line(
    0, 0, dict.fromkeys(COUNTED, 0.0), {name: nothing() for name in TIMES}, {}, nothing()
)


@dataclass(frozen=True, slots=True)
class Part:
    """What the walks of one advisor come to.

    `alone`: of those without advisor, each of which is a cluster of its own, the sums of products.
    """

    sums: Mapping[str, float]
    alone: Mapping[tuple[str, str], float] | None

    @classmethod
    def of(cls, numbers: Sequence[float], *, is_alone: bool) -> Part:
        """Return a part from its sums of `COUNTED`, and then of `PRODUCTS`."""
        sums = dict(zip(COUNTED, numbers, strict=False))
        products = dict(zip(PRODUCTS, numbers[len(COUNTED) :], strict=True))
        return cls(sums, products if is_alone else None)

    def product(self, one: str, other: str) -> float:
        """Return the sum of products of two sums, over clusters."""
        if self.alone is None:
            return self.sums[one] * self.sums[other]
        return self.alone[one, other]


def line_of(parts: Sequence[Part], spread: Iterable[float]) -> Line:
    """Return a line from its parts, and the median and ninetieth percentile of each of `SPREAD`."""
    sums = {name: math.fsum(one.sums[name] for one in parts) for name in COUNTED}
    walks, values = round(sums["walks"]), iter(spread)
    clusters = sum(1 if one.alone is None else round(one.sums["walks"]) for one in parts)

    def mean(over: str, under: str) -> Estimate:
        pairs = ((over, over), (over, under), (under, under))
        products = (math.fsum(one.product(*pair) for one in parts) for pair in pairs)
        found = ratio(Sums(clusters, sums[over], sums[under], *products), count=walks)
        return within(found, 0.0)

    return Line(
        walks, round(sums["visits"]), sums, {name: mean(name, "walks") for name in TIMES},
        {name: (next(values), next(values)) for name in SPREAD}, mean("added", "delay"),
    )  # fmt: skip
