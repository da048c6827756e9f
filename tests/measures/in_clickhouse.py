"""ClickHouse in the tests' own process, and facts written by hand brought into it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from measures.facts.clickhouse.published import Content
from measures.facts.clickhouse.reading import ClickHouseFacts
from measures.facts.clickhouse.tables import bring, statements
from measures.facts.schema import TABLES

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOADS = count(1)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Give a client of a database of its own, with the tables of facts, all empty."""
    pytest.importorskip("chdb", reason="chdb, ClickHouse as a library, is not installed")
    import clickhouse_connect

    made = clickhouse_connect.get_client(interface="chdb")
    name = f"module_{next(_LOADS)}"
    made.command(f"CREATE DATABASE {name}")
    made.database = name
    for statement in statements():
        made.command(statement)
    yield made
    made.command(f"DROP DATABASE {name}")
    made.close()


def brought(client: Client, connection: Any, form: str = "tail_{}") -> ClickHouseFacts:
    """Return the same facts in ClickHouse: of DuckDB's tables, or views, of a form of name."""
    content = Content()
    for table in TABLES:
        load = next(_LOADS)
        query = f"SELECT * FROM {form.format(table)}"
        if bring(client, connection, table=table, source=query, load=load):
            content.files[table] = {"rows": load}
    return ClickHouseFacts(client, content)
