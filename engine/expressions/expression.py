"""An expression ready to be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.expressions.checking import Problem, check
from engine.expressions.compiling import compile_tree
from engine.expressions.nodes import Ast, CodeTest, code_tests, names_read
from engine.expressions.parser import parse
from engine.kinds import ANY, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.events import Json
    from engine.scope import Scope


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that was read: what it reads and gives, what is wrong with it, how to evaluate it.

    `evaluate` takes a scope and gives a value in its JSON form, None for missing. It never fails,
    whatever the values are, except with CostExceeded. `reads` are dotted names as written; `codes`
    are the tests of codes.
    """

    text: str
    ast: Ast
    reads: frozenset[str]
    codes: tuple[CodeTest, ...]
    kind: Kind
    problems: tuple[Problem, ...]
    evaluate: Callable[[Scope], Json]

    @property
    def roots(self) -> frozenset[str]:
        """Return the first word of each name it reads."""
        return frozenset(name.partition(".")[0] for name in self.reads)


def compile_expression(text: str, names: Mapping[str, Kind] | None = None) -> Expression:
    """Return an expression from its text, checked against the declared names when they are given.

    Raises ExpressionError when the text cannot be read; what can be read but is wrong is in
    `problems`.
    """
    tree = parse(text)
    kind, problems = ANY, tuple[Problem, ...]()
    if names is not None:
        checked = check(tree, names)
        kind, problems = checked.kind, checked.problems
    return Expression(
        text=text,
        ast=tree,
        reads=names_read(tree),
        codes=code_tests(tree),
        kind=kind,
        problems=problems,
        evaluate=compile_tree(tree),
    )
