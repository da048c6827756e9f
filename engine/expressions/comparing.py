"""Comparisons, as functions of a scope: quick where one side is a constant, general otherwise."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.expressions.nodes import Ast, Compare, Literal, Name
from engine.expressions.values import Amount, Value, amount_of, compare, equal
from engine.kinds import DATE
from engine.scope import Scope

if TYPE_CHECKING:
    from engine.expressions.values import Number

Run = Callable[[Scope], Value]
Test = Callable[[Value, Value], bool]

_TESTS: dict[str, Test] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compile_compare(node: Compare, compile_part: Callable[[Ast], Run]) -> Run:
    """Return the function that makes a comparison; `compile_part` makes those of its two sides."""
    left, right, sign = node.left, node.right, node.operator
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, sign = right, left, _TURNED[sign]
    same = sign in {"==", "!="}
    if isinstance(right, Literal):
        constant = right.value
        if same and type(constant) is str and right.kind is not DATE:
            return _is_text(left, constant, compile_part=compile_part, wanted=sign == "==")
        if same and type(constant) is bool:
            return _is_boolean(compile_part(left), constant, wanted=sign == "==")
        if type(constant) is int or type(constant) is float:
            return _with_number(left, constant, sign=sign, compile_part=compile_part)
        if type(constant) is Amount:
            return _with_amount(compile_part(left), constant, test=_TESTS[sign])
    one, other = compile_part(left), compile_part(right)
    return (
        _same(one, other, wanted=sign == "==") if same else _in_order(one, other, test=_TESTS[sign])
    )


def _is_text(left: Ast, constant: str, *, compile_part: Callable[[Ast], Run], wanted: bool) -> Run:
    if not wanted:
        same = _is_text(left, constant, compile_part=compile_part, wanted=True)

        def differs(scope: Scope) -> Value:
            value = same(scope)
            return None if value is None else not value

        return differs
    # Written out for names of one and two words: the commonest conditions of all.
    if isinstance(left, Name) and len(left.path) == 1:
        name = left.path[0]

        def of_value(scope: Scope) -> Value:
            try:
                value = scope.values[name]
            except KeyError:
                return None
            return value == constant if type(value) is str else None

        return of_value
    if isinstance(left, Name) and len(left.path) == 2:
        first, second = left.path

        def of_part(scope: Scope) -> Value:
            try:
                value = scope.values[first][second]
            except (KeyError, TypeError):
                return None
            return value == constant if type(value) is str else None

        return of_part
    run = compile_part(left)

    def of_any(scope: Scope) -> Value:
        value = run(scope)
        return value == constant if type(value) is str else None

    return of_any


def _is_boolean(run: Run, constant: bool, *, wanted: bool) -> Run:
    def tested(scope: Scope) -> Value:
        value = run(scope)
        return (value is constant) is wanted if type(value) is bool else None

    return tested


def _with_number(
    left: Ast, constant: Number, *, sign: str, compile_part: Callable[[Ast], Run]
) -> Run:
    test = _TESTS[sign]
    if isinstance(left, Name) and len(left.path) == 2:
        first, second = left.path

        def of_part(scope: Scope) -> Value:
            try:
                value = scope.values[first][second]
            except (KeyError, TypeError):
                return None
            kind = type(value)
            if kind is int or kind is float:
                return test(value, constant)
            return _ordered(value, constant, test=test)

        return of_part
    run = compile_part(left)

    def of_any(scope: Scope) -> Value:
        value = run(scope)
        kind = type(value)
        if kind is int or kind is float:
            return test(value, constant)
        return _ordered(value, constant, test=test)

    return of_any


def _with_amount(run: Run, constant: Amount, *, test: Test) -> Run:
    amount, currency = constant

    def tested(scope: Scope) -> Value:
        value = amount_of(run(scope))
        return test(value[0], amount) if value is not None and value[1] == currency else None

    return tested


def _ordered(left: Value, right: Value, *, test: Test) -> bool | None:
    order = compare(left, right)
    return None if order is None else test(order, 0)


def _in_order(one: Run, other: Run, *, test: Test) -> Run:
    def tested(scope: Scope) -> Value:
        order = compare(one(scope), other(scope))
        return None if order is None else test(order, 0)

    return tested


def _same(one: Run, other: Run, *, wanted: bool) -> Run:
    def tested(scope: Scope) -> Value:
        verdict = equal(one(scope), other(scope))
        return None if verdict is None else verdict is wanted

    return tested
