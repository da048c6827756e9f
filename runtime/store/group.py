"""Many turns as one PostgreSQL statement, made from their writes.

```sql
WITH want AS (…the compare-and-swaps…),
     locked AS (SELECT … FROM session JOIN want … ORDER BY tenant, id FOR UPDATE),
     moved AS (UPDATE session … RETURNING item),
     done AS (SELECT item FROM moved UNION ALL SELECT unnest(…items that swap nothing…)),
     w0 AS (INSERT INTO event SELECT … FROM unnest(…) WHERE item IN (SELECT item FROM done)), …
SELECT item FROM moved
```
"""

from __future__ import annotations

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
    """Return whether a unit may share a statement: insertions, and at most one compare-and-swap."""
    swaps = sum(write is MOVE_SESSION for write, _ in unit.writes)
    return swaps <= 1 and all(
        write is MOVE_SESSION or (write.insertion is not None and _may_join(write.insertion, write))
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


class Group:
    """One statement for several units. `swaps` says which of them compare and swap."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.swaps = [any(write is MOVE_SESSION for write, _ in unit.writes) for unit in units]
        self.values: list[Any] = []
        parts = []
        swapping = [
            (item, values)
            for item, unit in enumerate(units)
            for write, values in unit.writes
            if write is MOVE_SESSION
        ]
        if swapping:
            parts.append(self._swap(swapping))
        else:
            parts.append("moved AS (SELECT 0 AS item WHERE false)")
        free = self._value([item for item, swaps in enumerate(self.swaps) if not swaps])
        parts.append(
            "done AS (SELECT item FROM moved UNION ALL " + f"SELECT unnest({free}::int[]))"  # noqa: S608 - our own names
        )
        rows: dict[Statement, list[tuple[int, tuple[Any, ...]]]] = {}
        for item, unit in enumerate(units):
            for write, values in unit.writes:
                if write is not MOVE_SESSION:
                    rows.setdefault(write, []).append((item, values))
        for place, (write, found) in enumerate(rows.items()):
            parts.append(f"w{place} AS ({self._insert(write, found)})")
        self.text = f"WITH {', '.join(parts)} SELECT item FROM moved"  # noqa: S608 - our own names

    def _value(self, value: list[Any]) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def _swap(self, swapping: list[tuple[int, tuple[Any, ...]]]) -> str:
        arrays = [f"{self._value([item for item, _ in swapping])}::int[]"]
        for place, column in enumerate(_SWAP_COLUMNS):
            kind = "bigint" if column in _WHOLE else "text"
            arrays.append(f"{self._value([values[place] for _, values in swapping])}::{kind}[]")
        names = ", ".join(["item", *(f"w_{column}" for column in _SWAP_COLUMNS)])
        sets = ", ".join(f"{column} = {_KEPT.get(column, f'l.w_{column}')}" for column in _SET)
        return (
            f"want AS (SELECT * FROM unnest({', '.join(arrays)}) AS t({names})), "  # noqa: S608 - our own names
            "locked AS (SELECT want.* FROM session s JOIN want ON s.tenant = want.w_tenant "
            "AND s.id = want.w_id WHERE s.seq = want.w_expected ORDER BY s.tenant, s.id "
            "FOR UPDATE OF s), "
            f"moved AS (UPDATE session s SET {sets} FROM locked l WHERE s.tenant = l.w_tenant "
            "AND s.id = l.w_id AND s.seq = l.w_expected RETURNING l.item)"
        )

    def _insert(self, write: Statement, rows: list[tuple[int, tuple[Any, ...]]]) -> str:
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
