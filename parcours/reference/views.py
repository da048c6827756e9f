"""`views.sql`: the facts as views for tools of business intelligence that open DuckDB."""

from __future__ import annotations

from typing import Final

from measures.facts.schema import ORDER, TABLES, VERSION

TIMES: Final = frozenset(
    {
        "offered",
        "answered",
        "ended",
        "wrapped",
        "closed",
        "begins",
        "ends",
        "entered",
        "finished",
        "opened",
        "first_offered",
        "last_over",
    }
)
"""Columns that are moments: the views give them as timestamps in UTC."""
VIEWED: Final = ("contact", "segment", "visit", "ticket")
_HEAD: Final = f"""\
-- Generated from the code by `make docs`; changes made here are lost.
--
-- The facts (schema {VERSION}) as views for tools that open DuckDB. First say where they are:
--
--     SET VARIABLE folder = '/srv/parcours/facts';
--     SET VARIABLE tenant = 'acme';
--
-- Times are UTC, durations milliseconds; customers and advisors stand under keyed hashes. Only the
-- files that the manifest names are read: run this file at the start of every connection, and again
-- for newer facts. Files are written once an hour; what is newer is in `/v1/measures` alone so far.
-- It stops at a table of which the tenant has no row yet. The guards of
-- `/v1/measures` (small groups, persons) do not hold here: who reads the folder sees every row, so
-- publish no figure of one person.
"""


def views() -> str:
    """Return the statements that make the views."""
    return "\n".join([_HEAD, *(_view(table) for table in VIEWED)])


def _view(table: str) -> str:
    columns = ",\n".join(
        f'    epoch_ms("{name}") AS "{name}"' if name in TIMES else f'    "{name}"'
        for name in TABLES[table]
    )
    return f"""\
-- One row per {table}, in the order of: {ORDER[table]}.
SET VARIABLE {table}_files = (
    SELECT list(getvariable('folder') || '/' || name) FROM (
        SELECT unnest(map_values(CAST(
            content::JSON -> 'files' -> getvariable('tenant') -> '{table}'
            AS MAP(VARCHAR, VARCHAR)))) AS name
        FROM read_text(getvariable('folder') || '/manifest.json')));
CREATE OR REPLACE VIEW {table}_facts AS SELECT
{columns}
FROM read_parquet(getvariable('{table}_files'));
"""  # noqa: S608 - our own names
