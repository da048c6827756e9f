"""The databases that statements run on: SQLite files and PostgreSQL, bounded in time and rows.

What only reads cannot write: the file is opened so, or the transaction is begun so. What writes is
one transaction, and whether it was committed is known, or said not to be.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote, urlsplit

import asyncpg

from connectors.secret import Secret
from connectors.sql_text import Bound

CONNECT_S: Final = 2.0
CONNECTIONS: Final = 4
IDLE_S: Final = 60.0
_SPARE_S: Final = 0.25
_STEPS: Final = 2_000
"""Steps of SQLite's machine between two looks at the time."""
_DENIED: Final = frozenset(
    {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA}
)  # fmt: skip
_HERE: Final = ("localhost", "127.0.0.1", "::1")


class NotRun(Exception):
    """A statement did not come to its end.

    Attributes:
        reason: a stable code.
        is_known: whether it surely changed nothing.
        again: whether it may do better a little later.
    """

    def __init__(self, reason: str, *, is_known: bool = True, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_known = is_known
        self.again = again


class NotTaken(Exception):
    """A database does not take a statement: no such table, a wrong word."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What came back: rows by column, one more than were asked for at most; rows changed."""

    found: Sequence[Mapping[str, Any]]
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One statement to run with its values, in the order of its places.

    `most` rows are wanted; `within_s` seconds it may take in all.
    """

    statement: Bound
    values: Sequence[Any]
    writes: bool
    most: int
    within_s: float


class Database(Protocol):
    """Runs statements."""

    async def run(self, run: Run) -> Rows:
        """Return what a statement gives.

        Raises:
            NotRun: it did not come to its end.
        """
        ...

    async def columns(
        self, statement: Bound, *, writes: bool, within_s: float
    ) -> tuple[str, ...] | None:
        """Return the columns a statement gives, None where that is not known; nothing is run.

        Raises:
            NotTaken: the database refuses the statement.
            NotRun: the database could not be asked.
        """
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


class SqliteDatabase:
    """A SQLite file; a connection for each statement, which costs next to nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def close(self) -> None:
        """Have nothing to let go of."""

    async def columns(
        self, statement: Bound, *, writes: bool, within_s: float
    ) -> tuple[str, ...] | None:
        """Return the columns a statement gives; see `Database.columns`."""
        # Only translated: what gives no row, and what explains itself, touches nothing.
        before, after = ("EXPLAIN ", "") if writes else ("SELECT * FROM (", ") LIMIT 0")
        asked = before + statement.marked + after
        try:
            async with asyncio.timeout(within_s):
                names = await asyncio.to_thread(self._translated, asked, len(statement.names))
        except TimeoutError:
            raise NotRun("connector.timeout", again=True) from None
        return None if writes else names

    def _translated(self, asked: str, places: int) -> tuple[str, ...]:
        address = f"file:{quote(self._path.absolute().as_posix())}?mode=ro"
        try:
            with contextlib.closing(
                sqlite3.connect(address, uri=True, timeout=CONNECT_S, isolation_level=None)
            ) as connection:
                connection.set_authorizer(_allowed)
                cursor = connection.execute(asked, [None] * places)
                return tuple(one[0] for one in cursor.description)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
                raise NotTaken(error) from None
            raise _of_sqlite(error) from None

    async def run(self, run: Run) -> Rows:
        """Run a statement in a thread; see `Database.run`."""
        given_up = threading.Event()
        until = time.monotonic() + run.within_s
        try:
            # The thread ends by itself in time, and knows better what it left behind.
            async with asyncio.timeout(run.within_s + _SPARE_S):
                return await asyncio.to_thread(self._run, run, until, given_up)
        except TimeoutError:
            raise NotRun("connector.timeout", is_known=not run.writes, again=True) from None
        finally:
            given_up.set()

    def _run(self, run: Run, until: float, given_up: threading.Event) -> Rows:
        mode = "rw" if run.writes else "ro"
        address = f"file:{quote(self._path.absolute().as_posix())}?mode={mode}"
        left = max(0.01, until - time.monotonic())
        try:
            with contextlib.closing(
                sqlite3.connect(address, uri=True, timeout=left, isolation_level=None)
            ) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA trusted_schema = OFF")
                if not run.writes:
                    connection.execute("PRAGMA query_only = ON")
                connection.set_authorizer(_allowed)
                connection.set_progress_handler(
                    lambda: given_up.is_set() or time.monotonic() > until, _STEPS
                )
                return _executed(connection, run)
        except sqlite3.IntegrityError:
            raise NotRun("sql.constraint") from None
        except sqlite3.DatabaseError as error:
            raise _of_sqlite(error) from None
        except (sqlite3.Warning, sqlite3.InterfaceError, OverflowError):
            raise NotRun("sql.error") from None


def _allowed(action: int, *_: Any) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK


def _executed(connection: sqlite3.Connection, run: Run) -> Rows:
    values = [_for_sqlite(value) for value in run.values]
    if run.writes:
        connection.execute("BEGIN IMMEDIATE")
    cursor = connection.execute(run.statement.marked, values)
    found = [dict(row) for row in cursor.fetchmany(run.most + 1)]
    changed = max(0, cursor.rowcount)
    if run.writes:
        cursor.fetchall()
        connection.execute("COMMIT")
    return Rows(found, changed)


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, clock_time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else value


def _of_sqlite(error: sqlite3.DatabaseError) -> NotRun:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return NotRun("connector.timeout", again=True)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return NotRun("connector.busy", again=True)
    if code == sqlite3.SQLITE_CANTOPEN:
        return NotRun("connector.unreachable", again=True)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH}:
        return NotRun("sql.denied")
    return NotRun("sql.error")


