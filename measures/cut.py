"""What a figure is asked of: which rows, cut by which dimensions, with which settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from measures.statistics.estimate import Estimate

if TYPE_CHECKING:
    import duckdb

Key = tuple[str | None, ...]
"""The value of each dimension; None where a row has none."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure of one group, and what stands beside it."""

    estimate: Estimate
    also: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A set of rows and how it is grouped.

    Attributes:
        source: the table, or the query in brackets, rows come from.
        where: the condition of period and filters, SQL. `keep`: which of them the figure counts.
        dims: SQL expressions to group by; none for one figure of all.
        unit: the column that names a row's contact or ticket.
        settings: the figure's named settings. `now`: milliseconds UTC.
    """

    source: str
    where: str
    keep: str
    dims: tuple[str, ...] = ()
    unit: str = "contact"
    settings: Mapping[str, Any]
    now: int

    def grouped(self, *dims: str) -> Cut:
        """Return the same rows, grouped otherwise."""
        return replace(self, dims=dims)

    @property
    def kept(self) -> str:
        """The query of the rows that the figure counts."""
        return f"SELECT * FROM {self.source} AS s WHERE ({self.where}) AND ({self.keep})"  # noqa: S608 - made of our own parts

    def told(self, text: str) -> str:
        """Return an expression with the settings in their places: `{window}`."""
        return text.format(now=self.now, **self.settings)


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, width: int
) -> dict[Key, tuple[Any, ...]]:
    """Return the rows of a grouped query by their first `width` columns."""
    found = connection.execute(query).fetchall()
    return {tuple(map(_text, row[:width])): tuple(row[width:]) for row in found}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def group_by(dims: tuple[str, ...]) -> tuple[str, str]:
    """Return how a query names its dimensions (`d0, d1, `), and how it groups by them."""
    named = "".join(f"d{place}, " for place in range(len(dims)))
    return named, f"GROUP BY {named.rstrip(', ')}" if dims else ""


def selected(dims: tuple[str, ...]) -> str:
    """Return the dimensions as a query first selects them."""
    return "".join(f"{expression} AS d{place}, " for place, expression in enumerate(dims))
