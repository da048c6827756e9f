"""Decision tables: rows of conditions on the same inputs, looked up whatever their number.

Each column knows, for every value, the set of rows it allows (a whole number whose bits are rows);
a look-up is one step per column and the intersection of these sets.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import Literal as OneOf

from engine.cells import Cell, parse_cell
from engine.events import Json
from engine.expressions.values import Ordered, ordered
from engine.kinds import ANY, Kind

if TYPE_CHECKING:
    from engine.expressions import Expression
    from engine.scope import Scope

HIT_POLICIES = ("unique", "first", "priority", "collect")
SEVERAL_ROWS = "table.several-rows"
"""Two rows matched that the table says exclude one another: it ends in the failure journey."""

Column = Callable[[Json], int]
Key = Any
"""What the values of one column are ordered by: all numbers, or all texts, or None."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a column tests: an expression, the name it has in the table, and its kind."""

    expression: Expression
    name: str = ""
    kind: Kind = ANY


@dataclass(frozen=True, slots=True)
class TableRule:
    """One row: a cell per input, a value per output, its line in the source, and the days it holds.

    `valid_from` and `valid_to` are days, both included; None is no bound.
    """

    cells: tuple[Cell, ...]
    outputs: tuple[Json, ...]
    line: int = 0
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table ready to be looked up.

    `hit` says what happens when several rows match: `unique` (it is an error), `first`, `priority`
    (the one whose first output comes first in `priority`), `collect` (all of them).
    """

    id: str
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    rules: tuple[TableRule, ...]
    hit: OneOf["unique", "first", "priority", "collect"] = "unique"
    priority: tuple[Json, ...] | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    tests: tuple[tuple[Callable[[Scope], Json], Column], ...] = field(
        init=False, repr=False, compare=False
    )
    everything: int = field(init=False, repr=False, compare=False)
    given: tuple[dict[str, Json], ...] = field(init=False, repr=False, compare=False)
    ranks: tuple[int, ...] = field(init=False, repr=False, compare=False)
    dated: tuple[tuple[int, str | None, str | None], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        rules = self.rules
        tests = [
            (one.expression.evaluate, _column([rule.cells[place] for rule in rules]))
            for place, one in enumerate(self.inputs)
        ]
        order = list(self.priority or ())
        ranks = [
            order.index(rule.outputs[0])
            if rule.outputs and rule.outputs[0] in order
            else len(order)
            for rule in rules
        ]
        dated = [
            (1 << row, first, last)
            for row, rule in enumerate(rules)
            for first, last in (self._days(rule),)
            if first or last
        ]
        given = [dict(zip(self.outputs, rule.outputs, strict=True)) for rule in rules]
        object.__setattr__(self, "tests", tuple(tests))
        object.__setattr__(self, "everything", (1 << len(rules)) - 1)
        object.__setattr__(self, "given", tuple(given))
        object.__setattr__(self, "ranks", tuple(ranks))
        object.__setattr__(self, "dated", tuple(dated))

    @property
    def catches_all(self) -> bool:
        """Whether some row holds whatever is looked up, on any day: no look-up comes out empty."""
        return any(
            all(cell.form == "any" for cell in rule.cells) and not any(self._days(rule))
            for rule in self.rules
        )

    def _days(self, rule: TableRule) -> tuple[str | None, str | None]:
        """Return the days a row holds: its own, within its table's."""
        first = max(filter(None, (self.valid_from, rule.valid_from)), default=None)
        last = min(filter(None, (self.valid_to, rule.valid_to)), default=None)
        return first, last


class TableResult(NamedTuple):
    """The rows that count, from 0, and what they give.

    `values` maps outputs to values, empty when no row matched; for `collect` it is a list of such
    objects. `error` is a code when the table contradicts itself.
    """

    rows: tuple[int, ...]
    values: dict[str, Json] | list[dict[str, Json]]
    error: str | None = None


def evaluate(table: DecisionTable, scope: Scope) -> TableResult:
    """Return what a table gives for a scope's values, on the scope's day."""
    rows = _valid_rows(table, scope.today) if table.dated else table.everything
    for read, column in table.tests:
        rows &= column(read(scope))
    return _result(table, rows)


def match(table: DecisionTable, values: Sequence[Json], *, today: str) -> TableResult:
    """Return what a table gives for the values of its inputs, in their order."""
    rows = _valid_rows(table, today)
    for (_, column), value in zip(table.tests, values, strict=True):
        rows &= column(value)
    return _result(table, rows)


def _valid_rows(table: DecisionTable, today: str) -> int:
    rows = table.everything
    for bit, first, last in table.dated:
        if (first is not None and today < first) or (last is not None and today > last):
            rows &= ~bit
    return rows


def _result(table: DecisionTable, rows: int) -> TableResult:
    # The outputs are copied: whoever keeps them may change them, the table stays.
    if table.hit == "collect":
        found = _rows(rows)
        return TableResult(found, [table.given[row].copy() for row in found])
    if not rows:
        return TableResult((), {})
    row = (rows & -rows).bit_length() - 1
    if table.hit != "first" and rows & (rows - 1):
        found = _rows(rows)
        if table.hit == "unique":
            return TableResult(found, {}, SEVERAL_ROWS)
        row = min(found, key=table.ranks.__getitem__)
    return TableResult((row,), table.given[row].copy())


