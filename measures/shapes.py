"""The shapes figures have: a ratio of sums, a share of rows, a mean, a quantile, a total.

Each is worked out in SQL down to the few sums that its value and interval need, grouped first by
advisor, since contacts of one advisor are alike. Source: measures.md A3 and finding 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from measures.cut import Cut, Key, Worked, group_by, rows, selected
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.statistics.ratio import Sums, design_effect, ratio, wilson

if TYPE_CHECKING:
    import duckdb

Also = Mapping[str, str]
Found = dict[Key, Worked]


class Shape(Protocol):
    """How a figure is worked out.

    `adds_up`: whether the figures of all groups add up to that of all.
    """

    adds_up: ClassVar[bool]

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the figure of each group of a cut."""
        ...


def beside(
    connection: duckdb.DuckDBPyConnection, cut: Cut, also: Also
) -> dict[Key, dict[str, Any]]:
    """Return what stands beside a figure, by group: further aggregates of the kept rows."""
    if not also:
        return {}
    _, grouping = group_by(cut.dims)
    wanted = ", ".join(f"{cut.told(one)} AS a_{name}" for name, one in also.items())
    query = f"SELECT {selected(cut.dims)}{wanted} FROM ({cut.kept}) {grouping}"  # noqa: S608 - our own parts
    found = rows(connection, query, len(cut.dims))
    return {key: dict(zip(also, values, strict=True)) for key, values in found.items()}


def sums_of(
    connection: duckdb.DuckDBPyConnection, cut: Cut, *, over: str, under: str
) -> dict[Key, tuple[Sums, Sums]]:
    """Return, by group, the sums of two expressions over rows, and over clusters of them."""
    named, grouping = group_by(cut.dims)
    inner = f"GROUP BY {named}cluster"
    query = (
        f"WITH kept AS (SELECT {selected(cut.dims)}"  # noqa: S608 - our own parts
        f"coalesce(advisor, {cut.unit}) AS cluster, ({cut.told(over)})::DOUBLE AS u, "
        f"({cut.told(under)})::DOUBLE AS t FROM ({cut.kept})), "
        f"clusters AS (SELECT {named}count(*) AS n, sum(u) AS u, sum(t) AS t, "
        f"sum(u * u) AS uu, sum(u * t) AS ut, sum(t * t) AS tt FROM kept {inner}) "
        f"SELECT {named}count(*), sum(n), sum(u), sum(t), sum(uu), sum(ut), sum(tt), "
        f"sum(u * u), sum(u * t), sum(t * t) FROM clusters {grouping}"
    )
    found = rows(connection, query, len(cut.dims))
    made = {}
    for key, (clusters, n, u, t, *squares) in found.items():
        if clusters:
            simple = Sums(int(n), u, t, squares[0], squares[1], squares[2])
            made[key] = (simple, Sums(clusters, u, t, squares[3], squares[4], squares[5]))
    return made


@dataclass(frozen=True, slots=True)
class Ratio:
    """Σ over / Σ under: a share of time, with an interval clustered by advisor."""

    over: str
    under: str
    also: Also = field(default_factory=dict)
    is_share: bool = True

    adds_up: ClassVar[bool] = False

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the ratio of each group."""
        sums = sums_of(connection, cut, over=self.over, under=self.under)
        more = beside(connection, cut, self.also)
        return {
            key: Worked(self._of(simple, clustered), more.get(key, {}))
            for key, (simple, clustered) in sums.items()
        }

    def _of(self, simple: Sums, clustered: Sums) -> Estimate:
        found = ratio(clustered, count=simple.n)
        if not self.is_share or found.low is None or found.high is None:
            return found
        return Estimate(
            found.value, max(0.0, found.low), min(1.0, found.high), found.se, found.df, found.n,
            found.clusters, found.marks,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the rows are so, with Wilson's interval, widened for clusters."""

    hits: str
    also: Also = field(default_factory=dict)

    adds_up: ClassVar[bool] = False

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the share of each group."""
        sums = sums_of(connection, cut, over=f"CASE WHEN {self.hits} THEN 1 ELSE 0 END", under="1")
        more = beside(connection, cut, self.also)
        return {
            key: Worked(share_of(simple, clustered), more.get(key, {}))
            for key, (simple, clustered) in sums.items()
        }


def share_of(simple: Sums, clustered: Sums) -> Estimate:
    """Return a share from its sums over rows and over clusters."""
    effect = design_effect(ratio(clustered, count=simple.n), ratio(simple)) or 1.0
    found = wilson(simple.u, simple.n, deff=effect)
    return Estimate(
        found.value, found.low, found.high, found.se, None, simple.n, clustered.n,
        doubts(simple.n, clustered.n),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of an expression; median and P90 stand beside it, for a mean alone lies."""

    value: str
    also: Also = field(default_factory=dict)
    has_quantiles: bool = True

    adds_up: ClassVar[bool] = False

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the mean of each group."""
        sums = sums_of(connection, cut, over=self.value, under="1")
        spread = {
            "median": f"quantile_cont({self.value}, 0.5)",
            "p90": f"quantile_cont({self.value}, 0.9)",
        }
        more = beside(connection, cut, {**(spread if self.has_quantiles else {}), **self.also})
        return {
            key: Worked(ratio(clustered, count=simple.n), more.get(key, {}))
            for key, (simple, clustered) in sums.items()
        }


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of an expression; the mean stands beside it."""

    value: str
    share: float = 0.5

    adds_up: ClassVar[bool] = False

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the quantile of each group."""
        found = beside(
            connection, cut,
            {"value": f"quantile_cont({self.value}, {self.share})", "n": f"count({self.value})",
             "mean": f"avg({self.value})", "p90": f"quantile_cont({self.value}, 0.9)"},
        )  # fmt: skip
        return {
            key: Worked(
                nothing() if one["value"] is None
                else Estimate(float(one["value"]), n=one["n"], marks=doubts(one["n"])),
                {"mean": one["mean"], "p90": one["p90"]},
            )
            for key, one in found.items()
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """How many, or how much in all: it adds up over groups and over periods."""

    value: str = "1"
    also: Also = field(default_factory=dict)

    adds_up: ClassVar[bool] = True

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return the total of each group."""
        found = beside(
            connection, cut, {"value": f"sum({self.value})", "n": "count(*)", **self.also}
        )
        made = {}
        for key, one in found.items():
            more = {name: one[name] for name in self.also}
            estimate = (
                nothing() if one["value"] is None else Estimate(float(one["value"]), n=one["n"])
            )
            made[key] = Worked(estimate, more)
        return made


@dataclass(frozen=True, slots=True)
class Special:
    """A figure with a way of its own."""

    how: Callable[[duckdb.DuckDBPyConnection, Cut], Found]

    adds_up: ClassVar[bool] = False

    def work_out(self, connection: duckdb.DuckDBPyConnection, cut: Cut) -> Found:
        """Return what its way gives for each group."""
        return self.how(connection, cut)
