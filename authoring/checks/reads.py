"""What a step reads, and where in its text.

Every unguarded need of its conditions, values and wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from authoring.checks.guards import NOTHING, Guarded, guarded, without
from engine.expressions import Expression
from engine.parts import Field
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.decide import Decide
from engine.steps.do import Do
from engine.steps.goto_journey import GotoJourney
from engine.steps.wait import Wait
from engine.tables import DecisionTable

Keys = tuple[str | int, ...]


class Read(NamedTuple):
    """A value needed by a step.

    Its dotted name, and the keys that lead from the step to where it is read.
    """

    name: str
    keys: Keys


class Condition(NamedTuple):
    """An expression of a step: the keys that lead to it, and the names already known there."""

    expression: Expression
    keys: Keys
    known: frozenset[str] = NOTHING


class Guards:
    """What expressions need and tell, each looked at once however many steps share it."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Expression, Guarded]] = {}

    def of(self, expression: Expression) -> Guarded:
        """Return what one expression needs and tells."""
        found = self._seen.get(id(expression))
        if found is None:
            # The expression is kept, so that its identity cannot pass to another one.
            found = (expression, guarded(expression.ast))
            self._seen[id(expression)] = found
        return found[1]


def reads(step: Step, guards: Guards) -> list[Read]:
    """Return what reaching a step needs, its `when` first: it spares the rest what it proves."""
    found: list[Read] = []
    if not step.needs:
        return found
    inside = NOTHING
    if step.when is not None:
        told = guards.of(step.when)
        found += (Read(name, ("when",)) for name in sorted(told.needs))
        inside = told.true
    for condition in conditions(step, guards):
        needed = without(guards.of(condition.expression).needs, condition.known | inside)
        found += (Read(name, condition.keys) for name in sorted(needed))
    own = NOTHING.union(step.writes(), step.may_write())
    for key, text in step.texts():
        # The message of a rule on an answer may show that answer.
        given = inside | own if key.endswith(".valid") else inside
        found += (Read(name, text_keys(step, key)) for name in sorted(without(text.reads, given)))
    if step.promise is not None:
        shown = without(step.promise.what.reads, inside | own)
        found += (Read(name, ("promise", "what")) for name in sorted(shown))
    return found


def conditions(step: Step, guards: Guards) -> Iterator[Condition]:
    """Yield every expression of a step but its `when`, with the keys that lead to it."""
    if step.requires is not None:
        yield Condition(step.requires, ("requires",))
    match step:
        case Ask():
            yield from _of_questions(step.questions, ("ask",))
        case Consult():
            yield from _of_questions(step.replies, ("consult", "fields"))
        case Decide():
            yield from _of_decide(step, guards)
        case Do():
            yield from (Condition(value, ("with", name)) for name, value in step.inputs.items())
            if step.gate is not None and step.gate.when is not None:
                yield Condition(step.gate.when, ("approve", "when"))
        case Call() | GotoJourney():
            yield from (Condition(value, ("with", name)) for name, value in step.inputs.items())
        case Wait():
            if step.until is not None:
                yield Condition(step.until, ("wait", "until"))
            yield from (
                Condition(value, ("wait", "with", name)) for name, value in step.inputs.items()
            )
        case _:
            yield from (Condition(expression, ()) for expression in step.expressions())


def _of_questions(questions: tuple[Field, ...], keys: Keys) -> Iterator[Condition]:
    own = frozenset(question.name for question in questions)
    for question in questions:
        at: Keys = (*keys, question.name)
        for valid in question.valid:
            yield Condition(valid.when, (*at, "valid"), own)
        for place, option in enumerate(question.options):
            if option.when is not None:
                yield Condition(option.when, (*at, "options", place, "when"))
        if question.options_from is not None:
            yield Condition(question.options_from.items, (*at, "options", "from"))


def _of_decide(step: Decide, guards: Guards) -> Iterator[Condition]:
    ruled_out = NOTHING
    for place, rule in enumerate(step.rules):
        holds = ruled_out
        if rule.when is not None:
            yield Condition(rule.when, ("decide", place, "when"), ruled_out)
            holds |= guards.of(rule.when).true
            ruled_out |= guards.of(rule.when).not_true
        for name, value in rule.sets:
            yield Condition(value, ("decide", place, "set", name), holds)
    if step.table is not None:
        for name, value in step.table.inputs.items():
            # A table with a `missing` cell in the column says itself what becomes of it.
            known = value.reads if _takes_missing(step.table.table, name) else NOTHING
            yield Condition(value, ("decide", "with", name), known)
        for row in step.table.rows:
            yield from (Condition(value, ("decide",)) for _, value in row.sets)


def _takes_missing(table: DecisionTable, name: str) -> bool:
    places = [place for place, each in enumerate(table.inputs) if each.name == name]
    return any(rule.cells[place].form == "missing" for place in places for rule in table.rules)


def text_keys(step: Step, key: str) -> Keys:
    """Return the keys that lead to a wording named by a step's `texts()`.

    `ask.complaint.options.late` being a list's.
    """
    head, _, rest = key.partition(".")
    if head != "ask" or not rest:
        return tuple(key.split("."))
    for question in step.fields():
        if rest == question.name or rest.startswith(f"{question.name}."):
            tail = rest[len(question.name) + 1 :]
            part, _, option_id = tail.partition(".")
            if part in {"options", "short"}:
                ids = [option.id for option in question.options]
                place = ids.index(option_id) if option_id in ids else 0
                yes_no = question.type.name == "yes_no"
                own = "short" if part == "short" else "label"
                where: Keys = (option_id, own) if yes_no else ("options", place, own)
                return ("ask", question.name, *where)
            return ("ask", question.name, part)
    return tuple(key.split("."))
