"""Decision tables, as rules or as columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authoring.building.desk import Desk, near
from authoring.building.ground import Ground, Table
from authoring.building.types import answer_type
from authoring.sources import Path
from authoring.values import canonical
from engine.answers import AnswerType, BadAnswer
from engine.cells import Cell, parse_cell
from engine.events import Json
from engine.expressions import ExpressionError
from engine.kinds import Kind
from engine.scope import Scope
from engine.tables import DecisionTable, Input, TableRule

ARROW = "=>"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written: its cells and values by name, where each stands, and what fires with it."""

    cells: Mapping[str, Any]
    given: Mapping[str, Any]
    path: Path
    paths: Mapping[tuple[str, str], Path]
    rule: Mapping[str, Any]

    def at(self, part: str, key: str) -> Path:
        """Return where a cell (`if`) or a value (`then`) stands; the row, where it is left out."""
        return self.paths.get((part, key), self.path)


def table(
    desk: Desk, ground: Ground, name: str, *, data: Mapping[str, Any], path: Path = ()
) -> Table | None:
    """Return a decision table; None with findings when any part of it cannot be read."""
    before = len(desk.findings)
    inputs = _types(desk, ground, data["inputs"], (*path, "inputs"))
    outputs = _types(desk, ground, data["outputs"], (*path, "outputs"))
    rows = _rows(desk, data, path)
    if len(inputs) + len(outputs) < len(data["inputs"]) + len(data["outputs"]):
        return None
    rules = tuple(_rule(desk, row, inputs, outputs) for row in rows)
    priority = data.get("priority")
    if data.get("hit") == "priority" and not priority:
        desk.report(
            "form.priority",
            (*path, "hit"),
            "`hit: priority` needs `priority:`, the values of the first output, best first.",
        )
    if len(desk.findings) > before:
        return None
    kinds = {key: one.kind.or_missing() for key, one in inputs.items()}
    decision = DecisionTable(
        id=name,
        inputs=tuple(
            Input(ground.formulas.typed(key, kinds), key, one.kind) for key, one in inputs.items()
        ),
        outputs=tuple(outputs),
        rules=rules,
        hit=data.get("hit", "unique"),
        priority=None if priority is None else tuple(priority),
        valid_from=data.get("from"),
        valid_to=data.get("to"),
    )
    kept = {key: one.kind.or_missing() for key, one in outputs.items()}
    return Table(decision, kinds, kept, tuple(row.rule for row in rows))


def _rule(
    desk: Desk, row: Row, inputs: Mapping[str, AnswerType], outputs: Mapping[str, AnswerType]
) -> TableRule:
    for part, written, declared in (("if", row.cells, inputs), ("then", row.given, outputs)):
        for key in written:
            if key not in declared:
                what = "input" if part == "if" else "output"
                desk.report(
                    "form.unknown-column", row.at(part, key), f"`{key}` is no {what} of the table.",
                    hint=near(key, declared), key=True,
                )  # fmt: skip
    return TableRule(
        cells=tuple(
            _cell(desk, row.cells.get(key), one.kind, row.at("if", key))
            for key, one in inputs.items()
        ),
        outputs=tuple(
            _output(desk, one, row.given.get(key), row.at("then", key))
            for key, one in outputs.items()
        ),
        line=desk.sources.position(desk.file, row.path)[0],
        valid_from=row.rule.get("from"),
        valid_to=row.rule.get("to"),
    )


def _types(
    desk: Desk, ground: Ground, data: Mapping[str, Any], path: Path
) -> dict[str, AnswerType]:
    built = {key: answer_type(desk, ground, spec, path=(*path, key)) for key, spec in data.items()}
    return {key: one for key, one in built.items() if one is not None}


def _rows(desk: Desk, data: Mapping[str, Any], path: Path) -> list[Row]:
    rules = data.get("rules")
    if rules is not None:
        return [_written_out(rule, (*path, "rules", at)) for at, rule in enumerate(rules)]
    columns, rows = data.get("columns"), data.get("rows")
    if columns is None or rows is None:
        desk.report("form.missing-key", path, "A table has `rules:`, or `columns:` and `rows:`.")
        return []
    found: list[Row] = []
    for at, cells in enumerate(rows):
        here = (*path, "rows", at)
        if len(cells) == len(columns):
            found.append(_in_columns(columns, cells, here))
        else:
            message = f"This row has {len(cells)} cells; there are {len(columns)} columns."
            desk.report("form.row", here, message)
    return found


def _written_out(rule: Mapping[str, Any], path: Path) -> Row:
    cells, given = rule.get("if") or {}, rule.get("then") or {}
    paths = {("if", key): (*path, "if", key) for key in cells}
    paths |= {("then", key): (*path, "then", key) for key in given}
    return Row(cells, given, path, paths, rule)


def _in_columns(columns: list[str], row: list[Any], path: Path) -> Row:
    parts: dict[str, dict[str, Any]] = {"if": {}, "then": {}}
    paths: dict[tuple[str, str], Path] = {}
    for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
        part = "then" if column.startswith(ARROW) else "if"
        name = column.removeprefix(ARROW).strip()
        paths[part, name] = (*path, at)
        if part == "if" or cell is not None:
            parts[part][name] = cell
    return Row(parts["if"], parts["then"], path, paths, {})


def _cell(desk: Desk, data: Any, kind: Kind, path: Path) -> Cell:
    text = (
        "-"
        if data is None
        else ("true" if data else "false")
        if isinstance(data, bool)
        else str(data)
    )
    try:
        return parse_cell(text, kind)
    except ExpressionError as error:
        desk.report("form.cell", path, error.message, hint=error.hint, offset=error.start)
        return parse_cell("-", kind)


def _output(desk: Desk, answers: AnswerType, data: Any, path: Path) -> Json:
    if data is None:
        return None
    try:
        return answers.accept(canonical(answers, data), Scope({}, "1970-01-01"))
    except BadAnswer as bad:
        desk.report("form.value", path, bad.message["en"])
        return None
