"""What a figure is asked of: which rows, cut by which dimensions, with which settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from measures.statistics.estimate import Estimate

Key = tuple[str | None, ...]
"""The value of each dimension; None where a row has none."""


class Answered(Protocol):
    """What a query gave."""

    @property
    def description(self) -> Any:
        """What the columns are: the name of each first."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        ...


class Reader(Protocol):
    """Where facts are read with SQL: DuckDB, or another engine that says the same."""

    def execute(self, query: str, /) -> Answered:
        """Ask a query."""
        ...


@runtime_checkable
class Parted(Reader, Protocol):
    """A reader that keeps what the rows of files come to that do not change any more."""

    def parted(
        self, cut: Cut, *, rest: Callable[[str], str], whole: Callable[[str], str]
    ) -> str:  # fmt: skip
        """Return the query of a cut's parts: those that are kept, and `rest` of the other rows.

        `whole` and `rest` give the query of a part from where its rows are read: all those of a
        file that lies within the period, and those of the period.
        """
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Which rows a period takes: from `since` until before `until`, by the column `at`.

    `settled` says from when on the present moment no longer changes what a row counts for: a
    column, and milliseconds after it.
    """

    at: str
    since: int
    until: int
    settled: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure of one group, and what stands beside it."""

    estimate: Estimate
    also: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A set of rows and how it is grouped.

    Attributes:
        source: the table, or the query in brackets, rows come from. `table`: whose rows they are;
            `more`: columns that the query adds to those of the table.
        where: the condition of period and filters, SQL. `period`: that of the period alone.
        keep: which of those rows the figure counts.
        dims: SQL expressions to group by; none for one figure of all.
        unit: the column that names a row's contact or ticket.
        settings: the figure's named settings. `now`: milliseconds UTC.
        span: the period, where rows are taken by one column. `lasting`: the same cut of all rows
            there are, as it stays; None where what a row counts for depends on others.
    """

    source: str
    table: str
    more: tuple[str, ...] = ()
    where: str
    period: str
    keep: str
    dims: tuple[str, ...] = ()
    unit: str = "contact"
    settings: Mapping[str, Any]
    now: int
    span: Span | None = None
    lasting: Cut | None = None

    def grouped(self, *dims: str) -> Cut:
        """Return the same rows, grouped otherwise."""
        lasting = self.lasting and replace(self.lasting, dims=dims)
        return replace(self, dims=dims, lasting=lasting)

    @property
    def is_exact(self) -> bool:
        """Whether quantiles are of the values as they are, however many there are."""
        return self.settings.get("quantiles") == "exact"

    @property
    def is_single(self) -> bool:
        """Whether each row is a contact or demand of its own."""
        return self.table != "visit"

    @property
    def kept(self) -> str:
        """The query of the rows that the figure counts."""
        return f"SELECT * FROM {self.source} AS s WHERE ({self.where}) AND ({self.keep})"  # noqa: S608 - made of our own parts

    def told(self, text: str) -> str:
        """Return an expression with the settings in their places: `{window}`."""
        return text.format(now=self.now, **self.settings)


def rows(reader: Reader, query: str, width: int) -> dict[Key, tuple[Any, ...]]:
    """Return the rows of a grouped query by their first `width` columns."""
    found = reader.execute(query).fetchall()
    return {tuple(map(_text, row[:width])): tuple(row[width:]) for row in found}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def selected(dims: tuple[str, ...]) -> str:
    """Return the dimensions as a query first selects them."""
    return "".join(f"{expression} AS d{place}, " for place, expression in enumerate(dims))
