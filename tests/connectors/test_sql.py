"""Statements of the deployment on a real SQLite file and a real PostgreSQL: values stay values."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from connectors.deployment import Deployment, load_deployment
from connectors.faults import Misconfigured
from connectors.kinds import open_connectors
from connectors.port import Outcome
from connectors.sql import Sql
from connectors.sql_databases import is_here
from connectors.sql_text import WrongStatement, bind
from tests.connectors.contract import Contract, Subject
from tests.support.postgres import Cluster

T = TypeVar("T")
ROWS = [("F-1", "sent", 80, "2026-09-21"), ("F-2", "held", 12.5, None)]
TABLES = """
CREATE TABLE orders (id TEXT PRIMARY KEY, status TEXT, amount NUMERIC, shipped DATE);
CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT NOT NULL);
"""
OPERATIONS = """
[erp.operations.get_order]
statement = "SELECT status, amount, shipped, id AS secret_id FROM orders WHERE id = :id"
input = {id = "text"}
output = {status = "text", amount = "money EUR", shipped = "date"}
none = "not_found"
sensitive = ["amount"]
[erp.operations.list_orders]
statement = "SELECT id, status FROM orders WHERE amount >= :least ORDER BY id"
input = {least = "number"}
output = {id = "text", status = "text"}
as = "orders"
[erp.operations.one_of_many]
statement = "SELECT id FROM orders"
output = {id = "text"}
[erp.operations.unknown_column]
statement = "SELECT id FROM orders WHERE id = :id"
input = {id = "text"}
output = {status = "text"}
[erp.operations.long]
statement = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS i FROM n"
output = {i = "integer"}
[erp.operations.many]
statement = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) SELECT i FROM n"
output = {i = "integer"}
as = "all"
[erp.operations.broken]
statement = "SELECT nothing FROM nowhere"
output = {nothing = "text"}
[erp.operations.echo]
statement = "SELECT CAST(:value AS TEXT) AS value"
input = {value = "text"}
output = {value = "text"}
[erp.operations.add_note]
statement = "INSERT INTO note (id, body) VALUES (:key, :body) ON CONFLICT (id) DO NOTHING"
input = {body = "text"}
writes = true
effect = "keyed"
probe = "has_note"
[erp.operations.add_twice]
statement = "INSERT INTO note (id, body) VALUES (:id, :body)"
input = {id = "text", body = "text?"}
writes = true
[erp.operations.has_note]
statement = "SELECT body FROM note WHERE id = :id"
input = {id = "text"}
output = {body = "text"}
none = "no_note"
"""  # noqa: E501 - statements are read whole
PAYLOADS = (
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE orders; --", '" OR ""="', "') OR ('1'='1",
    "' UNION SELECT id, status FROM orders --", "1; SELECT pg_sleep(10)", "F-1'--", "F-1'/*",
    "\\'; DROP TABLE note; --", "' AND 1=(SELECT COUNT(*) FROM orders) --", "%' OR '%'='",
    "admin'--", "' OR 'x' LIKE '%x%", "'||(SELECT status FROM orders LIMIT 1)||'", "$1", ":id",
    "?", "{{ 7*7 }}", "${7*7}", "%s", "' OR id IS NOT NULL OR id = '", "x'; ATTACH 'a.db' AS a; --",
    "';COPY orders TO 'x.csv';--", "' OR EXISTS(SELECT 1 FROM orders) --", "\u02bc OR 1=1 --",
    "\uff07 OR 1=1 --", "F-1\n-- x", "'; UPDATE orders SET status='paid' WHERE '1'='1",
    "0x27204f5220313d31", "'+(SELECT 1)+'", "NULL", "' GROUP BY id HAVING 1=1 --",
)  # fmt: skip


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


def opened(folder: Path, where: str, operations: str = OPERATIONS, dsn: str = "") -> Sql:
    [found] = open_connectors(written(folder, where, operations, dsn=dsn)).values()
    assert isinstance(found, Sql)
    return found


def written(folder: Path, where: str, operations: str, *, dsn: str = "") -> Deployment:
    path = folder / "connectors.toml"
    path.write_text(f'[erp]\nkind = "sql"\n{where}\n{operations}', encoding="utf-8")
    return load_deployment(path, environment={"PARCOURS_SECRET_ERP": dsn})


@dataclass
class Place:
    """A database with two orders: where a deployment finds it."""

    folder: Path
    where: str
    dsn: str = ""

    def connector(self) -> Sql:
        return opened(self.folder, self.where, dsn=self.dsn)

    async def one(self, operation: str, key: str = "k-1", **inputs: Any) -> Outcome:
        connector = self.connector()
        try:
            return await connector.call(f"erp.{operation}", inputs, key=key, timeout_ms=5_000)
        finally:
            await connector.close()

    def call(self, operation: str, key: str = "k-1", **inputs: Any) -> Outcome:
        return run(self.one(operation, key, **inputs))


def sqlite_place(folder: Path) -> Place:
    with closing(sqlite3.connect(folder / "erp.db")) as connection, connection:
        connection.executescript(TABLES)
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)
    return Place(folder, 'file = "erp.db"')


async def filled(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(TABLES)
    for identity, status, amount, shipped in ROWS:
        await connection.execute(
            f"INSERT INTO orders VALUES ('{identity}', '{status}', {amount}, "
            f"{'NULL' if shipped is None else repr(shipped)})"
        )
    await connection.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield sqlite_place(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.create_database()
    run(filled(cluster.url(name)))
    yield Place(tmp_path, 'dsn = "secret://erp"', cluster.url(name))
    cluster.drop_database(name)


class TestSqlite(Contract):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = sqlite_place(tmp_path)

    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        yield Subject(
            self.place.connector(),
            succeeds=("erp.get_order", {"id": "F-1"}),
            refuses=("erp.get_order", {"id": "F-9"}),
            fails=("erp.broken", {}),
            hangs=("erp.long", {}),
            secrets=tuple(filter(None, [self.place.dsn])),
        )


@pytest.mark.postgres
class TestPostgres(TestSqlite):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path, postgres_url: str) -> None:
        run(filled(postgres_url))
        self.place = Place(tmp_path, 'dsn = "secret://erp"', postgres_url)


def test_a_row_is_a_record_of_its_declared_columns(place: Place) -> None:
    found = place.call("get_order", id="F-1")

    amount = {"amount": "80", "currency": "EUR"}
    assert found == Outcome(
        "succeeded", {"status": "sent", "amount": amount, "shipped": "2026-09-21"}
    )
    assert place.call("get_order", id="F-2").result == {
        "status": "held", "amount": {"amount": "12.5", "currency": "EUR"},
    }  # fmt: skip


def test_several_rows_are_a_list_and_none_is_an_empty_one(place: Place) -> None:
    assert place.call("list_orders", least=13).result == {
        "orders": [{"id": "F-1", "status": "sent"}]
    }
    assert place.call("list_orders", least="1000.5").result == {"orders": []}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_a_value_holds_it_is_a_value(place: Place, payload: str) -> None:
    async def play() -> list[Outcome]:
        connector = place.connector()
        calls: tuple[tuple[str, dict[str, Any]], ...] = (
            ("get_order", {"id": payload}),
            ("echo", {"value": payload}),
            ("add_note", {"body": payload}),
            ("has_note", {"id": "k-1"}),
            ("list_orders", {"least": 0}),
        )
        made = [
            await connector.call(f"erp.{name}", inputs, key="k-1", timeout_ms=5_000)
            for name, inputs in calls
        ]
        await connector.close()
        return made

    none, echoed, noted, kept, orders = run(play())

    assert none == Outcome("refused", reason="not_found")
    assert echoed.result == {"value": payload}
    assert noted.result == {"changed": 1}
    assert kept.result == {"body": payload}
    assert len(orders.result["orders"]) == 2


@pytest.mark.parametrize(
    "inputs", [{"id": 1}, {"id": None}, {"id": "a\0"}, {"id": ["F-1"]}, {"id": "F-1", "x": 1}, {}]
)
def test_a_value_that_is_not_of_its_kind_is_not_sent(place: Place, inputs: dict[str, Any]) -> None:
    found = place.call("get_order", **inputs)

    assert found == Outcome("failed", reason="connector.input", sent=False)


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ("one_of_many", "connector.schema"),
        ("many", "connector.too-large"),
        ("broken", "sql.error"),
    ],
)
def test_rows_that_are_not_as_declared_are_a_failure(
    place: Place, operation: str, reason: str
) -> None:
    found = place.call(operation)

    assert (found.status, found.reason) == ("failed", reason)


def test_a_declared_column_that_is_not_there_is_a_failure(place: Place) -> None:
    assert place.call("unknown_column", id="F-1").reason == "connector.schema"


def test_an_action_done_twice_with_one_key_is_done_once(place: Place) -> None:
    first, again = place.call("add_note", body="x"), place.call("add_note", body="x")

    assert (first.result, again.result) == ({"changed": 1}, {"changed": 0})
    assert place.call("add_note", "k-2", body="x").result == {"changed": 1}


def test_a_write_that_a_constraint_refuses_is_surely_not_done(place: Place) -> None:
    assert place.call("add_twice", id="n", body="x").status == "succeeded"
    again = place.call("add_twice", id="n", body="y")
    empty = place.call("add_twice", id="m")

    assert again == empty == Outcome("failed", reason="sql.constraint", sent=False)
    assert place.call("has_note", id="n").result == {"body": "x"}


HIDDEN = """
[erp.operations.x]
statement = "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone"
output = {id = "text"}
as = "ids"
"""


def test_what_only_reads_cannot_write_however_it_is_written(place: Place) -> None:
    connector = opened(place.folder, place.where, HIDDEN, place.dsn)

    async def play() -> Outcome:
        found = await connector.call("erp.x", {}, key="k", timeout_ms=5_000)
        await connector.close()
        return found

    found = run(play())

    assert (found.status, found.reason in {"sql.denied", "sql.error"}) == ("failed", True)
    assert len(place.call("list_orders", least=0).result["orders"]) == 2


def test_a_statement_has_its_own_time_of_five_seconds(place: Place) -> None:
    described = place.connector().operations()

    assert {one.timeout_ms for one in described.values()} == {5_000}
    assert described["erp.add_note"].effect == "keyed"
    assert described["erp.add_twice"].effect == "unsafe"
    assert described["erp.get_order"].effect == "read"


@pytest.mark.postgres
def test_a_database_that_is_down_is_unreachable_and_nothing_was_done(tmp_path: Path) -> None:
    nobody = "postgresql://reader:s3cret@127.0.0.1:1/erp"

    found = Place(tmp_path, 'dsn = "secret://erp"', nobody).call("add_twice", id="x")

    assert found == Outcome("failed", reason="connector.unreachable", sent=False, again=True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1; DROP TABLE orders", "SELECT 1;", "SELECT 1 -- x", "SELECT /* x */ 1",
        "SELECT {{ id }}", "SELECT '{}' || {id}", "SELECT ${id}", "SELECT $1", "SELECT $$x$$",
        "SELECT ?", "SELECT ?1", "SELECT @id", "SELECT 'open", 'SELECT "open', "SELECT E'\\''",
        "SELECT '\\'; DROP TABLE x; '", "SELECT U&'x'", "SELECT %s -- ", "", "   ", "1 + 1",
        "SELECT \x00", "SELECT `x`", "SELECT é", "SELECT '" + "x" * 20_000 + "'",
    ],
)  # fmt: skip
def test_a_text_in_which_values_could_be_anything_else_is_refused(text: str) -> None:
    with pytest.raises(WrongStatement):
        bind(text)


def test_places_of_values_are_found_and_nothing_else() -> None:
    found = bind("SELECT ':no', \":no\", a::text, :a || :b || :a FROM t WHERE c = ARRAY[1][:b]")

    assert found.names == ("a", "b")
    assert found.numbered == (
        "SELECT ':no', \":no\", a::text, $1 || $2 || $1 FROM t WHERE c = ARRAY[1][$2]"
    )
    assert found.first == "select"
    assert replace(found, first="x").marked.count("?") == 4


@pytest.mark.parametrize(
    ("where", "change", "keys"),
    [
        ("", ("", ""), ["dsn"]),
        ('file = "erp.db"\ndsn = "secret://erp"', ("", ""), ["dsn"]),
        ('file = "none.db"', ("", ""), ["file"]),
        ('dsn = "secret://none"', ("", ""), ["dsn"]),
        ('dsn = "postgresql://u:p@h/d"', ("", ""), ["dsn"]),
        ('dsn = "secret://erp"', ("", ""), ["dsn"]),
        ('file = "erp.db"', (':id"', ':id;"'), ["statement"]),
        ('file = "erp.db"', ('{id = "text"}', '{id = "uuid"}'), ["input"]),
        ('file = "erp.db"', ('{id = "text"}', "{}"), ["input"]),
        ('file = "erp.db"', ("SELECT status", "DELETE status"), ["statement"]),
        ('file = "erp.db"', (":key, :body", "'k', :body"), ["statement"]),
        ('file = "erp.db"', ('effect = "keyed"', 'effect = "read"'), ["effect"]),
        ('file = "erp.db"', ('["amount"]', '["colour"]'), ["sensitive"]),
        ('file = "erp.db"', ('probe = "has_note"', 'probe = "add_twice"'), ["probe"]),
        ('file = "erp.db"', ('none = "no_note"', 'nun = "no_note"'), ["nun"]),
    ],
)
def test_a_table_that_is_wrong_is_told_at_its_keys(
    where: str, change: tuple[str, str], keys: list[str], tmp_path: Path
) -> None:
    sqlite_place(tmp_path)

    with pytest.raises(Misconfigured) as wrong:
        open_connectors(written(tmp_path, where, OPERATIONS.replace(*change, 1), dsn="mysql://x/y"))

    assert {fault.path[-1] for fault in wrong.value.faults} == set(keys)


@pytest.mark.parametrize(
    ("dsn", "here"),
    [
        ("postgresql://u@localhost/d", True),
        ("postgresql://u@127.0.0.1:5432/d", True),
        ("postgresql://u@/d?host=/run/postgresql", True),
        ("postgresql://u@db.example/d", False),
        ("postgresql://u@localhost.evil.example/d", False),
    ],
)
def test_a_database_elsewhere_is_reached_over_tls(dsn: str, here: bool) -> None:
    assert is_here(dsn) is here
