"""Decision tables, as rules or as columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
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


def table(
    desk: Desk, ground: Ground, name: str, data: Mapping[str, Any], path: Path = ()
) -> Table | None:
    """Return a decision table; rows that cannot be read are reported and left out with it."""
    inputs = _types(desk, ground, data["inputs"], (*path, "inputs"))
    outputs = _types(desk, ground, data["outputs"], (*path, "outputs"))
    rules = _rules(desk, data, path)
    before = len(desk.findings)
    built: list[TableRule] = []
    for rule, here in rules:
        cells, given = rule.get("if") or {}, rule.get("then") or {}
        _known(desk, cells, inputs, (*here, "if"), "input")
        _known(desk, given, outputs, (*here, "then"), "output")
        built.append(
            TableRule(
                cells=tuple(
                    _cell(desk, cells.get(key), one.kind, (*here, "if", key))
                    for key, one in inputs.items()
                ),
                outputs=tuple(
                    _output(desk, one, given.get(key), (*here, "then", key))
                    for key, one in outputs.items()
                ),
                line=desk.sources.position(desk.file, here)[0],
                valid_from=rule.get("from"),
                valid_to=rule.get("to"),
            )
        )
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
        rules=tuple(built),
        hit=data.get("hit", "unique"),
        priority=None if priority is None else tuple(priority),
        valid_from=data.get("from"),
        valid_to=data.get("to"),
    )
    kept = {key: one.kind.or_missing() for key, one in outputs.items()}
    return Table(decision, kinds, kept, tuple(rule for rule, _ in rules))


def _types(
    desk: Desk, ground: Ground, data: Mapping[str, Any], path: Path
) -> dict[str, AnswerType]:
    built = {key: answer_type(desk, ground, spec, (*path, key)) for key, spec in data.items()}
    return {key: one for key, one in built.items() if one is not None}


def _rules(desk: Desk, data: Mapping[str, Any], path: Path) -> list[tuple[Mapping[str, Any], Path]]:
    rules = data.get("rules")
    if rules is not None:
        return [(rule, (*path, "rules", at)) for at, rule in enumerate(rules)]
    columns, rows = data.get("columns"), data.get("rows")
    if columns is None or rows is None:
        desk.report("form.missing-key", path, "A table has `rules:`, or `columns:` and `rows:`.")
        return []
    found: list[tuple[Mapping[str, Any], Path]] = []
    for at, row in enumerate(rows):
        here = (*path, "rows", at)
        if len(row) != len(columns):
            desk.report(
                "form.row",
                here,
                f"This row has {len(row)} cells; there are {len(columns)} columns.",
            )
            continue
        cells: dict[str, Any] = {}
        given: dict[str, Any] = {}
        for column, cell in zip(columns, row, strict=True):
            if column.startswith(ARROW):
                given[column.removeprefix(ARROW).strip()] = cell
            else:
                cells[column.strip()] = cell
        found.append(
            (
                {"if": cells, "then": {key: one for key, one in given.items() if one is not None}},
                here,
            )
        )
    return found


def _known(
    desk: Desk, data: Mapping[str, Any], declared: Mapping[str, AnswerType], path: Path, what: str
) -> None:
    for key in data:
        if key not in declared:
            desk.report(
                "form.unknown-column",
                (*path, key),
                f"`{key}` is no {what} of the table.",
                hint=near(key, declared),
                key=True,
            )


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