def _rows(rows: int) -> tuple[int, ...]:
    found: list[int] = []
    while rows:
        found.append((rows & -rows).bit_length() - 1)
        rows &= rows - 1
    return tuple(found)


def _mask(flags: Iterable[bool]) -> int:
    return sum(1 << row for row, flag in enumerate(flags) if flag)


def _column(cells: Sequence[Cell]) -> Column:
    """Return the rows each value of a column allows."""
    sorts = {cell.sort for cell in cells} - {"none"}
    if not sorts:
        missing = _mask(cell.accepts(None) for cell in cells)
        present = _mask(cell.form != "missing" for cell in cells)
        return lambda value: missing if value is None else present
    if sorts == {"text"}:
        return _exact_column(cells, str)
    if sorts == {"boolean"}:
        return _exact_column(cells, bool)
    if sorts == {"ordered"}:
        written = [value for cell in cells for value in (*cell.values, cell.low, cell.high)]
        known = [bound for bound in map(ordered, written) if bound is not None]
        if len({(bound.family, bound.unit) for bound in known}) == 1:
            return _ordered_column(cells, known)
    # Values of several kinds in one column: every cell is asked.
    return lambda value: _mask(cell.accepts(value) for cell in cells)


def _strange(cells: Sequence[Cell]) -> int:
    """Return the rows that take a value of another kind than their column: those that take all."""
    return _mask(
        cell.form == "any" or (cell.form == "none_of" and not cell.values) for cell in cells
    )


def _exact_column(cells: Sequence[Cell], sort: type) -> Column:
    named = points(cells)
    missing = _mask(cell.accepts(None) for cell in cells)
    other = _mask(cell.form in {"any", "none_of"} for cell in cells)
    strange = _strange(cells)

    def look_up(value: Json) -> int:
        if type(value) is sort:
            return named.get(value, other)
        return missing if value is None else strange

    return look_up


def _ordered_column(cells: Sequence[Cell], bounds: Sequence[Ordered]) -> Column:
    """Return the rows by where a value stands among all bounds: on one of them, or between two."""
    keys: list[Key] = sorted({bound.key for bound in bounds})
    family, unit = bounds[0].family, bounds[0].unit
    regions, _ = spread(cells, keys, _key)
    missing = _mask(cell.accepts(None) for cell in cells)
    strange = _strange(cells)

    def look_up(value: Json) -> int:
        key: Key = value
        if type(value) is not int or family != "number":
            if value is None:
                return missing
            found = ordered(value)
            if found is None or found.family != family:
                return strange
            if found.unit != unit and (family == "money" or (unit and found.unit)):
                return strange
            key = found.key
        place = bisect_left(keys, key)
        exact = place < len(keys) and keys[place] == key
        return regions[2 * place + 1 if exact else 2 * place]

    return look_up


def points(cells: Sequence[Cell]) -> dict[Json, int]:
    """Return, for each value that cells without an order name, the rows it allows."""
    other = _mask(cell.form in {"any", "none_of"} for cell in cells)
    rows = dict.fromkeys((value for cell in cells for value in cell.values), other)
    for row, cell in enumerate(cells):
        for value in dict.fromkeys(cell.values):
            rows[value] ^= 1 << row
    return rows


def spread(
    cells: Sequence[Cell], keys: Sequence[Key], key: Callable[[Json], Key]
) -> tuple[list[int], list[Sequence[int]]]:
    """Return the rows that each part of an ordered input allows, and the parts each row takes.

    The parts are what lies below the first key, on it, between it and the second, and so on, to
    what lies above the last. `key` gives the key of a bound, None for one of another family.
    """
    place = {one: at for at, one in enumerate(keys)}
    count = 2 * len(keys) + 1
    changes = [0] * (count + 1)
    taken: list[Sequence[int]] = []
    for row, cell in enumerate(cells):
        parts = _parts(cell, place, count, key)
        taken.append(parts)
        runs = [parts] if isinstance(parts, range) else [range(part, part + 1) for part in parts]
        for run in runs:
            if run:
                changes[run.start] ^= 1 << row
                changes[run.stop] ^= 1 << row
    rows, allowed = 0, []
    for change in changes[:-1]:
        rows ^= change
        allowed.append(rows)
    return allowed, taken


def _parts(
    cell: Cell, place: dict[Key, int], count: int, key: Callable[[Json], Key]
) -> Sequence[int]:
    """Return the parts that a cell takes whole."""
    if cell.form in {"one_of", "none_of"}:
        named = {2 * place[found] + 1 for found in map(key, cell.values) if found is not None}
        if cell.form == "one_of":
            return sorted(named)
        return [part for part in range(count) if part not in named] if named else range(count)
    if cell.form != "range":
        return range(count if cell.form == "any" else 0)
    low, high = key(cell.low), key(cell.high)
    if low is None and high is None:
        return range(0)
    first = 0 if low is None else 2 * place[low] + (1 if cell.low_closed else 2)
    last = count - 1 if high is None else 2 * place[high] + (1 if cell.high_closed else 0)
    return range(first, last + 1)


def _key(value: Json) -> Key:
    found = None if value is None else ordered(value)
    return None if found is None else found.key


__all__ = [
    "HIT_POLICIES",
    "SEVERAL_ROWS",
    "Cell",
    "DecisionTable",
    "Input",
    "TableResult",
    "TableRule",
    "evaluate",
    "match",
    "parse_cell",
    "points",
    "spread",
]
