"""Rows of a `unique` table that match together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from authoring.checks.base import Check
from authoring.checks.survey import Subject, Survey
from authoring.findings import Finding
from engine.cells import Cell
from engine.events import Json
from engine.expressions.values import day_number, ordered
from engine.kinds import Kind
from engine.tables import DecisionTable, TableRule

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
            together = 0
            for _, rows in regions:
                together |= rows if rows >> row & 1 else 0
            beside &= together
        earlier = [other for other in range(row) if beside >> other & 1]
        first = next((o for o in earlier if _same_days(table, rule, table.rules[o])), None)
        if first is not None:
            both = 1 << row | 1 << first
            case = [
                f"{column.name} {next(told for told, rows in regions if rows & both == both)}"
                for column, regions in zip(table.inputs, columns, strict=True)
            ]
            yield first, row, case


def _same_days(table: DecisionTable, one: TableRule, other: TableRule) -> bool:
    firsts = [day for day in (table.valid_from, one.valid_from, other.valid_from) if day]
    lasts = [day for day in (table.valid_to, one.valid_to, other.valid_to) if day]
    return not firsts or not lasts or max(firsts) <= min(lasts)


Regions = list[tuple[str, int]]
"""Parts of an input's values, as told, and the rows that match all of such a part."""


def _regions(cells: Sequence[Cell], kind: Kind) -> Regions:
    """Return parts of an input's values that no cell cuts through."""
    regions = [("is missing", _rows(cells, lambda cell: cell.accepts(None)))]
    if any(cell.sort == "ordered" for cell in cells):
        families: dict[tuple[str, str | None], dict[Any, Json]] = {}
        for cell in cells:
            for value in (*cell.values, cell.low, cell.high):
                found = None if value is None else ordered(value)
                if found is not None:
                    families.setdefault((found.family, found.unit), {})[found.key] = value
        for family, values in families.items():
            bounds = [values[key] for key in sorted(values)]
            regions += [(f"is {_spoken(one)}", _accepting(cells, one)) for one in bounds]
            regions += _between(cells, family, bounds)
        return regions
    given = kind.options or dict.fromkeys(value for cell in cells for value in cell.values)
    if kind.name == "boolean":
        given = dict.fromkeys((True, False))
    regions += [(f"is {_spoken(value)}", _accepting(cells, value)) for value in given]
    if kind.options is None and kind.name != "boolean":
        other = _rows(cells, lambda cell: cell.form in {"any", "none_of"})
        regions.append(("is another value", other))
    return regions


def _between(
    cells: Sequence[Cell], family: tuple[str, str | None], bounds: list[Json]
) -> Iterator[tuple[str, int]]:
    """Yield the parts between neighbouring bounds, and beyond the first and the last."""
    ends: list[Json] = [None, *bounds, None]
    for low, high in pairwise(ends):
        if not _next_days(low, high):
            told = f"is above {_spoken(low)}" if high is None else f"is below {_spoken(high)}"
            if low is not None and high is not None:
                told = f"is between {_spoken(low)} and {_spoken(high)}"
            yield told, _rows(cells, partial(_spans, family=family, low=low, high=high))


def _spans(cell: Cell, *, family: tuple[str, str | None], low: Json, high: Json) -> bool:
    """Return whether a cell takes all that lies between two neighbouring bounds of a family."""
    if cell.form in {"any", "none_of"}:
        return True
    if cell.form != "range":
        return False
    lowest, highest = _key(cell.low, family), _key(cell.high, family)
    if (lowest, highest) == (None, None):
        return False
    first, last = _key(low, family), _key(high, family)
    above = lowest is None or (first is not None and first >= lowest)
    below = highest is None or (last is not None and last <= highest)
    return above and below


def _key(value: Json, family: tuple[str, str | None]) -> Any:
    found = None if value is None else ordered(value)
    return None if found is None or (found.family, found.unit) != family else found.key


def _next_days(low: Json, high: Json) -> bool:
    """Return whether nothing lies between two bounds: a day and the next one."""
    if not isinstance(low, str) or not isinstance(high, str):
        return False
    first, last = day_number(low), day_number(high)
    return first is not None and last is not None and last - first <= 1


def _accepting(cells: Sequence[Cell], value: Json) -> int:
    return _rows(cells, lambda cell: cell.accepts(value))


def _rows(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> int:
    return sum(1 << row for row, cell in enumerate(cells) if test(cell))


def _spoken(value: Json) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value).lower() if isinstance(value, bool) else str(value)
