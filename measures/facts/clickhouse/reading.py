"""A tenant's facts in ClickHouse as a question sees them: asked in DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from measures.facts.clickhouse.dialect import translated
from measures.facts.clickhouse.published import Content
from measures.facts.clickhouse.tables import REPLACED, place
from measures.facts.schema import ENTITY
from measures.sql import quoted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LONGEST_S: Final = 50
"""Seconds that one query may take."""
SETTINGS: Final = {
    # An aggregate of no row is nothing, as in SQL, and not 0.
    "aggregate_functions_null_for_empty": 1,
    # What a join does not find is nothing, and not an empty text.
    "join_use_nulls": 1,
    # `sum(n) AS n` is of the column, wherever else `n` stands.
    "prefer_column_name_to_alias": 1,
    # Parts that several others read are worked out once.
    "enable_materialized_cte": 1,
    "max_execution_time": LONGEST_S,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: its rows, and its columns, the name of each first."""

    rows: Sequence[Sequence[Any]]
    description: Sequence[tuple[str, ...]]

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return list(self.rows)


class ClickHouseFacts:
    """The tables `contact`, `segment`, `visit`, `ticket` and `rating`, as they were published."""

    def __init__(self, client: Client, content: Content) -> None:
        self._client = client
        self._content = content

    def execute(self, query: str, /) -> Answer:
        """Ask a query, in DuckDB's SQL. Raises what the client raises."""
        found = self._client.query(translated(query, self._rows), settings=SETTINGS)
        return Answer(found.result_rows, [(name,) for name in found.column_names])

    def _rows(self, table: str, names: list[str]) -> str:
        return rows_of(table, names, self._content)


def rows_of(table: str, names: Sequence[str], content: Content) -> str:
    """Return the query of columns of a table: of files, and what the tail has in their place."""
    columns, kind = ", ".join(names), ENTITY[table]
    loads = ", ".join(map(str, content.of(table))) or "0"
    files = f"SELECT {columns} FROM {place(table)} WHERE load IN ({loads})"  # noqa: S608 - our own names
    if not content.tail:
        return files
    return (
        f"{files} AND {kind} NOT IN (SELECT id FROM {REPLACED} WHERE load = {content.tail} "  # noqa: S608 - our own names
        f"AND kind = {quoted(kind)}) "
        f"UNION ALL SELECT {columns} FROM {place(table)} WHERE load = {content.tail}"
    )
