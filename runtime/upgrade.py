"""Brings a database's schema to this release's, from empty or from any earlier one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError

from runtime.errors import StoreUnavailable
from runtime.store.lock import FileLock


def is_postgres(database: str) -> bool:
    """Return whether a database setting names a PostgreSQL, and not a SQLite file."""
    return database.startswith(("postgresql://", "postgres://"))


def migrations_folder() -> Path:
    """Return where the migrations are: under this room in a wheel, beside it in a checkout."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "alembic"


def configuration() -> Config:
    """Return alembic's configuration; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """Return the newest revision of the schema this release knows."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    assert newest is not None
    return newest


@contextmanager
def connected(database: str) -> Iterator[Connection]:
    """Give a SQLAlchemy connection in one transaction, for migrations and administration.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    if is_postgres(database):
        url = make_url(database).set(drivername="postgresql+psycopg")
    else:
        url = make_url("sqlite://").set(database=database)
    engine = create_engine(url)
    if url.drivername == "sqlite":
        # pysqlite's own transactions leave DDL out: we begin them ourselves.
        @event.listens_for(engine, "connect")
        def _settings(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        if error.connection_invalidated or is_postgres(database):
            raise StoreUnavailable(reason=type(error.orig).__name__) from error
        raise
    finally:
        engine.dispose()


def current(connection: Connection) -> str | None:
    """Return the revision a database's schema is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_behind(database: str) -> bool:
    """Return whether a database lacks tables of this release.

    One that a newer release has upgraded is not behind: two releases side by side are how a
    service is upgraded without stopping.
    """
    if not is_postgres(database) and not Path(database).exists():
        return True
    with connected(database) as connection:
        at = current(connection)
    scripts = ScriptDirectory.from_config(configuration())
    known = {script.revision for script in scripts.walk_revisions()}
    return at is None or (at != head() and at in known)


def upgrade(database: str) -> bool:
    """Bring a database to this release's schema, and return whether anything was done.

    On SQLite the file is locked meanwhile, and a copy of a file that had data is kept beside it.

    Raises:
        DatabaseInUse: a service holds the SQLite file.
        StoreUnavailable: the database cannot be reached.
    """
    if is_postgres(database):
        return _upgrade(database, before=None)
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        _keep_copy(path)
        return _upgrade(database, before=path)
    finally:
        lock.release()


def _keep_copy(path: Path) -> None:
    """Copy a file that is about to be migrated; its log included, which copying the file is not."""
    with connected(str(path)) as connection:
        at = current(connection)
    if at is None or at == head():
        return
    kept = path.with_name(f"{path.name}.before-{head()}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(kept)) as copy:
        source.backup(copy)


def _upgrade(database: str, *, before: Path | None) -> bool:
    with connected(database) as connection:
        if current(connection) == head():
            return False
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if before is not None:
        before.chmod(0o600)
    return True
