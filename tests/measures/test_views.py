"""The views for tools of business intelligence say what the facts say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from measures.facts.keeper import Keeper
from parcours.reference.views import TIMES, VIEWED, views
from runtime.clock import FixedClock
from runtime.wiring import Service
from tests.measures.test_facts import DAY, Play, everything, one_contact, play
from tests.runtime.conftest import clock, database, ids, open_shop

__all__ = ["clock", "database", "ids", "open_shop", "play"]


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """Run the generated file over a folder of facts, as a BI tool's first statements would."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Europe/Paris'")
    connection.execute(f"SET VARIABLE folder = '{folder}'; SET VARIABLE tenant = 'acme'")
    connection.execute(views())
    return connection


def test_a_tool_reads_through_the_views_every_fact_that_the_files_hold(
    play: Callable[[Play], Any],
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    async def deed(service: Service, keeper: Keeper) -> Any:
        await one_contact(service, clock, "C-1")
        await one_contact(service, clock, "C-2")
        clock.advance(DAY)
        await keeper.write()
        return await everything(keeper)

    facts = play(deed)

    connection = opened(tmp_path / "facts")
    for table in VIEWED:
        query = connection.execute(f"SELECT * FROM {table}_facts")
        names = [one[0] for one in query.description]
        read = [dict(zip(names, row, strict=True)) for row in query.fetchall()]
        wanted = [{name: as_seen(name, value) for name, value in one.items()}
                  for one in facts[table]]  # fmt: skip
        assert wanted
        assert sorted(read, key=str) == sorted(wanted, key=str)


def as_seen(column: str, value: Any) -> Any:
    """Return what a view shows of a value: moments as timestamps, in UTC."""
    if column not in TIMES or value is None:
        return value
    return dt.datetime.fromtimestamp(value / 1000, dt.UTC).replace(tzinfo=None)
