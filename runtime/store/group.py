"""Many turns as one PostgreSQL statement, made from their writes.

```sql
WITH want AS (…the compare-and-swaps…),
     locked AS (SELECT … FROM session JOIN want … ORDER BY tenant, id FOR UPDATE),
     moved AS (UPDATE session … RETURNING item),
     done AS (SELECT item FROM moved UNION ALL SELECT unnest(…items that swap nothing…)),
     w0 AS (INSERT INTO event SELECT … FROM unnest(…) WHERE item IN (SELECT item FROM done)), …
SELECT item FROM moved
```

What changes rows that are there, an action's end or a key's answer, goes along. Those that must be
there are locked first (`held`): a unit that finds one missing is `barred`, and nothing of it done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from runtime.store.port import Insertion, Statement, Unit
from runtime.store.statements import MOVE_SESSION

_SET = [
    "seq", "version", "status", "outcome", "step", "contact", "customer", "channel", "audience",
    "language", "updated_at", "waiting", "waiting_for", "holder",
]  # fmt: skip
_KEPT = {"holder": "coalesce(l.w_holder, s.holder)"}
"""Columns that stay as they are when nothing else is said."""
_SWAP_COLUMNS = ["tenant", "id", "expected", *_SET]
_WHOLE = {"expected", "seq", "version", "updated_at"}


def is_groupable(unit: Unit) -> bool:
    """Return whether a unit may share a statement: one compare-and-swap at most, and what joins."""
    swaps = sum(write is MOVE_SESSION for write, _ in unit.writes)
    return swaps <= 1 and all(
        write is MOVE_SESSION
        or write.alteration is not None
        or (write.insertion is not None and _may_join(write.insertion, write))
        for write, _ in unit.writes
    )


def runs(unit: Unit) -> list[Unit]:
    """Return a unit's writes in order, those together that one statement of its own may do.

    What must be new says so itself, with its own error, and stays alone.
    """
    found: list[Unit] = []
    joins = False
    for write, values in unit.writes:
        may_join = write is MOVE_SESSION or (
            write.must is None and write.insertion is not None and _may_join(write.insertion, write)
        )
        if not (joins and may_join):
            found.append(Unit())
        found[-1].add(write, *values)
        joins = may_join
    return found


_BY_SESSION = {"snapshot", "timer", "fact"}


def _may_join(insertion: Insertion, write: Statement) -> bool:
    # Rows put over others could meet twice in one statement, which PostgreSQL refuses. Those that
    # belong to one session never do: a session moves once in a group.
    is_put_over = "DO UPDATE" in insertion.suffix
    return write.must is not None or not is_put_over or insertion.table in _BY_SESSION


Wanted = list[tuple[int, tuple[Any, ...]]]
"""A statement's values, and the place of the unit they are of."""


