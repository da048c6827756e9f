"""The store in one SQLite file: one writer thread, group commit, readers beside it.

An answer is sent only after its commit is on disk (WAL, `synchronous=FULL`). Nothing waits for a
timer: the writer takes what has gathered, commits it at once, and takes the next.
Source: promises.md 2.5; performance.md 3.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from runtime.errors import DamagedDatabase, Failure, NotMigrated, StorageFull, StorageLost
from runtime.store.lock import FileLock
from runtime.store.port import LostRace, Row, Statement, Unit
from runtime.store.statements import MOVE_SESSION, PROBE

GROUP: Final = 256
"""Most units in one commit."""
PROBE_EVERY: Final = 1.0
"""Seconds between two attempts to write again after the disk failed."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA cell_size_check=ON",
)

_log = logging.getLogger("parcours.store")

_CACHE: Final = "PRAGMA cache_size=-32768"
"""32 MiB: with the 2 of the default, a turn among 100,000 open sessions costs a quarter more."""

Outcome = list[Row] | BaseException


@dataclass(slots=True)
class _Job:
    """A unit that waits for its commit; `returns` asks for the rows of its last statement."""

    unit: Unit
    done: asyncio.Future[list[Row]]
    loop: asyncio.AbstractEventLoop
    returns: bool = False
    deed: Callable[[], list[Row]] | None = None
    """What is done by itself, outside of a commit, in place of a unit."""


def connect(path: Path | str, *, read_only: bool) -> sqlite3.Connection:
    """Return a connection with the house's settings; a reader can change nothing."""
    connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout=5000")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        # Only the writer checkpoints, which keeps readers out of the WAL's reset.
        connection.execute("PRAGMA wal_autocheckpoint=0")
    else:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    return connection


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return connect(path, read_only=False)
    except sqlite3.DatabaseError as error:
        # What the settings read first may be what is damaged.
        if storage_failure(error) is not None:
            raise
        raise DamagedDatabase(reason=str(error)) from error


