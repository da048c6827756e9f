"""Figures over made-up contacts: how long each takes, beside the same SQL on other databases.

A quick look takes 20,000 contacts. `PARCOURS_BENCH_CONTACTS=1000000 python -m bench measures` is
the size of the targets, and takes about ten minutes and 6 GB of disk, most of it for the peers.
Over few rows what a query costs at all weighs most, and tables of rows are as quick.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench.advance import QUESTIONS
from bench.contacts import BEGINS, DAY, TENANT, Year, write_facts
from bench.libraries import questions
from bench.measure import Row
from bench.store import walk_once
from measures.asking.answer import answer
from measures.asking.question import Asked, question
from measures.asking.usual import usual_questions
from measures.facts import tail
from measures.facts.folder import Folder
from measures.facts.keeper import Keeper
from measures.facts.kept import Kept
from measures.facts.reading import Facts, Held
from measures.facts.schema import TABLES
from runtime.access import Actor
from runtime.settings import load_settings
from runtime.wiring import open_service
from tests.support.postgres import Cluster, PostgresNotFound

CONTACTS: Final = int(os.environ.get("PARCOURS_BENCH_CONTACTS", "20000"))
NOW: Final = BEGINS + 365 * DAY
WALKS: Final = 100
"""Contacts played, and built anew from their events."""
PERIODS: Final = {
    "a year": {"since": "2025-01-01", "until": "2026-01-01"},
    "a month": {"since": "2025-06-01", "until": "2025-07-01"},
}
SLUGS: Final = (
    "contacts", "duc_experienced", "handling_time", "lead_time", "once_and_done", "reiterations",
    "on_time", "exceptionally_long", "step_time",
)  # fmt: skip
_LATE: Final = {"step_time": 800.0}
"""Milliseconds to reach where they are not 100: what goes through every step."""
_MEMORY_MB: Final = 400.0
_YEAR: Final = f"closed >= {BEGINS} AND closed < {NOW}"
SAME: Final = {
    "useful share by channel": f"SELECT channel, count(*), sum(ms_useful) * 1.0 / sum(live_ms) FROM contact WHERE NOT abandoned AND {_YEAR} GROUP BY channel",  # noqa: E501 - one query, one line
    "losses of a year": f"SELECT sum(ms_queue), sum(ms_lookup), sum(ms_analysis), sum(ms_hold), sum(ms_repetition) FROM contact WHERE {_YEAR}",  # noqa: E501 - one query, one line
    "time by step": f"SELECT step, count(*), avg(ms), avg(useful_ms) FROM visit WHERE NOT undone AND entered >= {BEGINS} AND entered < {NOW} GROUP BY step",  # noqa: E501 - one query, one line
    "once and done by motive": f"SELECT motive, count(*), sum(CASE WHEN contacts = 1 AND outcome = 'resolved' AND reopened = 0 AND (again IS NULL OR again > closed + 604800000) THEN 1 ELSE 0 END) FROM ticket WHERE status = 'closed' AND {_YEAR} GROUP BY motive",  # noqa: E501 - one query, one line
}
"""Queries that DuckDB, SQLite and PostgreSQL all take as they are."""
_READ: Final = {
    "contact": ("channel", "abandoned", "closed", "live_ms", "ms_useful", "ms_queue", "ms_lookup",
                "ms_analysis", "ms_hold", "ms_repetition"),
    "visit": ("step", "undone", "entered", "ms", "useful_ms"),
    "ticket": ("status", "motive", "contacts", "outcome", "reopened", "closed", "again"),
}  # fmt: skip
"""The columns of them: tables of rows are not to be slow for what nobody asks of them here."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a process of its own found: milliseconds by period and figure, and its memory."""

    first: Mapping[str, float]
    again: Mapping[tuple[str, str], float]
    same: Mapping[str, float]
    memory_mb: float


def facts_in(folder: Path) -> Facts:
    """Return facts that were written below a folder."""
    place = Folder(folder)
    held = Held(folder=place, manifest=place.read(), tenant=TENANT, kept=Kept(folder, TENANT))
    return Facts(tail.connect(), held)


def took(deed: Callable[[], object], *, rounds: int = 3) -> float:
    """Return how long a deed takes, in milliseconds: the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        deed()
        best = min(best, time.perf_counter() - begun)
    return best * 1_000


def ask(folder: Path) -> Asking:
    """Ask each figure the first time and again, and the queries that others are asked, too."""
    facts = facts_in(folder)

    def asked(slug: str, period: str) -> Callable[[], object]:
        wanted = question(slug, Asked(**PERIODS[period]), zone="Europe/Paris", now=NOW)
        return lambda: answer(facts, wanted, "en")

    first = {slug: took(asked(slug, "a year"), rounds=1) for slug in SLUGS}
    usual_questions(facts, now=NOW)
    again = {
        (slug, period): took(asked(slug, period)) for slug in SLUGS for period in PERIODS
    }  # fmt: skip
    same = {name: took(lambda q=q: facts.execute(q).fetchall()) for name, q in SAME.items()}  # type: ignore[misc]  # bound at once
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    return Asking(first, again, same, memory)


def _rows(folder: Path, table: str) -> Iterator[list[tuple[Any, ...]]]:
    """Give a table's rows, some at a time, with the columns that the queries read."""
    found = facts_in(folder).execute(f"SELECT {', '.join(_READ[table])} FROM {table}")
    while rows := found.fetchmany(50_000):
        yield rows


