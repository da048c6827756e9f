"""Figures over made-up contacts: how long each takes, beside the same SQL on other databases.

A quick look takes 20,000 contacts. `PARCOURS_BENCH_CONTACTS=1000000 python -m bench measures` is
the size of the targets, and takes about ten minutes and 6 GB of disk, most of it for the peers.
Over few rows what a query costs at all weighs most, and tables of rows are as quick.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.advance import QUESTIONS
from bench.asked import ask
from bench.contacts import TENANT, Year, write_facts
from bench.libraries import questions
from bench.measure import Row
from bench.store import walk_once
from bench.tables import on_postgres, on_sqlite
from measures.facts.keeper import Keeper
from runtime.access import Actor
from runtime.settings import load_settings
from runtime.wiring import open_service
from tests.support.postgres import Cluster, PostgresNotFound

CONTACTS: Final = int(os.environ.get("PARCOURS_BENCH_CONTACTS", "20000"))
WALKS: Final = 300
"""Contacts played, and built anew from their events."""
_LATE: Final = {"step_time": 800.0}
"""Milliseconds to reach where they are not 100: what goes through every step."""
_MEMORY_MB: Final = 400.0


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
        made_anew = asyncio.run(built(folder))
        name = f"facts built, contacts of {QUESTIONS} questions"
        made = [Row(name, made_anew, "contacts/s", None,
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
