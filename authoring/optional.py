"""Which questions may be skipped: those whose answers nothing needs on the paths after them.

A reading needs its value unless it asks for it with `known(x)`, or gives another with `default(x,
…)`. What routes, codes or is handed to a caller is needed. Nothing here forgives more than the
proof of definite assignment does, so that a question that may be skipped never makes a value
unassigned. Source: semantics.md 13.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from authoring.behind import reads_result, taken_later
from engine.expressions import Ast, Expression
from engine.expressions.nodes import Call, Name, children
from engine.model import Field, Journey
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.transfer import Transfer

GUARDS = frozenset({"known", "default"})


def skippable(journey: Journey, saved: Collection[str] = ()) -> frozenset[tuple[str, str]]:
    """Return the (step, field) pairs that a person may leave unanswered.

    `saved` names the values that callers save of the journey.
    """
    kept = {*saved, *(journey.outputs or ())}
    for invariant in journey.invariants:
        kept |= _needed(invariant.requires)
    candidates = [
        (step, question)
        for step in journey.steps.values()
        if isinstance(step, Ask)
        for question in step.questions
        if question.required
        and question.name not in kept
        and step.id not in kept
        and not _serves(question, step)
    ]
    if not candidates:
        return frozenset()
    bits = {
        name: 1 << place for place, name in enumerate({question.name for _, question in candidates})
    }
    for step, question in candidates:
        # A value read as `step.value` is needed under both names.
        bits[step.id] = bits.get(step.id, 0) | bits[question.name]
    later = _needed_later(journey, bits, saved)
    return frozenset(
        (step.id, question.name)
        for step, question in candidates
        if not bits[question.name] & (later[step.id] | _beside(step, question, bits))
    )


def _serves(question: Field, step: Ask) -> bool:
    return question.name == step.router or any(
        option.codes or option.next for option in question.options
    )


def _needed_later(
    journey: Journey, bits: Mapping[str, int], saved: Collection[str]
) -> dict[str, int]:
    """Return, for each step, the names needed by it or on a path after it leaves, as bits."""
    own = {step.id: _bits(_names(step), bits) for step in journey.steps.values()}
    ways = {
        step.id: [target.step for target in step.targets() if target.step in journey.steps]
        for step in journey.steps.values()
    }
    for action in journey.steps.values():
        late = [one.step for one in taken_later(action) if one.step in journey.steps]
        for reader in journey.steps.values() if late else ():
            if reads_result(reader, action, saved):
                ways[reader.id] += late
    later = dict.fromkeys(journey.steps, 0)
    backwards = list(journey.steps)[::-1]
    changed = True
    while changed:
        changed = False
        for step in backwards:
            found = later[step]
            for target in ways[step]:
                if target is not None:
                    found |= own[target] | later[target]
            if found != later[step]:
                later[step] = found
                changed = True
    return later


def _beside(step: Ask, question: Field, bits: Mapping[str, int]) -> int:
    """Return what the other questions of the same step need of this one."""
    names: set[str] = set()
    for other in step.questions:
        for valid in other.valid if other is not question else ():
            names |= _needed(valid.when)
    return _bits(names, bits)


def _names(step: Step) -> Iterator[str]:
    for expression in (step.when, step.requires):
        if expression is not None:
            yield from _needed(expression)
    own = {id(valid.when) for question in step.fields() for valid in question.valid}
    for expression in step.expressions():
        if id(expression) not in own:
            yield from _needed(expression)
    for _, text in step.texts():
        yield from (name.partition(".")[0] for name in text.reads)
    if step.promise is not None:
        yield from (name.partition(".")[0] for name in step.promise.what.reads)
    if isinstance(step, Transfer):
        yield from step.context


def _bits(names: Collection[str] | Iterator[str], bits: Mapping[str, int]) -> int:
    found = 0
    for name in names:
        found |= bits.get(name, 0)
    return found


def _needed(expression: Expression) -> set[str]:
    """Return the root names whose values an expression needs."""
    found: set[str] = set()
    todo: list[Ast] = [expression.ast]
    while todo:
        node = todo.pop()
        parts = children(node)
        if isinstance(node, Name):
            found.add(node.path[0])
        elif (
            isinstance(node, Call)
            and node.function in GUARDS
            and parts
            and isinstance(parts[0], Name)
        ):
            parts = parts[1:]
        todo.extend(parts)
    return found
