"""The store on PostgreSQL: any number of processes, group commit, one statement for most groups.

Units that only insert, beside one compare-and-swap each, go together as a single statement: the
sessions that move are locked in the order of their ids, and only the rows of those that did move
are inserted. Anything else is a transaction of its own.
Source: promises.md 2.1, 2.3, 2.6; performance.md 2, 3.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import asyncpg

from runtime.errors import NotMigrated, StorageFull, StoreUnavailable, UnfitDatabase
from runtime.store.group import Group, is_groupable, runs
from runtime.store.port import LostRace, Row, Statement, Unit
from runtime.store.statements import PROBE

GROUP: Final = 64
"""Most units in one statement."""
WRITERS: Final = 2
"""Groups on their way at once."""
RETRIES: Final = 3
_SETTINGS: Final = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "default_transaction_isolation": "read committed",
    "application_name": "parcours",
    "jit": "off",
}
_CLASHES: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_LOST: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
T = TypeVar("T")


class _NotDone(StoreUnavailable):
    """The database stood in the way, and surely nothing was recorded."""


@dataclass(slots=True)
class _Job:
    unit: Unit
    done: asyncio.Future[None]


async def _keep(_connection: asyncpg.Connection) -> None:
    """Leave a connection as it is: nothing changes one, and a reset costs a fifth of the rate."""


class PostgresStore:
    """A store in a PostgreSQL database."""

    name = "postgres"
    about = "PostgreSQL"
    caution: str | None = None

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: list[_Job] = []
        self._writers: set[asyncio.Task[None]] = set()
        # Half of the connections: the others read, and write groups.
        self._places = asyncio.Semaphore(max(1, pool.get_max_size() // 2))

    @classmethod
    async def open(
        cls, database: str, *, pool_size: int = 10, may_lose: bool = False
    ) -> PostgresStore:
        """Connect, and check that our promises can be kept there.

        Args:
            database: its address.
            pool_size: most connections.
            may_lose: accept a server with `fsync` off, which loses what it said it had when its
                machine stops: for tests and demonstrations.

        Raises:
            StoreUnavailable: it cannot be reached.
            UnfitDatabase: it would lose what it acknowledged, or is a replica.
            NotMigrated: its schema is not there.
        """
        try:
            pool = await asyncpg.create_pool(
                database, min_size=2, max_size=max(2, pool_size), reset=_keep, timeout=10,
                command_timeout=10, max_inactive_connection_lifetime=1_800,
                server_settings=_SETTINGS, target_session_attrs="read-write",
            )  # fmt: skip
        except (*_LOST, TimeoutError, asyncpg.PostgresError) as error:
            raise StoreUnavailable(reason=type(error).__name__) from error
        store = cls(pool)
        try:
            await store.check(may_lose=may_lose)
        except BaseException:
            await pool.close()
            raise
        return store

    async def check(self, *, may_lose: bool = False) -> None:
        """Refuse a server on which an acknowledged step could be lost.

        Raises:
            UnfitDatabase: and what it must have.
            NotMigrated: its schema is not there.
        """
        row = await self._pool.fetchrow(
            "SELECT current_setting('synchronous_commit'), pg_is_in_recovery(), "
            "current_setting('server_encoding'), to_regclass('alembic_version')::text, "
            "current_setting('server_version_num')::int, current_setting('fsync')"
        )
        commit, replica, encoding, migrated, version, fsync = row
        wrong = []
        if commit in {"off", "local"}:
            wrong.append("synchronous_commit = on")
        if fsync != "on" and not may_lose:
            wrong.append("fsync = on (or the setting fsync_off_allowed)")
        if replica:
            wrong.append("a primary, not a replica")
        if encoding != "UTF8":
            wrong.append("server_encoding = UTF8")
        if version < 140_000:
            wrong.append("PostgreSQL 14 or newer")
        self.about = f"PostgreSQL {version // 10_000}.{version % 10_000}"
        if fsync != "on":
            self.caution = "fsync is off: what was acknowledged is lost when the machine stops."
        if wrong:
            needed = ", ".join(wrong)
            raise UnfitDatabase(
                {
                    "fr": f"PostgreSQL doit offrir : {needed}.",
                    "en": f"PostgreSQL must have: {needed}.",
                }
            )
        if migrated is None:
            raise NotMigrated

    # -- committing

    async def commit(self, unit: Unit) -> None:
        """Record a unit; see `Store.commit`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(unit, done))
        if len(self._writers) < WRITERS:
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        await done

    async def _write(self) -> None:
        while self._waiting:
            jobs, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            together = [job for job in jobs if is_groupable(job.unit)]
            alone = [job for job in jobs if not is_groupable(job.unit)]
            if together:
                alone = [*await self._try_together(together), *alone]
            # At once, so that one sync of the disk serves several of them.
            await asyncio.gather(*(self._do_alone(job) for job in alone))

    async def _do_alone(self, job: _Job) -> None:
        async with self._places:
            try:
                await self._guarded(partial(self._alone, job.unit))
            except Exception as error:  # noqa: BLE001 - it is handed to the one who waits
                _fail(job, error)
            else:
                _succeed(job)

    async def _try_together(self, jobs: list[_Job]) -> list[_Job]:
        """Commit units as one statement, and return those to be done one by one instead."""
        group = Group([job.unit for job in jobs])
        try:
            moved = await self._guarded(lambda: self._pool.fetch(group.text, *group.values))
        except _NotDone as error:
            if len(jobs) > 1:
                return jobs
            _fail(jobs[0], error)
            return []
        except StoreUnavailable as error:
            # Not known whether it was recorded: doing them one by one could do them twice.
            for job in jobs:
                _fail(job, error)
            return []
        except Exception:  # noqa: BLE001 - one unit spoilt it: each alone meets its own error
            return jobs
        # Of several things that barred a unit, the first says why.
        marks = dict(reversed(moved))
        for place, job in enumerate(jobs):
            mark = marks.get(place, Group.MOVED if not group.swaps[place] else None)
            if mark == Group.MOVED:
                _succeed(job)
            else:
                _fail(job, LostRace() if mark is None else group.needs[mark]())
        return []

    async def _alone(self, unit: Unit) -> list[Row]:
        if len(unit.writes) == 1:
            # A transaction of its own, without the two journeys that say so.
            return await _done(self._pool, unit)
        rows: list[Row] = []
        async with self._pool.acquire() as connection, connection.transaction():
            for run in runs(unit):
                rows = await _done(connection, run)
        return rows

    async def _guarded(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work on the database, its errors told in our words; clashes are tried again."""
        for attempt in range(RETRIES + 1):
            try:
                return await work()
            except _CLASHES as error:
                if attempt == RETRIES:
                    raise _NotDone(reason=type(error).__name__) from error
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - it spreads load
            except asyncpg.LockNotAvailableError as error:
                raise _NotDone(reason=type(error).__name__) from error
            except (asyncpg.UniqueViolationError, asyncpg.CardinalityViolationError) as error:
                raise LostRace from error
            except (asyncpg.DiskFullError, asyncpg.OutOfMemoryError) as error:
                raise StorageFull from error
            except (*_LOST, TimeoutError, asyncpg.QueryCanceledError) as error:
                raise StoreUnavailable(reason=type(error).__name__) from error
        raise AssertionError

    # -- reading and the rest

    async def read(self, query: Statement, *values: Any) -> list[Row]:
        """Return the rows of a query; see `Store.read`."""
        rows: Sequence[Row] = await self._guarded(lambda: self._pool.fetch(query.postgres, *values))
        return list(rows)

    async def change(self, write: Statement, *values: Any) -> list[Row]:
        """Do one write by itself; see `Store.change`."""
        return await self._guarded(lambda: self._alone(Unit([(write, values)])))

    async def probe(self, now: int) -> None:
        """Write one row; see `Store.probe`."""
        await self.change(PROBE, 1, now)

    async def scrub(self) -> None:
        """Leave it to the server: its own vacuum takes what was deleted out of its files."""

    async def close(self) -> None:
        """Commit what was accepted, then close the connections."""
        while self._writers:
            await asyncio.wait(self._writers)
        try:
            await asyncio.wait_for(self._pool.close(), timeout=10)
        except TimeoutError:
            self._pool.terminate()


async def _done(where: asyncpg.Pool | asyncpg.Connection, run: Unit) -> list[Row]:
    """Do one statement, or what goes together as one; return its rows.

    Raises:
        LostRace, or what one that must touch a row says: it touched none.
    """
    if len(run.writes) > 1:
        group = Group([run])
        moved = await where.fetch(group.text, *group.values)
        if group.swaps[0] and not moved:
            raise LostRace
        return []
    [(write, values)] = run.writes
    rows: list[Row] = await where.fetch(write.postgres, *values)
    if write.must is not None and not rows:
        raise write.must
    return rows


def _succeed(job: _Job) -> None:
    if not job.done.done():
        job.done.set_result(None)


def _fail(job: _Job, error: BaseException) -> None:
    if not job.done.done():
        job.done.set_exception(error)
