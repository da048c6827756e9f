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
    named = {
        value: _mask(cell.accepts(value) for cell in cells)
        for value in {value for cell in cells for value in cell.values}
    }
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
    regions: list[int] = []
    for before, after in zip([None, *keys], [*keys, None], strict=True):
        regions.append(_mask(_spans(cell, before, after=after) for cell in cells))
        if after is not None:
            regions.append(_mask(_holds(cell, after) for cell in cells))
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


def _spans(cell: Cell, before: Key, *, after: Key) -> bool:
    """Return whether a cell holds everywhere between two neighbouring bounds; None is no end."""
    if cell.form in {"any", "none_of"}:
        return True
    if cell.form != "range":
        return False
    low, high = _key(cell.low), _key(cell.high)
    above = low is None or (before is not None and low <= before)
    below = high is None or (after is not None and high >= after)
    return above and below


def _holds(cell: Cell, at: Key) -> bool:
    """Return whether a cell holds on a bound itself."""
    if cell.form in {"any", "missing"}:
        return cell.form == "any"
    if cell.form in {"one_of", "none_of"}:
        return (at in [_key(value) for value in cell.values]) is (cell.form == "one_of")
    low, high = _key(cell.low), _key(cell.high)
    above = low is None or low < at or (low == at and cell.low_closed)
    below = high is None or high > at or (high == at and cell.high_closed)
    return above and below


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
]