class Group:
    """One statement for several units.

    It gives the rows `(place of a unit, mark)`: `MOVED` for what was compared and swapped, else the
    place in `needs` of what was not found, for a unit of which nothing was done.
    """

    MOVED = -1

    def __init__(self, units: Sequence[Unit]) -> None:
        self.swaps = [any(write is MOVE_SESSION for write, _ in unit.writes) for unit in units]
        self.values: list[Any] = []
        wanted: dict[Statement, Wanted] = {}
        for item, unit in enumerate(units):
            for write, values in unit.writes:
                wanted.setdefault(write, []).append((item, values))
        swapping = wanted.pop(MOVE_SESSION, [])
        changes = [(write, rows) for write, rows in wanted.items() if write.alteration is not None]
        self.needs = [write.must for write, _ in changes if write.must is not None]
        changes.sort(key=lambda one: one[0].must is None)
        parts = []
        for place, (write, rows) in enumerate(changes):
            parts += self._want(place, write, rows)
        barred = " UNION ALL ".join(
            f"SELECT item, {place} AS mark FROM want{place} WHERE n NOT IN "  # noqa: S608 - our own names
            f"(SELECT n FROM held{place})"
            for place in range(len(self.needs))
        )
        parts.append(f"barred AS ({barred or 'SELECT 0 AS item, 0 AS mark WHERE false'})")
        parts.append(
            self._swap(swapping)
            if swapping
            else f"moved AS (SELECT 0 AS item, {self.MOVED} AS mark WHERE false)"
        )
        free = self._value([item for item, swaps in enumerate(self.swaps) if not swaps])
        parts.append(
            "done AS (SELECT item FROM moved UNION ALL "  # noqa: S608 - our own names
            f"SELECT item FROM unnest({free}::int[]) AS t(item) "
            "WHERE item NOT IN (SELECT item FROM barred))"
        )
        for place, (write, _) in enumerate(changes):
            parts.append(f"c{place} AS ({_altered(place, write)})")
        joining = [(write, rows) for write, rows in wanted.items() if write.insertion is not None]
        for place, (write, rows) in enumerate(joining):
            parts.append(f"w{place} AS ({self._insert(write, rows)})")
        self.text = (
            f"WITH {', '.join(parts)} SELECT item, mark FROM moved "  # noqa: S608 - our own names
            "UNION ALL SELECT item, mark FROM barred"
        )

    def _want(self, place: int, write: Statement, rows: Wanted) -> list[str]:
        """Return what gives the values of a change, and what locks the rows that must be there."""
        into = write.alteration
        assert into is not None
        arrays = [f"{self._value([item for item, _ in rows])}::int[]"]
        arrays.append(f"{self._value(list(range(len(rows))))}::int[]")
        for at, kind in enumerate(into.types):
            arrays.append(f"{self._value([values[at] for _, values in rows])}::{kind}[]")
        names = ", ".join(["item", "n", *(f"p{n}" for n in range(1, len(into.types) + 1))])
        parts = [f"want{place} AS (SELECT * FROM unnest({', '.join(arrays)}) AS t({names}))"]  # noqa: S608 - our own names
        if write.must is not None:
            parts.append(
                f"held{place} AS (SELECT t.n FROM {into.table} x JOIN want{place} t "  # noqa: S608 - our own names
                f"ON {_named(into.where)} ORDER BY {', '.join(f'x.{one}' for one in into.key)} "
                "FOR UPDATE OF x)"
            )
        return parts

    def _value(self, value: list[Any]) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def _swap(self, swapping: Wanted) -> str:
        arrays = [f"{self._value([item for item, _ in swapping])}::int[]"]
        for place, column in enumerate(_SWAP_COLUMNS):
            kind = "bigint" if column in _WHOLE else "text"
            arrays.append(f"{self._value([values[place] for _, values in swapping])}::{kind}[]")
        names = ", ".join(["item", *(f"w_{column}" for column in _SWAP_COLUMNS)])
        sets = ", ".join(f"{column} = {_KEPT.get(column, f'l.w_{column}')}" for column in _SET)
        return (
            f"want AS (SELECT * FROM unnest({', '.join(arrays)}) AS t({names})), "  # noqa: S608 - our own names
            "locked AS (SELECT want.* FROM session s JOIN want ON s.tenant = want.w_tenant "
            "AND s.id = want.w_id WHERE s.seq = want.w_expected "
            "AND want.item NOT IN (SELECT item FROM barred) ORDER BY s.tenant, s.id "
            "FOR UPDATE OF s), "
            f"moved AS (UPDATE session s SET {sets} FROM locked l WHERE s.tenant = l.w_tenant "
            "AND s.id = l.w_id AND s.seq = l.w_expected "
            f"RETURNING l.item, {self.MOVED} AS mark)"
        )

    def _insert(self, write: Statement, rows: Wanted) -> str:
        into = write.insertion
        assert into is not None
        arrays = [f"{self._value([item for item, _ in rows])}::int[]"]
        for place, kind in enumerate(into.types):
            arrays.append(f"{self._value([values[place] for _, values in rows])}::{kind}[]")
        columns = ", ".join(into.columns)
        # An insertion that must be new fails the whole statement, and each unit is then done alone.
        suffix = "" if write.must is not None else into.suffix
        return (
            f"INSERT INTO {into.table} ({columns}) SELECT {columns} "  # noqa: S608 - our own names
            f"FROM unnest({', '.join(arrays)}) AS t(item, {columns}) "
            f"WHERE t.item IN (SELECT item FROM done) {suffix}"
        )


def _named(text: str) -> str:
    """Return a part of a change with its parameters as columns of what is wanted."""
    return re.sub(r"\$(\d+)", r"t.p\1", text)


def _altered(place: int, write: Statement) -> str:
    into = write.alteration
    assert into is not None
    return (
        f"UPDATE {into.table} x SET {_named(into.sets)} FROM want{place} t "  # noqa: S608 - our own names
        f"JOIN done ON done.item = t.item WHERE {_named(into.where)}"
    )
