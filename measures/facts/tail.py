"""The hot tail: facts newer than the files, in memory, and both read as one table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from measures.facts.folder import ddl
from measures.facts.linked import customers_of, link
from measures.facts.schema import ENTITY, TABLES, WHEN
from measures.sql import quoted

if TYPE_CHECKING:
    import duckdb

Rows = dict[str, list[tuple[Any, ...]]]
QUIET: Final = "SET enable_progress_bar = false"
"""A bar would be drawn on standard output, into whatever a command writes there."""
_KEY: Final = "CREATE TABLE tail_key (tenant VARCHAR, kind VARCHAR, id VARCHAR, moment BIGINT)"


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory with an empty tail; it reads no file but those it is told of."""
    # Imported late: it takes a sixth of a second, which a command that measures nothing spares.
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": "400MB",
            # What does not fit in memory is never left where the service happens to be started.
            "temp_directory": str(Path(tempfile.gettempdir()) / "parcours-facts"),
        }
    )
    connection.execute(QUIET)
    for table in TABLES:
        connection.execute(ddl(table, f"tail_{table}"))
    connection.execute(_KEY)
    return connection


def put(
    connection: duckdb.DuckDBPyConnection, tenant: str, rows: Rows, *,
    gone: Mapping[str, int] | None = None,
    files: Mapping[str, Sequence[str]] | None = None,
) -> None:  # fmt: skip
    """Replace in the tail the rows of the contacts and tickets that these rows are about.

    `gone` are tickets that have no row any more, and when each was opened. `files` are those of
    tickets and contacts: what is said in them of when a customer came again may change too.
    """
    columns = {table: list(TABLES[table]) for table in TABLES}
    keys = {
        (kind, row[columns[kind].index(kind)], row[columns[kind].index(WHEN[kind])])
        for kind in ("contact", "ticket")
        for row in rows[kind]
    } | {("ticket", ticket, opened) for ticket, opened in (gone or {}).items()}
    tickets = [one for kind, one, _ in keys if kind == "ticket"]
    named = [{"tenant": tenant, "kind": kind, "id": one, "moment": at} for kind, one, at in keys]
    connection.begin()
    try:
        customers = customers_of(connection, tenant, tickets)
        for table, kind in ENTITY.items():
            wanted = [one for its, one, _ in keys if its == kind]
            connection.execute(
                f"DELETE FROM tail_{table} WHERE tenant = ? "  # noqa: S608 - our own names
                f"AND list_contains(?::VARCHAR[], {kind})",
                [tenant, wanted],
            )
            made = [dict(zip(columns[table], row, strict=True)) for row in rows[table]]
            insert(connection, f"tail_{table}", made, kinds=TABLES[table])
        for kind in ("contact", "ticket"):
            connection.execute(
                "DELETE FROM tail_key WHERE tenant = ? AND kind = ? "
                "AND list_contains(?::VARCHAR[], id)",
                [tenant, kind, [one for its, one, _ in keys if its == kind]],
            )
        kinds = {"tenant": "VARCHAR", "kind": "VARCHAR", "id": "VARCHAR", "moment": "BIGINT"}
        insert(connection, "tail_key", named, kinds=kinds)
        if tickets:
            link(connection, tenant, tickets=tickets, customers=customers, files=files or {})
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]], *,
    kinds: dict[str, str],
) -> None:  # fmt: skip
    """Add rows to a table, many at once: row by row, DuckDB takes a millisecond each."""
    lines = b"\n".join(msgspec.json.encode(row) for row in rows)
    if not lines:
        return
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        Path(file.name).write_bytes(lines)
        connection.execute(
            f"INSERT INTO {table} SELECT * FROM read_json($path, columns = $kinds, "  # noqa: S608 - our own names
            "format = 'newline_delimited', maximum_object_size = 33554432)",
            {"path": file.name, "kinds": kinds},
        )


def clear(connection: duckdb.DuckDBPyConnection, tenant: str) -> None:
    """Forget the tail of a tenant, once files hold it."""
    connection.begin()
    for table in (*TABLES, "key"):
        connection.execute(f"DELETE FROM tail_{table} WHERE tenant = ?", [tenant])  # noqa: S608 - our own names
    connection.commit()


def whole(table: str, tenant: str, paths: list[str], *, replaced: Sequence[str] = ()) -> str:
    """Return the query of a tenant's table: rows of its files, and what the tail has instead.

    Only the files that are `replaced` in part have their rows held against the tail: that costs
    most of all.
    """
    columns, kind = ", ".join(TABLES[table]), ENTITY[table]
    sources = [f"SELECT {columns} FROM tail_{table} WHERE tenant = {quoted(tenant)}"]  # noqa: S608 - every text is quoted
    if paths:
        sources.append(f"SELECT {columns} FROM {_files(paths)}")  # noqa: S608 - every text is quoted
    if replaced:
        sources.append(
            f"SELECT {columns} FROM {_files(replaced)} o WHERE o.{kind} NOT IN "  # noqa: S608 - every text is quoted
            f"(SELECT id FROM tail_key WHERE tenant = {quoted(tenant)} AND kind = '{kind}')"
        )
    return " UNION ALL ".join(sources)


def _files(paths: Iterable[str]) -> str:
    return f"read_parquet([{', '.join(quoted(path) for path in paths)}])"
