"""The shapes figures have: a ratio of sums, a share of rows, a mean, a quantile, a total.

Each says what it needs of the rows, which are read once (`measures.sweep`), and makes its value and
interval of that. Source: measures.md A3 and finding 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, ClassVar, Protocol

from measures.cut import Cut, Key, Reader, Worked
from measures.parts import Wanted
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.ratio import Sums, design_effect, ratio, wilson
from measures.sweep import Swept

Also = Mapping[str, str]
Found = dict[Key, Worked]


class Shape(Protocol):
    """How a figure is worked out.

    `adds_up`: whether the figures of all groups add up to that of all.
    """

    adds_up: ClassVar[bool]

    @property
    def wanted(self) -> Wanted:
        """What it needs of the rows."""
        ...

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the figure of a group, of which at least one row counts."""
        ...

    def asks(self, reader: Reader, cut: Cut, found: Found) -> Found:
        """Return the figures of a cut with what takes queries of its own."""
        ...


class Plain:
    """A shape that needs nothing beyond the pass over the rows."""

    __slots__ = ()

    def asks(self, reader: Reader, cut: Cut, found: Found) -> Found:
        """Return the figures as they were found."""
        del reader, cut
        return found


def within(found: Estimate, least: float, most: float = inf) -> Estimate:
    """Return an estimate whose interval goes no further than what there can be.

    Student's interval of few clusters would say that contacts may take less than no time.
    """
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(least, found.low), high=min(most, found.high))


def _sums(one: Swept) -> tuple[Sums, Sums]:
    assert one.simple is not None
    assert one.clustered is not None
    return one.simple, one.clustered


@dataclass(frozen=True, slots=True)
class Ratio(Plain):
    """Σ over / Σ under: a share of time, with an interval clustered by advisor."""

    over: str
    under: str
    also: Also = field(default_factory=dict)
    is_share: bool = True

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """Both sums."""
        return Wanted(self.over, self.under, self.also)

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the ratio."""
        del settings
        simple, clustered = _sums(one)
        found = ratio(clustered, count=simple.n)
        return Worked(within(found, 0.0, 1.0 if self.is_share else inf), one.also)


@dataclass(frozen=True, slots=True)
class Share(Plain):
    """How many of the rows are so, with Wilson's interval, widened for clusters."""

    hits: str
    also: Also = field(default_factory=dict)

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """How many are so."""
        return Wanted(f"CASE WHEN {self.hits} THEN 1 ELSE 0 END", "1", self.also)

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the share."""
        del settings
        return Worked(share_of(*_sums(one)), one.also)


def share_of(simple: Sums, clustered: Sums) -> Estimate:
    """Return a share from its sums over rows and over clusters."""
    effect = design_effect(ratio(clustered, count=simple.n), ratio(simple)) or 1.0
    found = wilson(simple.u, simple.n, deff=effect)
    return replace(found, df=None, clusters=clustered.n, marks=doubts(simple.n, clustered.n))


@dataclass(frozen=True, slots=True)
class Mean(Plain):
    """The mean of an expression; median and P90 stand beside it, for a mean alone lies.

    `least` and `most` are what the expression lies between.
    """

    value: str
    also: Also = field(default_factory=dict)
    has_quantiles: bool = True
    least: float = 0.0
    most: float = inf

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """The sum, and the quantiles."""
        spread = {
            "median": f"quantile_cont({self.value}, 0.5)",
            "p90": f"quantile_cont({self.value}, 0.9)",
        }
        return Wanted(self.value, "1", {**(spread if self.has_quantiles else {}), **self.also})

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the mean."""
        del settings
        simple, clustered = _sums(one)
        found = ratio(clustered, count=simple.n)
        return Worked(within(found, self.least, self.most), one.also)


@dataclass(frozen=True, slots=True)
class Quantile(Plain):
    """A quantile of an expression; the mean stands beside it."""

    value: str
    share: float = 0.5

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """The quantiles, the mean, and of how many."""
        value = self.value
        return Wanted(
            also={
                "value": f"quantile_cont({value}, {self.share})", "n": f"count({value})",
                "mean": f"avg({value})", "p90": f"quantile_cont({value}, 0.9)",
            }
        )  # fmt: skip

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the quantile."""
        del settings
        value, n = one.also["value"], one.also["n"]
        found = nothing() if value is None else Estimate(float(value), n=n, marks=doubts(n))
        return Worked(found, {"mean": one.also["mean"], "p90": one.also["p90"]})


@dataclass(frozen=True, slots=True)
class Total(Plain):
    """How many, or how much in all: it adds up over groups and over periods."""

    value: str = "1"
    also: Also = field(default_factory=dict)

    adds_up: ClassVar[bool] = True

    @property
    def wanted(self) -> Wanted:
        """The sum."""
        return Wanted(also={"value": f"sum({self.value})", **self.also})

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return the total."""
        del settings
        value = one.also["value"]
        more = {name: one.also[name] for name in self.also}
        return Worked(nothing() if value is None else Estimate(float(value), n=one.kept), more)


@dataclass(frozen=True, slots=True)
class Counts(Plain):
    """A figure made of counts of rows, by a way of its own.

    What `beside` makes of them stands beside it, the counts themselves without it.
    """

    counts: Also
    how: Callable[[Mapping[str, Any], Mapping[str, Any]], Estimate]
    beside: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]] | None = None

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """The counts."""
        return Wanted(also=self.counts)

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return what its way gives, of the counts and the question's settings."""
        also = one.also if self.beside is None else self.beside(one.also, settings)
        return Worked(self.how(one.also, settings), also)


@dataclass(frozen=True, slots=True)
class Special:
    """A figure that asks queries of its own; the pass over the rows only counts them."""

    how: Callable[[Reader, Cut], Found]

    adds_up: ClassVar[bool] = False

    @property
    def wanted(self) -> Wanted:
        """Nothing but the counts."""
        return Wanted()

    def worked(self, one: Swept, settings: Mapping[str, Any]) -> Worked:
        """Return nothing: see `asks`."""
        del one, settings
        return Worked(nothing(), {})

    def asks(self, reader: Reader, cut: Cut, found: Found) -> Found:
        """Return what its way gives for each group."""
        del found
        return self.how(reader, cut)
