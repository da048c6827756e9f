"""The worker's actions a second, beside a bare loop of the same claims.

The other system answers at once: what is measured is claiming an action, counting its attempt,
bringing its outcome to its session and recording all of it, each on disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import asyncpg

from bench.acting import telling
from bench.advance import TENANT
from bench.load import CONNECTIONS
from bench.measure import Row
from connectors.port import Described, Outcome
from runtime.access import Actor
from runtime.outbox import outbox
from runtime.outbox.jobs import Job
from runtime.sessions import StartRequest
from runtime.settings import load_settings
from runtime.store import actions as a
from runtime.store.port import Write
from runtime.upgrade import upgrade
from runtime.wiring import Service, open_service
from tests.support.postgres import Cluster

ACTIONS = 1_600
FOREVER = 10**15


class AtOnce:
    """A system that answers at once."""

    def operations(self) -> Mapping[str, Described] | None:
        return None

    async def close(self) -> None:
        return

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del operation, inputs, key, timeout_ms
        return Outcome("succeeded", {})


async def _ask(service: Service, actor: Actor) -> None:
    begun = await service.sessions.start(actor, StartRequest("bench.telling", channel="phone"))
    body = {"type": "answer", "values": {"first": "one"}}
    await service.sessions.command(actor, begun.session, body, match=begun.version)


async def prepare(service: Service) -> None:
    """Leave so many actions ready, of as many sessions."""
    # Nothing is begun where it is asked for: a worker has all of it.
    with patch.object(outbox, "BUSY", 0):
        await service.revisions.publish(Actor(TENANT, "admin", "bench"), telling())
        actor = Actor(TENANT, "advisor", "ana")
        for _ in range(ACTIONS // CONNECTIONS):
            await asyncio.gather(*(_ask(service, actor) for _ in range(CONNECTIONS)))


async def work(service: Service) -> float:
    """Return how many actions a second a worker ends."""
    settle = service.sessions.settle
    count = left = (await service.outbox.states())["ready"]
    ended = asyncio.Event()

    async def counted(job: Job, outcome: Outcome, writes: Sequence[Write]) -> None:
        nonlocal left
        await settle(job, outcome, writes)
        left -= 1
        if left == 0:
            ended.set()

    service.outbox.settle_through(counted)
    begun = time.perf_counter()
    working = asyncio.create_task(service.outbox.work())
    await ended.wait()
    spent = time.perf_counter() - begun
    working.cancel()
    await service.outbox.drain_now()
    assert await service.outbox.states() == {"succeeded": count}
    return count / spent


def opened(database: str) -> AbstractAsyncContextManager[Service]:
    """Give a service whose worker is not at work yet."""
    settings = load_settings(database=database, background=False)
    return open_service(settings, connectors={"*": AtOnce()})


def _ends(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what ends the actions that were claimed."""
    return [(row[0], row[1], row[2], row[9], "succeeded", None) for row in rows]


def bare_sqlite(path: Path) -> float:
    """Return actions a second that are claimed and ended by tens, and nothing else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        done, begun = 0, time.perf_counter()
        while True:
            connection.execute("BEGIN IMMEDIATE")
            claimed = (FOREVER, outbox.LEASE, outbox.CLAIM)
            rows = connection.execute(a.CLAIM_EFFECTS.sqlite, claimed).fetchall()
            connection.execute("COMMIT")
            if not rows:
                return done / (time.perf_counter() - begun)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(a.SETTLE_EFFECT.sqlite, _ends(rows))
            connection.execute("COMMIT")
            done += len(rows)


async def bare_postgres(url: str) -> float:
    """Return the same of PostgreSQL, on one connection."""
    connection = await asyncpg.connect(url)
    try:
        done, begun = 0, time.perf_counter()
        while True:
            claimed = (FOREVER, outbox.LEASE, outbox.CLAIM)
            rows = await connection.fetch(a.CLAIM_EFFECTS.postgres, *claimed)
            if not rows:
                return done / (time.perf_counter() - begun)
            await connection.executemany(a.SETTLE_EFFECT.postgres, _ends(rows))
            done += len(rows)
    finally:
        await connection.close()


def _row(name: str, ours: float, bare: float) -> Row:
    what = f"worker, {name}: actions ended"
    return Row(what, ours, "/s", bare, "bare claims", 0.25, at_least=True)


async def on_sqlite(path: Path, other: Path) -> tuple[float, float]:
    """Return actions a second, ours and bare, where the process that asked for them works."""
    async with opened(str(path)) as service:
        await prepare(service)
        with closing(sqlite3.connect(path)) as ready, closing(sqlite3.connect(other)) as copy:
            ready.backup(copy)
        return await work(service), bare_sqlite(other)


async def on_postgres(cluster: Cluster, name: str) -> tuple[float, float]:
    """Return the same where another process works, which knows none of the sessions."""
    async with opened(cluster.url(name)) as service:
        await prepare(service)
    bare = await bare_postgres(cluster.url(cluster.create_database(template=name)))
    async with opened(cluster.url(name)) as service:
        return await work(service), bare


def rows() -> list[Row]:
    """Measure both databases, their disks synced at each commit."""
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as folder:
        path = Path(folder) / "ours.sqlite3"
        upgrade(str(path))
        found = [_row("SQLite FULL", *asyncio.run(on_sqlite(path, Path(folder) / "bare.sqlite3")))]
    with closing(Cluster(durable=True)) as cluster:
        name = cluster.create_database()
        upgrade(cluster.url(name))
        found.append(_row("PostgreSQL", *asyncio.run(on_postgres(cluster, name))))
    return found
