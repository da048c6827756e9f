"""The same facts as rows of SQLite and PostgreSQL, asked the same SQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench.asked import SAME, facts_in, took
from measures.facts.schema import TABLES

_READ: Final = {
    "contact": ("channel", "abandoned", "closed", "live_ms", "ms_useful", "ms_queue", "ms_lookup",
                "ms_analysis", "ms_hold", "ms_repetition"),
    "visit": ("step", "undone", "entered", "ms", "useful_ms"),
    "ticket": ("status", "motive", "contacts", "outcome", "reopened", "closed", "again"),
}  # fmt: skip
"""The columns of them: tables of rows are not to be slow for what nobody asks of them here."""


def _rows(folder: Path, table: str) -> Iterator[list[tuple[Any, ...]]]:
    """Give a table's rows, some at a time, with the columns that the queries read."""
    found = facts_in(folder).execute(f"SELECT {', '.join(_READ[table])} FROM {table}")
    while rows := found.fetchmany(50_000):
        yield rows


def _ddl(table: str, kinds: Mapping[str, str]) -> str:
    columns = ", ".join(f"{name} {kinds[TABLES[table][name]]}" for name in _READ[table])
    return f"CREATE TABLE {table} ({columns})"


def on_sqlite(folder: Path, file: Path) -> dict[str, float]:
    """Return how long SQLite takes for the same queries, in milliseconds."""
    kinds = {"VARCHAR": "TEXT", "BIGINT": "INTEGER", "BOOLEAN": "INTEGER"}
    with closing(sqlite3.connect(file)) as database:
        for table, columns in _READ.items():
            database.execute(_ddl(table, kinds))
            places = ", ".join("?" * len(columns))
            for rows in _rows(folder, table):
                database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
        database.commit()
        return {
            name: took(lambda q=q: database.execute(q).fetchall())  # type: ignore[misc]  # bound at once
            for name, q in SAME.items()
        }


async def on_postgres(folder: Path, url: str) -> dict[str, float]:
    """Return how long PostgreSQL takes for the same queries, in milliseconds."""
    kinds = {"VARCHAR": "TEXT", "BIGINT": "BIGINT", "BOOLEAN": "BOOLEAN"}
    database = await asyncpg.connect(url)
    try:
        for table in _READ:
            await database.execute(_ddl(table, kinds))
            for rows in _rows(folder, table):
                await database.copy_records_to_table(table, records=rows)
        await database.execute("VACUUM ANALYZE")
        found = {}
        for name, query in SAME.items():
            best = float("inf")
            for _ in range(3):
                begun = time.perf_counter()
                await database.fetch(query)
                best = min(best, time.perf_counter() - begun)
            found[name] = best * 1_000
        return found
    finally:
        await database.close()
