"""A turn while a hundred thousand sessions are open, beside the same turn while few are."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.advance import QUESTIONS, TENANT
from bench.libraries import questions
from bench.load import CONNECTIONS
from bench.measure import Row
from bench.store import walk_once
from runtime.access import Actor
from runtime.sessions import StartRequest
from runtime.settings import load_settings
from runtime.store.tables import METADATA
from runtime.upgrade import upgrade
from runtime.wiring import open_service

OPEN = 100_000
ANSWERED = 3
"""Answers each open session was given before it was left."""
ROUNDS = 3
COPIED = {
    "session": "id",
    "event": "stream_id",
    "event_payload": "stream_id",
    "snapshot": "session",
    "contact_session": "session",
}


async def _begin(database: str) -> str:
    """Publish the journey and leave one session open; return its id."""
    settings = load_settings(database=database, background=False)
    async with open_service(settings) as service:
        await service.revisions.publish(Actor(TENANT, "admin", "bench"), questions(QUESTIONS + 1))
        actor = Actor(TENANT, "advisor", "ana")
        begun = await service.sessions.start(
            actor, StartRequest("bench.questions", channel="phone")
        )
        version = begun.version
        for number in range(ANSWERED):
            values = {"first": "one"} if number == 0 else {f"value{number}": number}
            body = {"type": "answer", "values": values}
            answer = await service.sessions.command(actor, begun.session, body, match=version)
            version = answer.version
        return begun.session


def _copy(database: str, session: str) -> None:
    """Leave as many sessions open as this one is, by copying its rows."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TEMP TABLE copies (n INTEGER)")
        connection.executemany("INSERT INTO copies VALUES (?)", ((n,) for n in range(OPEN)))
        for table, key in COPIED.items():
            names = [column.name for column in METADATA.tables[table].columns]
            chosen = ", ".join(f"{name} || '_' || n" if name == key else name for name in names)
            connection.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} "
                f"FROM {table}, copies WHERE {key} = ?",
                (session,),
            )
        connection.execute("COMMIT")


async def _turns(database: str) -> tuple[float, float]:
    """Return the processor time of a turn in microseconds, and the megabytes it all needed."""
    settings = load_settings(database=database, background=False)
    async with open_service(settings) as service:
        actor = Actor(TENANT, "advisor", "ana")
        await walk_once(service, actor)
        best = float("inf")
        for _ in range(ROUNDS):
            begun = time.process_time()
            await asyncio.gather(*(walk_once(service, actor) for _ in range(CONNECTIONS)))
            spent = (time.process_time() - begun) / (CONNECTIONS * (QUESTIONS + 1))
            best = min(best, spent * 1e6)
    return best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows() -> list[Row]:
    """Measure turns with few sessions open, then with very many, and the memory between."""
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as name:
        database = str(Path(name) / "open.sqlite3")
        upgrade(database)
        session = asyncio.run(_begin(database))
        few, before = asyncio.run(_turns(database))
        _copy(database, session)
        many, after = asyncio.run(_turns(database))
    return [
        Row(f"a turn, {OPEN:,} sessions open", many, "µs", few, "few open", 1.15),
        Row(f"memory more, {OPEN:,} sessions open", after - before, "MB", None, "", 50),
    ]
