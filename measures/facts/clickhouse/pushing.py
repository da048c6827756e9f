"""A tenant's facts brought into ClickHouse: the files it lacks, the tail anew, nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measures.errors import FactsAway
from measures.facts.clickhouse.published import Content
from measures.facts.clickhouse.tables import bring, bring_replaced, count
from measures.facts.schema import TABLES
from measures.sql import quoted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from measures.facts.reading import Facts

GRACE_NS: Final = 120_000_000_000
"""How long a load that no longer counts is kept, for questions that began before."""

Numbers = Callable[[], int]
"""Gives numbers for loads: nanoseconds UTC, none of them twice."""


def push(
    client: Client, facts: Facts, before: Content, *, is_same_tail: bool, numbers: Numbers
) -> Content:  # fmt: skip
    """Bring a tenant's facts as a question sees them; return what counts then, to be published.

    Files are known by what they hold: one that was brought already is not brought again, however it
    is named. What `before` says of loads that never arrived must have been taken out of it.

    Raises:
        FactsAway: fewer rows arrived than were sent.
    """
    content = Content()
    for table in TABLES:
        known = before.files.get(table, {})
        content.files[table] = {}
        sent = {}
        for partition, path in sorted(facts.files(table).items()):
            name = f"{partition} {digest(path)}"
            content.files[table][name] = load = known.get(name) or numbers()
            if name not in known:
                source = f"SELECT * FROM read_parquet({quoted(str(path))})"  # noqa: S608 - every text is quoted
                sent[load] = bring(client, facts, table=table, source=source, load=load)
        if sent and count(client, table, list(sent)) != sum(sent.values()):
            raise FactsAway(table=table)
    content.tail = before.tail if is_same_tail else _push_tail(client, facts, load=numbers())
    now = numbers()
    gone = dict.fromkeys(before.current - content.current, now)
    content.past = {load: since for load, since in (before.past | gone).items()
                    if now - since <= GRACE_NS}  # fmt: skip
    return content


def _push_tail(client: Client, facts: Facts, *, load: int) -> int:
    """Bring the tail under a load, whole; return the load, 0 where the tail is empty."""
    whose = f"WHERE tenant = {quoted(facts.tenant)}"
    source = f"SELECT tenant, kind, id FROM tail_key {whose}"  # noqa: S608 - every text is quoted
    if not bring_replaced(client, facts, source=source, load=load):
        return 0
    for table in TABLES:
        source = f"SELECT * FROM tail_{table} {whose}"  # noqa: S608 - every text is quoted
        sent = bring(client, facts, table=table, source=source, load=load)
        if sent and count(client, table, [load]) != sent:
            raise FactsAway(table=table)
    return load


def digest(path: Path) -> str:
    """Return what a file holds, in sixteen hexadecimal digits."""
    stat = path.stat()
    return _digest(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=10_000)
def _digest(path: Path, changed: int, size: int) -> str:
    del changed, size  # Only that it is worked out again for another file of the same name.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
