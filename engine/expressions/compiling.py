"""From the parts of an expression to one function of a scope.

Each part becomes a closure over those of its own parts. The forms that journeys are full of (a
value compared with a constant) are single closures, because a call costs more than what it does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.expressions.comparing import compile_compare
from engine.expressions.errors import MAX_ITEMS, MAX_STEPS, CostExceeded
from engine.expressions.functions import FUNCTIONS
from engine.expressions.nodes import (
    Arithmetic,
    Ast,
    Call,
    CodeOf,
    CodeTest,
    Compare,
    ListOf,
    Literal,
    Logic,
    Member,
    Minus,
    Name,
    Not,
    Quantified,
    children,
    size,
)
from engine.expressions.values import add, divide, member, multiply, negate, to_json
from engine.scope import NOT_REACHED, Scope

if TYPE_CHECKING:
    from engine.expressions.values import Value

Run = Callable[[Scope], "Value"]


class _Metered(Scope):
    """A scope that counts what is spent in it, for expressions that walk lists."""

    __slots__ = ("spent",)
    spent: list[int]


def compile_tree(tree: Ast) -> Run:
    """Return the function that evaluates an expression: a scope in, a value in its JSON form out.

    It raises CostExceeded only.
    """
    run = _compile(tree)
    if not _gives_json(tree):
        inner = run

        def in_json(scope: Scope) -> Value:
            return to_json(inner(scope))

        run = in_json
    return _with_meter(run) if _walks_lists(tree) else run


def _gives_json(tree: Ast) -> bool:
    if isinstance(tree, Literal):
        return to_json(tree.value) is tree.value
    return not isinstance(tree, Arithmetic | Minus | Call)


def _walks_lists(tree: Ast) -> bool:
    return isinstance(tree, Quantified) or any(_walks_lists(child) for child in children(tree))


def _with_meter(run: Run) -> Run:
    def metered(scope: Scope) -> Value:
        counted = _Metered(scope.values, scope.today, scope.codes)
        counted.spent = [0]
        return run(counted)

    return metered


def _compile(node: Ast) -> Run:
    match node:
        case Literal():
            return _constant(node.value)
        case Name():
            return _read(node.path)
        case ListOf():
            return _list(node)
        case Not():
            return _not(_compile(node.operand))
        case Minus():
            return _minus(_compile(node.operand))
        case Logic():
            runs = [_compile(operand) for operand in node.operands]
            return _and(runs) if node.operator == "and" else _or(runs)
        case Compare():
            return compile_compare(node, _compile)
        case Member():
            return _member(node)
        case Arithmetic():
            return _arithmetic(node)
        case Call():
            return _call(node)
        case CodeTest():
            return _code_test(node)
        case CodeOf():
            return _code_of(node)
        case Quantified():
            return _quantified(node)


def _constant(value: Value) -> Run:
    return lambda _: value


def _read(path: tuple[str, ...]) -> Run:
    first, *rest = path
    if not rest:
        return lambda scope: scope.values.get(first)
    if len(rest) == 1:
        second = rest[0]

        def two(scope: Scope) -> Value:
            try:
                return scope.values[first][second]
            except (KeyError, TypeError):
                return None

        return two

    def many(scope: Scope) -> Value:
        value = scope.values.get(first)
        for name in rest:
            if type(value) is not dict:
                return None
            value = value.get(name)
        return value

    return many


def _list(node: ListOf) -> Run:
    runs = [_compile(item) for item in node.items]
    if all(isinstance(item, Literal) for item in node.items):
        return _constant([to_json(item.value) for item in node.items if isinstance(item, Literal)])
    return lambda scope: [to_json(run(scope)) for run in runs]


def _not(run: Run) -> Run:
    def negation(scope: Scope) -> Value:
        value = run(scope)
        if value is True:
            return False
        return True if value is False else None

    return negation


def _minus(run: Run) -> Run:
    return lambda scope: negate(run(scope))


def _and(runs: list[Run]) -> Run:
    if len(runs) == 2:
        left, right = runs

        def both(scope: Scope) -> Value:
            one = left(scope)
            if one is False:
                return False
            other = right(scope)
            if other is False:
                return False
            return True if one is True and other is True else None

        return both

    def every(scope: Scope) -> Value:
        verdict: bool | None = True
        for run in runs:
            value = run(scope)
            if value is False:
                return False
            if value is not True:
                verdict = None
        return verdict

    return every


def _or(runs: list[Run]) -> Run:
    def some(scope: Scope) -> Value:
        verdict: bool | None = False
        for run in runs:
            value = run(scope)
            if value is True:
                return True
            if value is not False:
                verdict = None
        return verdict

    return some


def _member(node: Member) -> Run:
    left = _compile(node.left)
    negated = node.negated
    if isinstance(node.right, ListOf):
        literals = [item.value for item in node.right.items if isinstance(item, Literal)]
        texts = frozenset(value for value in literals if type(value) is str)
        if len(texts) == len(node.right.items):

            def in_texts(scope: Scope) -> Value:
                value = left(scope)
                return (value in texts) is not negated if type(value) is str else None

            return in_texts
    right = _compile(node.right)

    def in_list(scope: Scope) -> Value:
        found = member(left(scope), right(scope))
        return found if found is None else found is not negated

    return in_list


def _subtract(left: Value, right: Value) -> Value:
    return add(left, right, sign=-1)


_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": _subtract,
    "*": multiply,
    "/": divide,
}
_SMALL = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_SMALL_LIMIT = 10**7
"""Whole numbers below it have sums and products below the limit of numbers."""


def _arithmetic(node: Arithmetic) -> Run:
    left, right = _compile(node.left), _compile(node.right)
    reckon = _ARITHMETIC[node.operator]
    small = _SMALL.get(node.operator)
    if small is None:
        return lambda scope: reckon(left(scope), right(scope))

    def quick(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if (
            type(one) is int
            and type(other) is int
            and -_SMALL_LIMIT < one < _SMALL_LIMIT
            and -_SMALL_LIMIT < other < _SMALL_LIMIT
        ):
            return small(one, other)
        return reckon(one, other)

    return quick


def _call(node: Call) -> Run:
    function = FUNCTIONS[node.function]
    runs = [_compile(argument) for argument in node.arguments]
    run, today = function.run, function.today
    if function.missing:
        return lambda scope: run(*[one(scope) for one in runs])
    if not runs:
        return lambda scope: run(scope.today)
    if len(runs) == 1:
        only = runs[0]

        def one_value(scope: Scope) -> Value:
            value = only(scope)
            if value is None:
                return None
            return run(scope.today, value) if today else run(value)

        return one_value

    def several(scope: Scope) -> Value:
        values = [one(scope) for one in runs]
        if None in values:
            return None
        return run(scope.today, *values) if today else run(*values)

    return several


def _code_of(node: CodeOf) -> Run:
    axis = node.axis

    def found(scope: Scope) -> Value:
        taken = scope.codes.get(axis, ())
        return taken[-1] if taken else NOT_REACHED

    return found


def _code_test(node: CodeTest) -> Run:
    axis, code, below = node.axis, node.code, node.code + "."

    def tested(scope: Scope) -> Value:
        return any(one == code or one.startswith(below) for one in scope.codes.get(axis, ()))

    return tested


def _quantified(node: Quantified) -> Run:
    over, body, variable = _compile(node.over), _compile(node.body), node.variable
    cost = size(node.body)
    decisive = node.which == "any"

    def walk(scope: Scope) -> Value:
        items = over(scope)
        if type(items) is not list:
            return None
        if len(items) > MAX_ITEMS:
            raise CostExceeded(f"A list of {len(items)} items is walked")
        spent = scope.spent if isinstance(scope, _Metered) else [0]
        inner = _Metered(dict(scope.values), scope.today, scope.codes)
        inner.spent = spent
        verdict: bool | None = not decisive
        for item in items:
            spent[0] += cost
            if spent[0] > MAX_STEPS:
                raise CostExceeded("The lists walked inside one another are too long")
            inner.values[variable] = item
            value = body(inner)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                verdict = None
        return verdict

    return walk
