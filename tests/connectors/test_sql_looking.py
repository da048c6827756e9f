"""A database is asked whether it takes the deployment's statements, and runs none of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.faults import Fault
from connectors.port import Outcome
from tests.connectors.test_sql import Place, filled, opened, run, sqlite_place

UNFIT = """
[erp.operations.fits]
statement = "WITH found AS (SELECT status FROM orders WHERE id = :id) SELECT status FROM found"
input = {id = "text"}
output = {status = "text"}
[erp.operations.no_table]
statement = "SELECT status FROM ordres"
output = {status = "text"}
[erp.operations.no_column]
statement = "SELECT state FROM orders WHERE id = :id"
input = {id = "text"}
output = {state = "text"}
[erp.operations.not_given]
statement = "SELECT status AS state FROM orders"
output = {status = "text"}
as = "orders"
[erp.operations.writes]
statement = "INSERT INTO note (id, body) VALUES (:key, 'x')"
writes = true
effect = "keyed"
[erp.operations.writes_nowhere]
statement = "DELETE FROM notes WHERE id = :id"
input = {id = "text"}
writes = true
"""


@pytest.mark.parametrize("on", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_a_database_does_not_take_is_told_and_nothing_is_run(
    on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = sqlite_place(tmp_path)
    if on == "postgres":
        url = request.getfixturevalue("postgres_url")
        run(filled(url))
        place = Place(tmp_path, 'dsn = "secret://erp"', url)

    async def looked() -> Sequence[Fault]:
        connector = opened(place.folder, place.where, UNFIT, dsn=place.dsn)
        try:
            return await connector.prepare()
        finally:
            await connector.close()

    faults = run(looked())

    assert [(one.path[-2], one.path[-1], one.code) for one in faults] == [
        ("no_table", "statement", "deployment.wrong-statement"),
        ("no_column", "statement", "deployment.wrong-statement"),
        ("not_given", "output", "deployment.wrong-statement"),
        ("writes_nowhere", "statement", "deployment.wrong-statement"),
    ]
    assert "ordres" in faults[0].message["en"]
    assert faults[2].message["en"] == "the statement gives no `status`; it gives: state."
    assert place.call("has_note", id="k-1") == Outcome("refused", reason="no_note")


def test_a_database_that_does_not_answer_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    nobody = "postgresql://reader:s3cret@127.0.0.1:1/erp"
    connector = opened(tmp_path, 'dsn = "secret://erp"', UNFIT, dsn=nobody)

    (fault,) = run(connector.prepare())

    assert (fault.code, fault.line) == ("deployment.down", 5)
    assert "connector.unreachable" in fault.message["en"]
