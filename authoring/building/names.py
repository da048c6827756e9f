"""What every value of a journey may hold: kinds, worked out before any expression is checked.

A value set by an expression has that expression's kind, which may depend on others: they are worked
out in written order until nothing changes. A value assigned in several ways has the kind that holds
them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.formulas import Formulas, written
from authoring.building.ground import Ground, Interface, Table
from engine.answers import AnswerType
from engine.expressions import ExpressionError
from engine.kinds import ANY, Kind, joins

ROUNDS = 4
"""Expressions that set each other round a cycle are `any` from there on.

No alarm is false for it.
"""

Values = dict[str, Kind]
Sets = list[tuple[str, Any]]


class Draft:
    """A journey being worked out.

    Its steps as written, their fields' types, the kinds of its values.
    """

    def __init__(
        self, ground: Ground, tables: Mapping[str, Table], callees: Mapping[str, Interface]
    ) -> None:
        self.ground = ground
        self.tables = tables
        self.callees = callees
        self.broken_tables: set[str] = set(ground.broken_tables)
        self.types: dict[tuple[int, str], AnswerType] = {}
        """By number of step and name of field."""
        self.values: Values = {}
        self.sets: Sets = []
        self.given: dict[str, list[str]] = {}
        """Step id -> the names of the values it gives."""
        self.vague: set[str] = set()
        """Names that a step left out would have given: nothing is said of them."""

    def give(self, step: str, name: str, kind: Kind) -> None:
        """Note that a step assigns a value."""
        self.given.setdefault(step, []).append(name)
        before = self.values.get(name)
        self.values[name] = kind if before is None else joins(before, kind) or ANY

    def give_set(self, step: str, name: str, expression: Any) -> None:
        """Note that a step sets a value to an expression."""
        self.given.setdefault(step, []).append(name)
        self.sets.append((name, expression))

    def settle(self) -> Values:
        """Return the kinds of all values, and of `step.value` for every step that gives some."""
        for name in self.vague:
            self.values[name] = ANY
        fixed = self.values
        names = dict(fixed)
        for name, _ in self.sets:
            names.setdefault(name, ANY)
        for _ in range(ROUNDS):
            before, seen = dict(names), set(fixed)
            for name, expression in self.sets:
                kind = _kind(self.ground.formulas, expression, names)
                names[name] = (joins(names[name], kind) or ANY) if name in seen else kind
                seen.add(name)
            if names == before:
                break
        self.values = names
        return names | self.qualified(names)

    def qualified(self, names: Values) -> Values:
        """Return the kinds of `step.value` names.

        A value named as the step hides them: one name holds one thing.
        """
        found: Values = {}
        for step, given in self.given.items():
            if step not in names:
                found.update((f"{step}.{name}", names[name]) for name in given)
        return found


def _kind(formulas: Formulas, expression: Any, names: Mapping[str, Kind]) -> Kind:
    try:
        return formulas.typed(written(expression), names).kind
    except ExpressionError:
        return ANY
