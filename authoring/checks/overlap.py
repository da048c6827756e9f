"""Rows of a `unique` table that match together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from authoring.checks.base import Check
from authoring.checks.survey import Subject, Survey
from authoring.findings import Finding
from engine.cells import Cell
from engine.events import Json
from engine.expressions.values import day_number, ordered
from engine.kinds import Kind
from engine.tables import DecisionTable, TableRule, points, spread

SHOWN = 5
"""Overlaps told of one table: the first ones lead to the others."""


class Overlap(Check):
    """Two rows of a table that should exclude one another match the same case.

    Nobody has said which of them counts: a session that meets such a case ends in the failure
    journey. The case is shown. Change a cell, or say `hit: first`.

    Wrong:
    ```yaml
    hit: unique
    rules:
      - {if: {days: "<= 14"}, then: {accord: true}}
      - {if: {days: ">= 14"}, then: {accord: false}}
    ```
    Right:
    ```yaml
    hit: unique
    rules:
      - {if: {days: "<= 14"}, then: {accord: true}}
      - {if: {days: "> 14"}, then: {accord: false}}
    ```
    """

    code = "tables.overlap"
    severity = "error"

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the overlaps of shared tables."""
        texts = survey.loaded.sources.texts
        for table in survey.library.tables.values():
            file = f"tables/{table.id}.yaml"
            if file not in texts:
                file = next((f for f in texts if f"\ntable: {table.id}\n" in texts[f]), file)
            rows = "rows" if "\nrows:" in texts.get(file, "") else "rules"
            for place, message in _told(table):
                yield self.found_in(survey, file, rows, place, message=message, hint=HINT)

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the overlaps of a journey's own tables."""
        for name, table in subject.journey.tables.items():
            for _, message in _told(table):
                yield self.found(subject, None, "tables", name, message=message, hint=HINT)


HINT = "Make the rows exclude one another, or say `hit: first`."


def _told(table: DecisionTable) -> Iterator[tuple[int, str]]:
    """Yield (row, what overlaps there) for the first overlaps of a table."""
    for at, (one, other, case) in enumerate(overlaps(table)):
        if at == SHOWN:
            return
        shown = ", ".join(case) or "whatever the inputs are"
        yield other, f"Rows {one + 1} and {other + 1} of '{table.id}' both match: {shown}."


def overlaps(table: DecisionTable) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (row, later row, a case both match) of a `unique` table, one for each later row."""
    if table.hit != "unique":
        return
    columns = [
        _regions([rule.cells[at] for rule in table.rules], column.kind)
        for at, column in enumerate(table.inputs)
    ]
    for row, rule in enumerate(table.rules):
        beside = (1 << row) - 1
        for regions in columns:
            if not beside:
                break
            beside &= regions.together(row, beside)
        earlier = [other for other in range(row) if beside >> other & 1] if beside else []
        first = next((o for o in earlier if _same_days(table, rule, table.rules[o])), None)
        if first is not None:
            both = 1 << row | 1 << first
            case = [
                f"{column.name} {regions.case(both)}"
                for column, regions in zip(table.inputs, columns, strict=True)
            ]
            yield first, row, case


def _same_days(table: DecisionTable, one: TableRule, other: TableRule) -> bool:
    firsts = [day for day in (table.valid_from, one.valid_from, other.valid_from) if day]
    lasts = [day for day in (table.valid_to, one.valid_to, other.valid_to) if day]
    return not firsts or not lasts or max(firsts) <= min(lasts)


@dataclass(slots=True)
class Regions:
    """Parts of an input's values that no cell cuts through, and the rows that match them."""

    told: list[Callable[[], str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    taken: dict[int, list[Sequence[int]]] = field(default_factory=dict)
    """For each row, the parts it matches."""

    def add(self, told: Callable[[], str], rows: int) -> None:
        """Add a part."""
        part = (len(self.rows),)
        self.told.append(told)
        self.rows.append(rows)
        while rows:
            bit = rows & -rows
            self.taken.setdefault(bit.bit_length() - 1, []).append(part)
            rows ^= bit

    def together(self, row: int, wanted: int) -> int:
        """Return those of the rows wanted that match some part this row matches."""
        found = 0
        for parts in self.taken.get(row, ()):
            for part in parts:
                found |= self.rows[part]
                if found & wanted == wanted:
                    return wanted
        return found & wanted

    def case(self, both: int) -> str:
        """Return the first part that two rows both match, as told."""
        return next(
            told() for told, rows in zip(self.told, self.rows, strict=True) if rows & both == both
        )


def _regions(cells: Sequence[Cell], kind: Kind) -> Regions:
    """Return the parts of an input's values."""
    regions = Regions()
    regions.add(lambda: "is missing", _rows(cells, lambda cell: cell.accepts(None)))
    if any(cell.sort == "ordered" for cell in cells):
        families: dict[tuple[str, str | None], dict[Any, Json]] = {}
        for cell in cells:
            for value in (*cell.values, cell.low, cell.high):
                found = None if value is None else ordered(value)
                if found is not None:
                    families.setdefault((found.family, found.unit), {})[found.key] = value
        for family, values in families.items():
            _between(regions, cells, family=family, bounds=[values[key] for key in sorted(values)])
        return regions
    named = points(cells)
    other = _rows(cells, lambda cell: cell.form in {"any", "none_of"})
    given = [True, False] if kind.name == "boolean" else kind.options or named
    for value in given:
        regions.add(partial(_is, value), named.get(value, other))
    if kind.options is None and kind.name != "boolean":
        regions.add(lambda: "is another value", other)
    return regions


def _between(
    regions: Regions, cells: Sequence[Cell], *, family: tuple[str, str | None], bounds: list[Json]
) -> None:
    """Add the bounds of one family, what lies between them, and beyond the first and the last."""
    keys = [_key(one, family) for one in bounds]
    rows, taken = spread(cells, keys, partial(_key, family=family))
    ends: list[Json] = [None, *bounds, None]
    start = len(regions.rows)
    for at, part in enumerate(rows):
        low, high = ends[at // 2], ends[at // 2 + 1]
        if at % 2:
            regions.told.append(partial(_is, high))
            regions.rows.append(part)
        else:
            regions.told.append(partial(_lies, low, high))
            regions.rows.append(0 if _next_days(low, high) else part)
    for row, parts in enumerate(taken):
        moved = (
            range(parts.start + start, parts.stop + start)
            if isinstance(parts, range)
            else [part + start for part in parts]
        )
        regions.taken.setdefault(row, []).append(moved)


def _is(value: Json) -> str:
    return f"is {_spoken(value)}"


def _lies(low: Json, high: Json) -> str:
    if low is None or high is None:
        return f"is above {_spoken(low)}" if high is None else f"is below {_spoken(high)}"
    return f"is between {_spoken(low)} and {_spoken(high)}"


def _key(value: Json, family: tuple[str, str | None]) -> Any:
    found = None if value is None else ordered(value)
    return None if found is None or (found.family, found.unit) != family else found.key


def _next_days(low: Json, high: Json) -> bool:
    """Return whether nothing lies between two bounds: a day and the next one."""
    if not isinstance(low, str) or not isinstance(high, str):
        return False
    first, last = day_number(low), day_number(high)
    return first is not None and last is not None and last - first <= 1


def _rows(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> int:
    return sum(1 << row for row, cell in enumerate(cells) if test(cell))


def _spoken(value: Json) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value).lower() if isinstance(value, bool) else str(value)
