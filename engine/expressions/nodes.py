"""The parts of a parsed expression; each knows its `start` and `end`, offsets in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal as OneOf

if TYPE_CHECKING:
    from engine.expressions.values import Value
    from engine.kinds import Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out: text, number, money, duration, date, true, false, null."""

    value: Value
    kind: Kind
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A value read by its dotted name."""

    path: tuple[str, ...]
    start: int
    end: int
    depth: int = 1

    @property
    def dotted(self) -> str:
        """Return the name as one text."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list written out."""

    items: tuple[Ast, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a condition."""

    operand: Ast
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Minus:
    """A number, an amount or a duration with its sign turned."""

    operand: Ast
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by one `and`, or one `or`, however many there are."""

    operator: OneOf["and", "or"]
    operands: tuple[Ast, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    operator: str
    left: Ast
    right: Ast
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a value is among those of a list."""

    left: Ast
    right: Ast
    negated: bool
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values added, subtracted, multiplied or divided."""

    operator: str
    left: Ast
    right: Ast
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """A registered function with what is given to it."""

    function: str
    arguments: tuple[Ast, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class CodeTest:
    """Whether a current code of an axis is a code, or stands below it in its tree."""

    axis: str
    code: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class CodeOf:
    """The principal code of an axis, `not_reached` where none was taken."""

    axis: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Quantified:
    """Whether a condition holds of `any`, or of `all`, items of a list."""

    which: OneOf["any", "all"]
    variable: str
    over: Ast
    body: Ast
    start: int
    end: int
    depth: int


Ast = (
    Literal
    | Name
    | ListOf
    | Not
    | Minus
    | Logic
    | Compare
    | Member
    | Arithmetic
    | Call
    | CodeTest
    | CodeOf
    | Quantified
)
"""Any part of an expression."""


def children(node: Ast) -> tuple[Ast, ...]:
    """Return the parts a part is made of, in the order written."""
    match node:
        case Literal() | Name() | CodeTest() | CodeOf():
            return ()
        case ListOf():
            return node.items
        case Not() | Minus():
            return (node.operand,)
        case Logic():
            return node.operands
        case Compare() | Member() | Arithmetic():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case Quantified():
            return (node.over, node.body)


def size(node: Ast) -> int:
    """Return how many parts an expression has: what it costs at most, its lists apart."""
    return 1 + sum(size(child) for child in children(node))


def names_read(node: Ast, hidden: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the dotted names an expression reads, without the variables of `any` and `all`."""
    match node:
        case Name():
            return frozenset() if node.path[0] in hidden else frozenset({node.dotted})
        case Quantified():
            inner = names_read(node.body, hidden | {node.variable})
            return names_read(node.over, hidden) | inner
        case _:
            return frozenset[str]().union(*(names_read(child, hidden) for child in children(node)))


def code_tests(node: Ast) -> tuple[CodeTest, ...]:
    """Return every test of a code, so that the checker knows each code exists."""
    if isinstance(node, CodeTest):
        return (node,)
    return tuple(test for child in children(node) for test in code_tests(child))
