"""The tables of facts in ClickHouse, and how rows come into them: under the number of a load.

A load is what one file of facts held, or the tail at one moment. Its rows never change, each load
is a partition of its own, and none is read before it is published (see `published.py`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from measures.facts.clickhouse.dialect import LIST
from measures.facts.schema import ENTITY, TABLES, VERSION, WHEN
from measures.sql import quoted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_KINDS: Final = {"VARCHAR": "String", "BIGINT": "Int64", "BOOLEAN": "Bool"}
_LISTS: Final = "VARCHAR[]"
REPLACED: Final = f"replaced_{VERSION}"
"""Whose rows in files a load of the tail stands in place of."""
PUBLISHED: Final = "published"


class Rows(Protocol):
    """Where the rows of facts are read from: DuckDB."""

    def execute(self, query: str, /) -> Any:
        """Ask a query."""
        ...


def place(table: str) -> str:
    """Return under which name a table of facts stands, in this version of the schema."""
    return f"{table}_{VERSION}"


def loaded() -> list[str]:
    """Return the tables that hold loads."""
    return [*map(place, TABLES), REPLACED]


def statements() -> list[str]:
    """Return the statements that make the tables where they are missing."""
    made = [
        _created(place(table), [_column(table, name) for name in TABLES[table]],
                 order=f"tenant, {WHEN[table]}")
        for table in TABLES
    ]  # fmt: skip
    made.append(_created(REPLACED, ["tenant String", "kind String", "id String"], order="kind, id"))
    made.append(
        f"CREATE TABLE IF NOT EXISTS {PUBLISHED} (version UInt16, tenant String, number UInt64, "
        "as_of Int64, writer String, content String) "
        "ENGINE = ReplacingMergeTree(number) ORDER BY (version, tenant)"
    )
    return made


def _created(name: str, columns: list[str], *, order: str) -> str:
    return (
        f"CREATE TABLE IF NOT EXISTS {name} (load UInt64, {', '.join(columns)}) "
        f"ENGINE = MergeTree PARTITION BY load ORDER BY ({order})"
    )


def _column(table: str, name: str) -> str:
    kind = TABLES[table][name]
    if kind == _LISTS:
        # Parquet's lists lose the difference between nothing and an empty one on their way in.
        text = f"{name}_json"
        read = f"if({text} IS NULL, NULL, JSONExtract(assumeNotNull({text}), '{LIST}'))"
        return f"{text} Nullable(String) EPHEMERAL, {name} Variant({LIST}) DEFAULT {read}"
    is_there = name in {"tenant", ENTITY[table], WHEN[table]}
    return f"{name} {_KINDS[kind]}" if is_there else f"{name} Nullable({_KINDS[kind]})"


def bring(client: Client, rows: Rows, *, table: str, source: str, load: int) -> int:
    """Bring the rows of a query of DuckDB's into a table of facts; return how many there are."""
    sent = {name: name for name in TABLES[table]}
    sent = {
        f"{name}_json" if TABLES[table][name] == _LISTS else name:
        f"to_json({name})" if TABLES[table][name] == _LISTS else name
        for name in sent
    }  # fmt: skip
    return _bring(client, rows, place(table), source, sent=sent, load=load)


def bring_replaced(client: Client, rows: Rows, *, source: str, load: int) -> int:
    """Bring whose rows the tail has anew: of a query that gives `tenant`, `kind` and `id`."""
    sent = {name: name for name in ("tenant", "kind", "id")}
    return _bring(client, rows, REPLACED, source, sent=sent, load=load)


def _bring(
    client: Client, rows: Rows, name: str, source: str, *, sent: dict[str, str], load: int
) -> int:  # fmt: skip
    columns = ", ".join(f"{text} AS {column}" for column, text in sent.items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.parquet"
        query = f"SELECT {load}::UBIGINT AS load, {columns} FROM ({source}) s"  # noqa: S608 - our own parts
        counted = rows.execute(
            f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION lz4_raw)"
        ).fetchone()
        count = int(counted[0])
        if count:
            with path.open("rb") as file:
                client.raw_insert(
                    name, column_names=["load", *sent], insert_block=file, fmt="Parquet"
                )
    return count


def count(client: Client, table: str, loads: list[int]) -> int:
    """Return how many rows of some loads have arrived in a table of facts."""
    listed = ", ".join(map(str, loads))
    found = client.query(f"SELECT count() FROM {place(table)} WHERE load IN ({listed})")  # noqa: S608 - our own numbers
    return int(found.result_rows[0][0])


def let_go(client: Client, loads: list[int]) -> None:
    """Delete loads; those that are gone already are no error."""
    for name in loaded():
        for load in loads:
            client.command(f"ALTER TABLE {name} DROP PARTITION {load}")


def arrived(client: Client) -> set[int]:
    """Return every load of which rows are held, published or not."""
    names = ", ".join(map(quoted, loaded()))
    found = client.query(
        "SELECT DISTINCT partition FROM system.parts "  # noqa: S608 - our own names
        f"WHERE active AND database = currentDatabase() AND table IN ({names})"
    )
    return {int(partition) for (partition,) in found.result_rows}
