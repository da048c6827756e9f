"""From an empty database to this release's schema, on both databases."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from runtime.errors import DatabaseInUse, StoreUnavailable
from runtime.store.lock import FileLock
from runtime.store.tables import METADATA, PERSONAL
from runtime.upgrade import configuration, connected, current, head, is_behind, is_postgres, upgrade


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "new" / "store.db")
    return str(request.getfixturevalue("postgres_url"))


def test_an_empty_database_gets_exactly_the_tables_the_code_uses(empty: str) -> None:
    assert upgrade(empty) is True

    with connected(empty) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
        at = current(connection)
    assert differences == []
    assert at == head()


def test_a_database_that_is_up_to_date_is_left_alone(empty: str) -> None:
    upgrade(empty)

    assert upgrade(empty) is False


def test_the_schema_can_be_taken_down_and_put_up_again(empty: str) -> None:
    upgrade(empty)
    with connected(empty) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = set(inspect(connection).get_table_names())

    assert left == {"alembic_version"}
    assert upgrade(empty) is True


def test_an_upgrade_that_breaks_half_way_leaves_nothing_and_can_be_run_again(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: Any, **__: Any) -> None:
        message = "power cut"
        raise RuntimeError(message)

    with monkeypatch.context() as patch:
        patch.setattr(MigrationContext, "_ensure_version_table", break_off)
        with pytest.raises(RuntimeError, match="power cut"):
            upgrade(empty)
    with connected(empty) as connection:
        tables = inspect(connection).get_table_names()

    assert tables == []
    assert upgrade(empty) is True


def test_a_file_that_a_service_holds_is_not_migrated_under_it(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    upgrade(str(path))
    lock = FileLock(path)
    try:
        with pytest.raises(DatabaseInUse):
            upgrade(str(path))
    finally:
        lock.release()


def test_a_file_with_data_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    upgrade(str(path))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO probe VALUES (7, 1)")
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
        connection.commit()

    with pytest.raises(Exception, match="older"):
        upgrade(str(path))

    with closing(sqlite3.connect(tmp_path / f"store.db.before-{head()}")) as copy:
        assert copy.execute("SELECT id FROM probe").fetchall() == [(7,)]


def test_a_database_nobody_can_reach_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        upgrade(f"postgresql://parcours@/none?host={tmp_path}")


def test_every_key_begins_with_the_tenant() -> None:
    without = {
        table.name
        for table in METADATA.tables.values()
        if next(iter(table.primary_key.columns)).name != "tenant"
    }

    # The row that is written to know that writing works belongs to nobody; a connector's cap is its
    # deployment's, whose tenants share what the other system takes of it; what the keys of actions
    # are made with is the service's own.
    assert without == {"probe", "allowance", "service_secret"}


def test_personal_columns_exist() -> None:
    for table, columns in PERSONAL.items():
        assert set(columns) <= set(METADATA.tables[table].columns.keys())


def test_an_older_schema_is_behind_and_a_newer_one_is_not(empty: str) -> None:
    if not is_postgres(empty):
        assert is_behind(empty)
    upgrade(empty)
    assert not is_behind(empty)
    with connected(empty) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'next-year'")

    assert not is_behind(empty)
