"""A durable advance in process, beside raw commits of the very same rows."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import asyncpg

from bench.advance import QUESTIONS, TENANT
from bench.libraries import questions
from bench.load import CONNECTIONS
from bench.measure import Row
from runtime.access import Actor
from runtime.idempotency import Answer, Key, fingerprint
from runtime.sessions import StartRequest
from runtime.settings import load_settings
from runtime.store.port import Unit
from runtime.upgrade import upgrade
from runtime.wiring import Service, open_service
from tests.support.postgres import Cluster

NUMBERS = count()
"""For keys that cost nothing to make."""
ROUNDS = 2
"""Sessions each of the sixteen walks, one after the other."""


async def walk_once(service: Service, actor: Actor) -> Answer:
    """Walk one session through all its questions, each turn durable under a key of its own.

    Returns the last answer: what is told then waits to be acknowledged.
    """
    begun = await service.sessions.start(actor, StartRequest("bench.questions", channel="phone"))
    answer = begun
    for number in range(QUESTIONS):
        values: dict[str, object] = {"first": "one"} if number == 0 else {f"value{number}": number}
        body = {"type": "answer", "values": values}
        key = Key(f"key-{next(NUMBERS)}", fingerprint("POST", begun.session, body))
        answer = await service.sessions.command(
            actor, begun.session, body, match=answer.version, key=key
        )
    return answer


async def _ours(database: str) -> tuple[float, list[Unit], list[Unit]]:
    """Return our turns a second, the units written before them, and theirs."""
    settings = load_settings(database=database, background=False)
    units: list[Unit] = []
    async with open_service(settings) as service:
        commit = service.store.commit

        async def recorded(unit: Unit) -> None:
            units.append(unit)
            await commit(unit)

        # The very rows, taken where they pass: both sides then write the same.
        service.store.commit = recorded  # type: ignore[method-assign]  # only to look on
        author, actor = Actor(TENANT, "admin", "bench"), Actor(TENANT, "advisor", "ana")
        await service.revisions.publish(author, questions(QUESTIONS + 1))
        await walk_once(service, actor)
        before = len(units)
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            await asyncio.gather(*(walk_once(service, actor) for _ in range(CONNECTIONS)))
        spent = time.perf_counter() - begun
    return (len(units) - before) / spent, units[:before], units[before:]


def _groups(units: Sequence[Unit]) -> list[Sequence[Unit]]:
    """Return units as group commit at best would take them: one of each connection."""
    return [units[n : n + CONNECTIONS] for n in range(0, len(units), CONNECTIONS)]


def _raw_sqlite(path: Path, before: Sequence[Unit], units: Sequence[Unit]) -> float:
    """Return commits a second of the same rows, the driver alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

        def write(group: Sequence[Unit]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for unit in group:
                for statement, values in unit.writes:
                    connection.execute(statement.sqlite, values)
            connection.execute("COMMIT")

        write(before)
        begun = time.perf_counter()
        for group in _groups(units):
            write(group)
        return len(units) / (time.perf_counter() - begun)


async def _raw_postgres(url: str, before: Sequence[Unit], units: Sequence[Unit]) -> float:
    """Return commits a second of the same rows on one connection, the driver alone."""
    connection = await asyncpg.connect(url)
    try:

        async def write(group: Sequence[Unit]) -> None:
            async with connection.transaction():
                for unit in group:
                    for statement, values in unit.writes:
                        await connection.execute(statement.postgres, *values)

        await write(before)
        begun = time.perf_counter()
        for group in _groups(units):
            await write(group)
        return len(units) / (time.perf_counter() - begun)
    finally:
        await connection.close()


def rows() -> list[Row]:
    """Measure both databases, their disks synced at each commit."""
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as name:
        ours, before, units = asyncio.run(_ours(str(Path(name) / "ours.sqlite3")))
        other = Path(name) / "raw.sqlite3"
        upgrade(str(other))
        raw = _raw_sqlite(other, before, units)
    found = [Row("durable turns in process, SQLite FULL", ours, "/s", raw, "raw commits", 0.7,
                 at_least=True)]  # fmt: skip
    with closing(Cluster(durable=True)) as cluster:
        upgrade(database := cluster.url(cluster.create_database()))
        upgrade(second := cluster.url(cluster.create_database()))
        ours, before, units = asyncio.run(_ours(database))
        raw = asyncio.run(_raw_postgres(second, before, units))
    found.append(Row("durable turns in process, PostgreSQL", ours, "/s", raw, "raw commits", 0.5,
                     at_least=True))  # fmt: skip
    return found
