"""What an expression needs to be known, and what its truth tells about what is known.

`known(x)` and `default(x, y)` turn a missing value into one, so that they need nothing; and where
`known(x)` held, `x` is there. Source: semantics.md 18, 19.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.expressions import nodes

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guarded:
    """What one expression needs, and what is surely known once it was.

    It may have been true, false, not true, or not false. A condition that is not true may be false
    or missing, which is why the last two are not the first two.
    """

    needs: frozenset[str] = NOTHING
    true: frozenset[str] = NOTHING
    false: frozenset[str] = NOTHING
    not_true: frozenset[str] = NOTHING
    not_false: frozenset[str] = NOTHING


def without(names: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """Return the names that are not known; a value that is known has its parts, if any."""
    if not known:
        return names
    return frozenset(name for name in names if not covers(known, name))


def covers(names: frozenset[str], name: str) -> bool:
    """Return whether a dotted name, or what it is a part of, is among the names."""
    while name:
        if name in names:
            return True
        name = name.rpartition(".")[0]
    return False


def guarded(ast: nodes.Ast) -> Guarded:
    """Return what an expression needs and what its truth tells.

    Its depth is bounded by the parser.
    """
    match ast:
        case nodes.Name():
            return Guarded(needs=frozenset({ast.dotted}))
        case nodes.Not():
            inner = guarded(ast.operand)
            return Guarded(inner.needs, inner.false, inner.true, inner.not_false, inner.not_true)
        case nodes.Logic():
            return _logic(ast.operator, [guarded(operand) for operand in ast.operands])
        case nodes.Call(function="known"):
            names = _names(ast.arguments[:1])
            return Guarded(without(_needs(ast.arguments), names), true=names, not_false=names)
        case nodes.Call(function="default"):
            first, *rest = ast.arguments
            spared = without(guarded(first).needs, _names((first,)))
            return Guarded(spared | _needs(tuple(rest)))
        case nodes.Quantified():
            inner = guarded(ast.body)
            own = {name for name in inner.needs if name.partition(".")[0] == ast.variable}
            return Guarded(guarded(ast.over).needs | (inner.needs - own))
        case _:
            return Guarded(_needs(nodes.children(ast)))


def _names(arguments: tuple[nodes.Ast, ...]) -> frozenset[str]:
    return frozenset(argument.dotted for argument in arguments if isinstance(argument, nodes.Name))


def _needs(parts: tuple[nodes.Ast, ...]) -> frozenset[str]:
    return NOTHING.union(*(guarded(part).needs for part in parts))


def _logic(operator: str, parts: list[Guarded]) -> Guarded:
    """Join the parts of an `and` or an `or`.

    A part's needs are spared by what every other part's guard tells.
    """
    needs: set[str] = set()
    for place, part in enumerate(parts):
        others = [other for at, other in enumerate(parts) if at != place]
        told = (other.true if operator == "and" else other.not_true for other in others)
        needs |= without(part.needs, NOTHING.union(*told))
    every = {
        name: NOTHING.union(*(getattr(part, name) for part in parts))
        for name in ("true", "false", "not_true", "not_false")
    }
    common = {
        name: frozenset.intersection(*(getattr(part, name) for part in parts))
        for name in ("true", "false", "not_true", "not_false")
    }
    if operator == "and":
        return Guarded(
            frozenset(needs), every["true"], common["false"], common["not_true"], every["not_false"]
        )
    return Guarded(
        frozenset(needs), common["true"], every["false"], every["not_true"], common["not_false"]
    )
