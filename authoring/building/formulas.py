"""Expressions of a library.

Read once for each text, checked once for each text and the kinds it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from authoring.building.desk import Desk
from authoring.sources import Path
from engine.expressions import Checked, Expression, ExpressionError, check, compile_expression
from engine.kinds import Kind, Unknown, resolve

WARNINGS = frozenset({"always-true", "always-false"})
"""What is odd rather than wrong, and holds whatever the path. Source: semantics.md 18."""
CONDITIONS = frozenset({"boolean", "any", "missing"})


class Formulas:
    """Every expression of a library, kept for the next journey that uses the same."""

    def __init__(self) -> None:
        self._read: dict[str, Expression | ExpressionError] = {}
        self._checked: dict[tuple[str, tuple[Kind, ...]], Expression] = {}

    def read(self, text: str) -> Expression:
        """Return an expression whose names are not yet known. Raises ExpressionError."""
        found = self._read.get(text)
        if found is None:
            try:
                found = compile_expression(text)
            except ExpressionError as error:
                found = error
            self._read[text] = found
        if isinstance(found, ExpressionError):
            raise found
        return found

    def typed(self, text: str, names: Mapping[str, Kind]) -> Expression:
        """Return an expression checked against names. Raises ExpressionError."""
        expression = self.read(text)
        kinds: list[Kind] = []
        for name in sorted(expression.reads):
            kind = names.get(name) or resolve(names, name.split("."))
            if isinstance(kind, Unknown):
                return _with(expression, check(expression.ast, names))
            kinds.append(kind)
        key = (text, tuple(kinds))
        found = self._checked.get(key)
        if found is None:
            found = self._checked[key] = _with(expression, check(expression.ast, names))
        return found

    def build(
        self, desk: Desk, data: Any, path: Path, *, names: Mapping[str, Kind]
    ) -> Expression | None:
        """Return the expression written at a place; what is wrong with it is reported there."""
        try:
            expression = self.typed(written(data), names)
        except ExpressionError as error:
            desk.report("form.expression", path, error.message, hint=error.hint, offset=error.start)
            return None
        for problem in expression.problems:
            tail = problem.code.rpartition(".")[2]
            desk.report(
                f"data.{tail}", path, problem.message, hint=problem.hint, offset=problem.start,
                severity="warning" if tail in WARNINGS else "error",
            )  # fmt: skip
        return expression

    def condition(
        self, desk: Desk, data: Any, path: Path, *, names: Mapping[str, Kind]
    ) -> Expression | None:
        """Return the condition written at a place, None when there is none."""
        if data is None:
            return None
        expression = self.build(desk, data, path, names=names)
        if (
            expression is not None
            and not expression.problems
            and expression.kind.name not in CONDITIONS
        ):
            desk.report(
                "data.not-a-condition",
                path,
                f"This is a condition: it must be true or false, not {expression.kind.describe()}.",
                hint="Compare the value with something, or write known(…).",
            )
        return expression

    def mapping(
        self, desk: Desk, data: Mapping[str, Any] | None, path: Path, *, names: Mapping[str, Kind]
    ) -> dict[str, Expression]:
        """Return named expressions, those that cannot be read left out."""
        found: dict[str, Expression] = {}
        for name, one in (data or {}).items():
            expression = self.build(desk, one, (*path, name), names=names)
            if expression is not None:
                found[name] = expression
        return found


def written(data: Any) -> str:
    """Return an expression's text: `true`, `3` and `0.5` need no quotes in YAML."""
    if isinstance(data, bool):
        return "true" if data else "false"
    return str(data)


def _with(expression: Expression, checked: Checked) -> Expression:
    return replace(expression, kind=checked.kind, problems=checked.problems)
