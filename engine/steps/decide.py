"""Rules in order, or a decision table: no one is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.expressions import Expression
from engine.model import Code, Target
from engine.steps.base import Step
from engine.tables import DecisionTable


@dataclass(slots=True)
class Rule:
    """The first rule whose `when` is true fires; None is `else`. `exit` is its number from 1, or `else`."""

    exit: str
    when: Expression | None
    next: str | None = None
    codes: tuple[Code, ...] = ()
    sets: tuple[tuple[str, Expression], ...] = ()


@dataclass(slots=True)
class TableCall:
    """A decision table with what is given to it and what is kept of it.

    `rows` holds, for each row, what fires with it (as a rule without condition); `saves` is a name for a record of the
    outputs (str), or the outputs kept as values of the run (tuple).
    """

    table: DecisionTable
    inputs: Mapping[str, Expression]
    saves: str | tuple[str, ...] | None
    rows: tuple[Rule, ...]
    none: str | None = None
    """Where no row leads; None means `next`."""


@dataclass(slots=True, kw_only=True, eq=False)
class Decide(Step):
    """The first rule that is true fires: it codes, sets values and routes.

    ```yaml
    - id: cause
      decide:
        - {when: 'order.status == "suspended"', qualifies: paiement.cb, next: card}
        - {else: true, next: reassure}
    ```
    """

    KIND: ClassVar[str] = "decide"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "decide": {"anyOf": [{"$ref": "#/$defs/rules"}, {"$ref": "#/$defs/tableCall"}]},
        "on": {"type": "object", "properties": {"none": {"$ref": "#/$defs/stepId"}}, "additionalProperties": False},
    }

    rules: tuple[Rule, ...] = ()
    table: TableCall | None = None

    def targets(self) -> Iterable[Target]:
        """Yield a way out a rule, or a row that routes, and the way of no row."""
        if self.table is None:
            for rule in self.rules:
                yield Target(rule.exit, rule.next or self.next)
        else:
            if any(row.next is None for row in self.table.rows):
                yield Target("next", self.next)
            for row in self.table.rows:
                if row.next is not None:
                    yield Target(row.exit, row.next)
            yield Target("none", self.table.none or self.next)
        yield from self.common_targets()

    def expressions(self) -> Iterable[Expression]:
        """Yield conditions, values set, and what is given to the table."""
        for rule in (*self.rules, *(self.table.rows if self.table else ())):
            if rule.when is not None:
                yield rule.when
            for _, value in rule.sets:
                yield value
        if self.table is not None:
            yield from self.table.inputs.values()

    def saved(self) -> tuple[str, ...]:
        """Return the names a table's outputs are kept under."""
        if self.table is None or self.table.saves is None:
            return ()
        return (self.table.saves,) if isinstance(self.table.saves, str) else self.table.saves

    def writes(self) -> Iterable[str]:
        """Yield what every rule sets."""
        if self.table is not None or not self.rules:
            return ()
        common = {name for name, _ in self.rules[0].sets}
        for rule in self.rules[1:]:
            common &= {name for name, _ in rule.sets}
        return common

    def may_write(self) -> Iterable[str]:
        """Yield what some rule sets, and what the table gives."""
        sure = set(self.writes())
        rules = (*self.rules, *(self.table.rows if self.table else ()))
        return {name for rule in rules for name, _ in rule.sets} - sure | set(self.saved())