def _refuse_empty(connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    if found.fetchone() is None:
        connection.close()
        raise NotMigrated


def _refuse_damaged(connection: sqlite3.Connection) -> None:
    try:
        found = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        if storage_failure(error) is not None:
            raise
        found = [str(error)]
    if found != ["ok"]:
        raise DamagedDatabase(reason=found[0] if found else "")


def is_affected(version: tuple[int, ...]) -> bool:
    """Return whether a version of SQLite may corrupt a WAL that is reset while it is read.

    From 3.7.0 on, mended in 3.44.6, 3.50.7 and 3.51.3. Source: promises.md 2.5.
    """
    if version[:2] == (3, 44):
        return version < (3, 44, 6)
    if version[:2] == (3, 50):
        return version < (3, 50, 7)
    return (3, 7, 0) <= version < (3, 51, 3)


def caution(version: tuple[int, ...]) -> str | None:
    """Return what an administrator should know of a version of SQLite, None when nothing."""
    if not is_affected(version):
        return None
    return (
        "This SQLite may damage a file whose WAL one connection resets while another checkpoints. "
        "Only one connection of the service checkpoints, which avoids it: let no other program "
        "write to the file, and prefer 3.51.3, 3.50.7 or 3.44.6."
    )


def storage_failure(error: sqlite3.Error) -> Failure | None:
    """Return what a driver's error means for the disk, or None when it is about something else."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull()
    if primary in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return StorageLost()
    return None


class SqliteStore:
    """A store in a SQLite file, of which this process is the only user."""

    name = "sqlite"
    about = f"SQLite {sqlite3.sqlite_version}"
    caution = caution(sqlite3.sqlite_version_info)

    def __init__(self, path: Path, *, address: str = "") -> None:
        """Open a migrated file and take its lock.

        Raises:
            DatabaseInUse: another process holds it.
            DamagedDatabase: the file does not hold together.
            NotMigrated: its schema is missing.
        """
        self.path = path
        self._lock = FileLock(path, address=address)
        try:
            self._writer = _opened(path)
            path.chmod(0o600)
            _refuse_damaged(self._writer)
            _refuse_empty(self._writer)
            self._writer.execute(_CACHE)
            self._reader = connect(path, read_only=True)
        except BaseException:
            self._lock.release()
            raise
        self._broken: Failure | None = None
        self._tried = 0.0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sqlite-writer", daemon=True)
        self._thread.start()
        self._closed = False

    async def commit(self, unit: Unit) -> None:
        """Record a unit; see `Store.commit`."""
        await self._submit(unit, returns=False)

    async def change(self, write: Statement, *values: Any) -> list[Row]:
        """Do one write by itself; see `Store.change`."""
        return await self._submit(Unit([(write, values)]), returns=True)

    async def _submit(self, unit: Unit, *, returns: bool) -> list[Row]:
        loop = asyncio.get_running_loop()
        job = _Job(unit, loop.create_future(), loop, returns)
        self._jobs.put(job)
        return await job.done

    async def read(self, query: Statement, *values: Any) -> list[Row]:
        """Return the rows of a query.

        Done in the caller's thread: a thread pool costs ten times the query (performance.md).
        """
        return self._reader.execute(query.sqlite, values).fetchall()

    async def probe(self, now: int) -> None:
        """Write one row; raises when the disk does not take it."""
        await self._submit(Unit([(PROBE, (1, now))]), returns=False)

    async def scrub(self) -> None:
        """Bring everything into the file itself and empty its log.

        Deleted rows are overwritten where they stood (`secure_delete`); the log holds them longer.
        """
        loop = asyncio.get_running_loop()
        job = _Job(Unit(), loop.create_future(), loop, deed=self._empty_log)
        self._jobs.put(job)
        await job.done

    def _empty_log(self) -> list[Row]:
        return self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def close(self) -> None:
        """Commit what was accepted, checkpoint, and let the file go."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._reader.close()
        self._writer.close()
        self._lock.release()

    # -- the writer's thread

    def _work(self) -> None:
        following = self._jobs.get()
        while following is not None:
            if following.deed is not None:
                self._answer([following], [self._attempt(following.deed)])
                following = self._jobs.get()
                continue
            group = [following]
            try:
                while (following := self._jobs.get_nowait()) is not None:
                    if following.deed is not None or len(group) == GROUP:
                        break
                    group.append(following)
                self._answer(group, self._commit_group(group))
            except queue.Empty:
                self._answer(group, self._commit_group(group))
                following = self._jobs.get()

    @staticmethod
    def _answer(group: list[_Job], outcomes: list[Outcome]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Outcome]]] = {}
        for job, outcome in zip(group, outcomes, strict=True):
            by_loop.setdefault(job.loop, []).append((job, outcome))
        for loop, answers in by_loop.items():
            # A loop that was closed meanwhile has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_resolve, answers)

    def _commit_group(self, group: list[_Job]) -> list[Outcome]:
        refused = self._refuse_while_broken()
        if refused is not None:
            return [refused] * len(group)
        if len(group) == 1:
            return [self._attempt(partial(self._alone, group[0]))]
        for way in (self._in_bulk, self._together):
            outcomes = self._attempt(partial(way, group))
            if isinstance(outcomes, list):
                return outcomes
            if isinstance(outcomes, StorageLost):
                # The disk is not asked again at once: what one fsync could not do may be lost
                # although the next one says that all is well.
                return [outcomes] * len(group)
        # One by one, so that the unit that cannot be written fails alone.
        return [self._attempt(partial(self._alone, job)) for job in group]

    def _attempt(self, work: Callable[[], Any]) -> Any:
        """Return what the work gives, or the error it ends with, nothing left open."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - it is handed to the one who waits
            if self._writer.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                failure = storage_failure(error)
                if isinstance(error, sqlite3.IntegrityError):
                    return LostRace()
                if failure is not None:
                    self._break(failure, error)
                    return failure
            return error

    def _break(self, failure: Failure, error: sqlite3.Error) -> None:
        """Take no more writes until one of our own succeeds; reads go on."""
        self._broken = failure
        self._tried = time.monotonic()
        _log.error("storage_fault", extra={"code": failure.code, "sqlite": error.sqlite_errorname})

    def _alone(self, job: _Job) -> list[Row]:
        self._writer.execute("BEGIN IMMEDIATE")
        rows = self._write(job)
        self._writer.execute("COMMIT")
        return rows

    def _in_bulk(self, group: list[_Job]) -> list[Outcome]:
        """Write a group with each statement once for all its rows, which spares most of the calls.

        Raises:
            LostRace, KeyTaken: of one of them, to be found out with a savepoint for each.
        """
        rows: dict[Statement, list[tuple[Any, ...]]] = {}
        odd = []
        for place, job in enumerate(group):
            if job.returns or not all(_is_free(write) for write, _ in job.unit.writes):
                odd.append(place)
                continue
            for write, values in job.unit.writes:
                rows.setdefault(write, []).append(values)
        outcomes: list[Outcome] = [[] for _ in group]
        self._writer.execute("BEGIN IMMEDIATE")
        for write, many in rows.items():
            cursor = self._writer.executemany(write.sqlite, many)
            if write.must is not None and cursor.rowcount != len(many):
                raise write.must
        for place in odd:
            outcomes[place] = self._saved(group[place])
        self._writer.execute("COMMIT")
        return outcomes

    def _together(self, group: list[_Job]) -> list[Outcome]:
        """Write a group with a savepoint for each unit, so that one can fail alone."""
        self._writer.execute("BEGIN IMMEDIATE")
        outcomes = [self._saved(job) for job in group]
        self._writer.execute("COMMIT")
        return outcomes

    def _saved(self, job: _Job) -> Outcome:
        run = self._writer.execute
        run("SAVEPOINT unit")
        try:
            outcome: Outcome = self._write(job)
        except sqlite3.Error as error:
            if storage_failure(error) is not None or not self._writer.in_transaction:
                raise
            run("ROLLBACK TO unit")
            outcome = LostRace() if isinstance(error, sqlite3.IntegrityError) else error
        except Exception as error:  # noqa: BLE001 - it is handed to the one who waits
            run("ROLLBACK TO unit")
            outcome = error
        run("RELEASE unit")
        return outcome

    def _write(self, job: _Job) -> list[Row]:
        rows: list[Row] = []
        for write, values in job.unit.writes:
            cursor = self._writer.execute(write.sqlite, values)
            if write.must is not None and cursor.rowcount == 0:
                raise write.must
            if job.returns:
                rows = cursor.fetchall()
        return rows

    def _refuse_while_broken(self) -> Failure | None:
        """Return why writing is refused, after trying again now and then whether it still is."""
        if self._broken is None:
            return None
        if time.monotonic() - self._tried < PROBE_EVERY:
            return self._broken
        self._tried = time.monotonic()
        try:
            if isinstance(self._broken, StorageLost):
                self._writer.close()
                self._writer = connect(self.path, read_only=False)
                self._writer.execute(_CACHE)
            self._writer.execute("BEGIN IMMEDIATE")
            self._writer.execute(PROBE.sqlite, (0, time.time_ns() // 1_000_000))
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
            self._broken = storage_failure(error) or self._broken
            return self._broken
        self._broken = None
        _log.warning("storage_well_again")
        return None


def _is_free(write: Statement) -> bool:
    """Return whether a write may be done in any order beside those of other units."""
    is_apart = write.insertion is not None or write.alteration is not None
    return is_apart or write is MOVE_SESSION


def _resolve(answers: list[tuple[_Job, Outcome]]) -> None:
    for job, outcome in answers:
        if job.done.done():
            continue
        if isinstance(outcome, BaseException):
            job.done.set_exception(outcome)
        else:
            job.done.set_result(outcome)