class PostgresDatabase:
    """A PostgreSQL database, reached when it is first asked.

    Args:
        dsn: where it is and as whom, read again for each connection.
        authorities: a file of certificate authorities to trust beside the public ones.
    """

    def __init__(self, dsn: Secret, authorities: Path | None = None) -> None:
        self._dsn = dsn
        self._authorities = authorities
        self._pool: asyncpg.Pool | None = None
        self._opened_with: int | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Let connections go."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), timeout=CONNECT_S)
            except TimeoutError:
                pool.terminate()

    async def columns(
        self, statement: Bound, *, writes: bool, within_s: float
    ) -> tuple[str, ...] | None:
        """Return the columns a statement gives; see `Database.columns`."""
        del writes
        try:
            async with asyncio.timeout(within_s):
                pool = await self._reached()
                async with pool.acquire() as connection:
                    made = await connection.prepare(statement.numbered)
                    return tuple(one.name for one in made.get_attributes())
        except asyncpg.SyntaxOrAccessError as error:
            raise NotTaken(error.message) from None
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            raise NotRun("connector.unreachable", again=True) from None

    async def run(self, run: Run) -> Rows:
        """Run a statement in a transaction of its own; see `Database.run`."""
        committing: list[bool] = []
        try:
            async with asyncio.timeout(run.within_s):
                pool = await self._reached()
                async with pool.acquire() as connection:
                    return await _transacted(connection, run, committing)
        except TimeoutError:
            raise NotRun("connector.timeout", is_known=not committing, again=True) from None
        except asyncpg.QueryCanceledError:
            raise NotRun("connector.timeout", again=True) from None
        except asyncpg.IntegrityConstraintViolationError:
            raise NotRun("sql.constraint") from None
        except (asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError):
            raise NotRun("sql.denied") from None
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            raise NotRun("connector.busy", again=True) from None
        except (
            asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
            asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError, OSError,
        ):  # fmt: skip
            reason = "connector.cut" if committing else "connector.unreachable"
            raise NotRun(reason, is_known=not committing, again=True) from None
        except asyncpg.DataError:
            raise NotRun("sql.type") from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            raise NotRun("sql.error", is_known=not committing) from None

    async def _reached(self) -> asyncpg.Pool:
        dsn = self._dsn.reveal()
        async with self._opening:
            if self._pool is None or self._opened_with != hash(dsn):
                if self._pool is not None:
                    self._pool.terminate()
                self._pool = await asyncpg.create_pool(
                    dsn, min_size=0, max_size=CONNECTIONS, timeout=CONNECT_S,
                    max_inactive_connection_lifetime=IDLE_S, ssl=self._tls(dsn),
                )  # fmt: skip
                self._opened_with = hash(dsn)
            return self._pool

    def _tls(self, dsn: str) -> ssl.SSLContext | bool:
        if is_here(dsn):
            return False
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._authorities is not None:
            context.load_verify_locations(cafile=self._authorities)
        return context


def is_here(dsn: str) -> bool:
    """Return whether a database is on this machine, where it need not be reached over TLS."""
    parts = urlsplit(dsn)
    return parts.hostname in _HERE or (not parts.hostname and "host=%2F" in parts.query) or (
        not parts.hostname and "host=/" in parts.query
    )  # fmt: skip


async def _transacted(connection: Any, run: Run, committing: list[bool]) -> Rows:
    transaction = connection.transaction(readonly=not run.writes)
    await transaction.start()
    try:
        limit = max(1, int(run.within_s * 1_000))
        await connection.execute(f"SET LOCAL statement_timeout = {limit}")
        statement = await connection.prepare(run.statement.numbered)
        if run.writes:
            found = await statement.fetch(*run.values)
        else:
            found = await (await statement.cursor(*run.values)).fetch(run.most + 1)
    except asyncpg.PostgresError:
        await transaction.rollback()
        raise
    except BaseException:
        # Out of time: what is asked of a server that does not answer would not end either.
        connection.terminate()
        raise
    if run.writes:
        committing.append(True)
    await transaction.commit()
    last = str(statement.get_statusmsg() or "").rpartition(" ")[2]
    changed = int(last) if last.isdigit() else 0
    return Rows([dict(row) for row in found[: run.most + 1]], changed)
