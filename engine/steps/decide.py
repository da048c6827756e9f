"""Rules in order, or a decision table: no one is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.events import Json
from engine.expressions import Expression
from engine.live import LiveCodes
from engine.parts import Code, Target
from engine.scope import Scope
from engine.steps.base import Step
from engine.tables import DecisionTable, TableResult, evaluate

if TYPE_CHECKING:
    from engine.places import Here
    from engine.reading import Reading
    from engine.walk import Walk


@dataclass(slots=True)
class Rule:
    """The first rule whose `when` is true fires; None is `else`.

    `exit` is its number from 1, or `else`.
    """

    exit: str
    when: Expression | None
    next: str | None = None
    codes: tuple[Code, ...] = ()
    sets: tuple[tuple[str, Expression], ...] = ()


@dataclass(slots=True)
class TableCall:
    """A decision table with what is given to it and what is kept of it.

    `rows` holds, for each row, what fires with it (as a rule without condition); `saves` is a name
    for a record of the outputs (str), or the outputs kept as values of the run (tuple).
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
        "on": {
            "type": "object",
            "properties": {"none": {"$ref": "#/$defs/stepId"}},
            "additionalProperties": False,
        },
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

    def arrive(self, walk: Walk, here: Here) -> None:
        """Fire the first rule that is true, or look the table up, and go on."""
        if self.table is None:
            scope = walk.scope(here)
            for rule in self.rules:
                if rule.when is None or rule.when.evaluate(scope) is True:
                    sets = {name: value.evaluate(scope) for name, value in rule.sets}
                    self.fire(walk, here, rule, assigned=sets)
                    return
            walk.trip("walk.no-rule", self.id)
            return
        self.look_up(walk, here, self.table)

    def found(self, reading: Reading, here: Here) -> TableResult:
        """Return what the table gives for the values of a place."""
        assert self.table is not None
        inputs = reading.evaluate(here, self.table.inputs)
        scope = Scope(inputs, here.today, LiveCodes(reading.state))
        return evaluate(self.table.table, scope)

    def look_up(self, walk: Walk, here: Here, call: TableCall) -> None:
        """Leave by the row that matches; two rows of a `unique` table break a rule of its own."""
        result = self.found(walk, here)
        if result.error is not None:
            walk.trip(result.error, self.id)
            return
        assigned = kept(call, result.values)
        if not result.rows:
            walk.leave(
                here,
                "none",
                call.none or self.next,
                codes=self.codes,
                assigned=walk.assigned(here, assigned),
            )
            return
        row = call.rows[result.rows[0]]
        for other in result.rows[1:]:
            row = Rule(row.exit, None, row.next, row.codes + call.rows[other].codes, row.sets)
        scope = walk.scope(here)
        assigned.update({name: value.evaluate(scope) for name, value in row.sets})
        self.fire(walk, here, row, assigned=assigned)

    def fire(self, walk: Walk, here: Here, rule: Rule, *, assigned: dict[str, Json]) -> None:
        """Leave by a rule."""
        exit_name = rule.exit if rule.next is not None or self.table is None else "next"
        walk.leave(
            here,
            exit_name,
            rule.next or self.next,
            codes=self.codes + rule.codes,
            assigned=walk.assigned(here, assigned) if assigned else None,
        )


def kept(call: TableCall, found: dict[str, Json] | list[dict[str, Json]]) -> dict[str, Json]:
    """Return the values kept of what a table gave.

    A `collect` gives lists, empty where no row matched; another table then gives nothing.
    """
    if call.saves is None or found == {}:
        return {}
    if isinstance(call.saves, str):
        return {call.saves: found}
    if isinstance(found, list):
        return {name: [row.get(name) for row in found] for name in call.saves}
    return {name: found.get(name) for name in call.saves}