def _ddl(table: str, kinds: Mapping[str, str]) -> str:
    columns = ", ".join(f"{name} {kinds[TABLES[table][name]]}" for name in _READ[table])
    return f"CREATE TABLE {table} ({columns})"


def on_sqlite(folder: Path, file: Path) -> dict[str, float]:
    """Return how long SQLite takes for the same queries, in milliseconds."""
    kinds = {"VARCHAR": "TEXT", "BIGINT": "INTEGER", "BOOLEAN": "INTEGER"}
    with closing(sqlite3.connect(file)) as database:
        for table, columns in _READ.items():
            database.execute(_ddl(table, kinds))
            places = ", ".join("?" * len(columns))
            for rows in _rows(folder, table):
                database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
        database.commit()
        return {
            name: took(lambda q=q: database.execute(q).fetchall())  # type: ignore[misc]  # bound at once
            for name, q in SAME.items()
        }


async def on_postgres(folder: Path, url: str) -> dict[str, float]:
    """Return how long PostgreSQL takes for the same queries, in milliseconds."""
    kinds = {"VARCHAR": "TEXT", "BIGINT": "BIGINT", "BOOLEAN": "BOOLEAN"}
    database = await asyncpg.connect(url)
    try:
        for table in _READ:
            await database.execute(_ddl(table, kinds))
            for rows in _rows(folder, table):
                await database.copy_records_to_table(table, records=rows)
        await database.execute("VACUUM ANALYZE")
        found = {}
        for name, query in SAME.items():
            best = float("inf")
            for _ in range(3):
                begun = time.perf_counter()
                await database.fetch(query)
                best = min(best, time.perf_counter() - begun)
            found[name] = best * 1_000
        return found
    finally:
        await database.close()


async def built(folder: Path) -> float:
    """Return how many contacts a second are built anew from their events, on SQLite."""
    settings = load_settings(database=str(folder / "played.db"), background=False)
    async with open_service(settings) as service:
        author, actor = Actor(TENANT, "admin", "bench"), Actor(TENANT, "advisor", "ana")
        await service.revisions.publish(author, questions(QUESTIONS - 1))
        for _ in range(WALKS):
            told = await walk_once(service, actor)
            seen = {"type": "acknowledge"}
            await service.sessions.command(actor, told.session, seen, match=told.version)
        keeper = Keeper(service.store, service.clock, folder / "built", alone=True)
        begun = time.perf_counter()
        await keeper.rebuild()
        spent = time.perf_counter() - begun
        query = "SELECT count(*) FROM contact WHERE closed IS NOT NULL"
        [(over,)] = (await keeper.ask(TENANT, lambda facts: facts.execute(query).fetchall()))[0]
        await keeper.close()
        if over != WALKS:
            raise RuntimeError(f"{over} of {WALKS} contacts are over")
        return WALKS / spent


def rows() -> list[Row]:
    """Measure figures over a year of made-up contacts."""
    size = f"{CONTACTS:,} contacts"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_facts(folder / "facts", Year(contacts=CONTACTS))
        alone = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=alone) as pool:
            found = pool.submit(ask, folder / "facts").result()
        made = [Row(f"facts built, contacts of {QUESTIONS} questions", asyncio.run(built(folder)), "contacts/s", None,
                    "no peer", 1_000, at_least=True),
                Row(f"memory for all figures, {size}", found.memory_mb, "MB", None, "the process",
                    _MEMORY_MB)]  # fmt: skip
        for (slug, period), spent in found.again.items():
            beside = f"the first time {found.first[slug]:,.0f}" if period == "a year" else ""
            target = _LATE.get(slug, 100.0)
            made.append(Row(f"{slug}, {period}, {size}", spent, "ms", None, beside, target))
        peers = {"SQLite": on_sqlite(folder / "facts", folder / "rows.db")}
        try:
            with closing(Cluster()) as cluster:
                url = cluster.url(cluster.create_database())
                peers["PostgreSQL"] = asyncio.run(on_postgres(folder / "facts", url))
        except PostgresNotFound:
            print("PostgreSQL is not on this machine: left out", file=sys.stderr)
        for peer, theirs in peers.items():
            for name, spent in found.same.items():
                made.append(Row(f"{name}, all rows", spent, "ms", theirs[name], peer, 0.2))
        return made
