"""What use cases ask of a store: commit a turn, whole or not at all, and read.

Statements are written once, in PostgreSQL's spelling (`$1`), and translated for SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sqlalchemy import BigInteger, Table

Row = Sequence[Any]
Write = tuple["Statement", tuple[Any, ...]]

_DATABASE_NOW: Final = {
    "postgres": "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
}


class LostRace(Exception):
    """Another turn of the same session was first: nothing of this one was recorded."""


class LostLease(Exception):
    """Another worker has the action now: what this one found out is not its to record."""


class KeyTaken(Exception):
    """The idempotency key was used already: nothing was recorded."""


class LinkTaken(Exception):
    """The link began its session already: nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """An insertion's table, columns and PostgreSQL types, so that many rows go as one statement."""

    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    suffix: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """A change of rows that are there, in parts and with PostgreSQL types, for the same end."""

    table: str
    key: tuple[str, ...]
    sets: str
    where: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement. `must` is the error raised when it touches no row, which undoes its unit."""

    postgres: str
    sqlite: str
    must: type[Exception] | None = None
    insertion: Insertion | None = None
    alteration: Alteration | None = None


def statement(text: str, *, must: type[Exception] | None = None) -> Statement:
    """Return a statement from its one text, with `$1` for parameters.

    `{now}` is the database's own time in milliseconds, by which leases are judged. `{skip}`
    lets other workers pass rows being claimed, where several processes are allowed. `{each:2}` is
    the list of texts that `$2` holds as JSON, for `IN`.
    """
    postgres = text.replace("{now}", _DATABASE_NOW["postgres"])
    if must is not None and "RETURNING" not in text:
        # How PostgreSQL says that a row was touched, in the one reply.
        postgres += " RETURNING 1"
    postgres = re.sub(
        r"\{each:(\d+)\}", r"(SELECT jsonb_array_elements_text($\1::jsonb))", postgres
    )
    text = re.sub(r"\{each:(\d+)\}", r"(SELECT value FROM json_each($\1))", text)
    sqlite = text.replace("{now}", _DATABASE_NOW["sqlite"]).replace("{skip}", "")
    return Statement(
        postgres.replace("{skip}", "FOR UPDATE SKIP LOCKED"),
        re.sub(r"\$(\d+)", r"?\1", sqlite),
        must,
    )


def insertion(table: Table, suffix: str = "", *, must: type[Exception] | None = None) -> Statement:
    """Return the insertion of one whole row, in the order of the table's columns."""
    columns = tuple(column.name for column in table.columns)
    types = tuple("bigint" if isinstance(c.type, BigInteger) else "text" for c in table.columns)
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    names = ", ".join(columns)
    text = f"INSERT INTO {table.name} ({names}) VALUES ({places}) {suffix}"  # noqa: S608 - our own names
    made = statement(text, must=must)
    return Statement(
        made.postgres, made.sqlite, must, Insertion(table.name, columns, types, suffix)
    )


def alteration(
    table: Table, sets: str, where: str, *, numbers: Sequence[int] = (),
    must: type[Exception] | None = None,
) -> Statement:  # fmt: skip
    """Return a change of rows that no other unit's changes could meet, whatever their order.

    `numbers` are the parameters that are whole numbers; the others are texts.
    """
    made = statement(f"UPDATE {table.name} SET {sets} WHERE {where}", must=must)  # noqa: S608 - our own names
    last = max(int(one) for one in re.findall(r"\$(\d+)", f"{sets} {where}"))
    types = tuple("bigint" if n in numbers else "text" for n in range(1, last + 1))
    key = tuple(column.name for column in table.primary_key.columns)
    parts = Alteration(table.name, key, sets, where, types)
    return Statement(made.postgres, made.sqlite, must, None, parts)


@dataclass(slots=True)
class Unit:
    """What is committed together: at most one compare-and-swap, and the writes that follow it.

    `writes` are done in order. When one that must touch a row does not, none is kept and its
    error is raised to the one who waits; other units of the same group are not disturbed.
    """

    writes: list[Write] = field(default_factory=list)

    def add(self, write: Statement, *values: Any) -> None:
        """Add a write."""
        self.writes.append((write, values))


class Store(Protocol):
    """A durable store. What `commit` has answered survives a crash of this process, or its own."""

    name: str
    about: str
    """The database and its version, for people."""
    caution: str | None
    """What an administrator should know of it, None when nothing."""

    async def commit(self, unit: Unit) -> None:
        """Record a unit, whole or not at all, and return once it is on disk.

        Units that arrive together share one commit.

        Raises:
            LostRace, LostLease, KeyTaken, LinkTaken: nothing was recorded. A row that exists is a
                lost race.
            StorageFull: nothing was recorded; reads go on.
            StorageLost: nothing was recorded as long as this process runs; after a crash the disk
                may turn out to have it, and the same key tells. Reads go on.
            StoreUnavailable: not known whether it was recorded; the same key tells.
        """
        ...

    async def read(self, query: Statement, *values: Any) -> list[Row]:
        """Return the rows of a query, of what is committed."""
        ...

    async def change(self, write: Statement, *values: Any) -> list[Row]:
        """Do one write by itself, durably, and return the rows it gives back (`RETURNING`)."""
        ...

    async def probe(self, now: int) -> None:
        """Write one row, to know that writing works. Raises as `commit` does."""
        ...

    async def scrub(self) -> None:
        """Leave nothing of what was deleted in files that this store alone writes."""
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let the database go."""
        ...
