"""What can be known of an expression before it runs: its kind, and what is wrong with it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.expressions.compiling import compile_tree
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
)
from engine.expressions.reckoning import arithmetic_kind
from engine.expressions.values import day_number, is_time
from engine.kinds import ANY, BOOLEAN, LIST, TEXT, TIME, Kind, Unknown, joins, resolve
from engine.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HAVE_ORDER = frozenset({"number", "money", "date", "time", "duration", "any"})
_MEASURES = frozenset({"number", "money", "duration", "any"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in an expression: a stable code, its offsets, and what to write."""

    code: str
    message: str
    start: int
    end: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What an expression gives, and everything found wrong with it."""

    kind: Kind
    problems: tuple[Problem, ...]


def check(tree: Ast, names: Mapping[str, Kind]) -> Checked:
    """Return the kind of an expression and its problems, all at once, for these declared names.

    `expression.always-true` and `expression.always-false` are said only of what holds whatever the
    values.
    """
    checker = _Checker()
    kind = checker.kind(tree, names)
    if not isinstance(tree, Literal):
        checker.find_constants(tree)
    problems = sorted(checker.problems, key=lambda problem: (problem.start, problem.end))
    return Checked(kind, tuple(problems))


class _Checker:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, code: str, message: str, *, node: Ast, hint: str = "") -> None:
        self.problems.append(Problem(f"expression.{code}", message, node.start, node.end, hint))

    def kind(self, node: Ast, names: Mapping[str, Kind]) -> Kind:
        match node:
            case Literal():
                return node.kind
            case Name():
                return self.name(node, names)
            case ListOf():
                return self.list_of(node, names)
            case Not():
                return self.condition(node.operand, names)
            case Minus():
                return self.minus(node, names)
            case Logic():
                kinds = [self.condition(operand, names) for operand in node.operands]
                return _boolean(kinds)
            case Compare():
                return self.compare(node, names)
            case Member():
                return self.member(node, names)
            case Arithmetic():
                return self.arithmetic(node, names)
            case Call():
                return self.call(node, names)
            case CodeTest():
                return BOOLEAN
            case CodeOf():
                return TEXT
            case Quantified():
                return self.quantified(node, names)

    def name(self, node: Name, names: Mapping[str, Kind]) -> Kind:
        kind = resolve(names, node.path)
        if isinstance(kind, Unknown):
            self.say(
                "unknown-name",
                f"Nothing is called `{kind.part}` here."
                if len(node.path) == 1
                else f"`{node.dotted}`: nothing is called `{kind.part}` there.",
                node=node,
                hint=near(kind.part, kind.among),
            )
            return ANY
        return kind

    def list_of(self, node: ListOf, names: Mapping[str, Kind]) -> Kind:
        item: Kind | None = None
        for part in node.items:
            kind = self.kind(part, names)
            joined = kind if item is None else joins(item, kind)
            if joined is None:
                self.mismatch(part, f"A list of {item.describe() if item else ''}", kind=kind)
                return LIST
            item = joined
        return Kind("list", item=item)

    def condition(self, node: Ast, names: Mapping[str, Kind]) -> Kind:
        kind = self.kind(node, names)
        if kind.name not in {"boolean", "any", "missing"}:
            self.mismatch(node, "A condition", kind=kind)
        return _boolean([kind])

    def minus(self, node: Minus, names: Mapping[str, Kind]) -> Kind:
        kind = self.kind(node.operand, names)
        if kind.name not in _MEASURES:
            self.mismatch(node.operand, "A number", kind=kind)
        return kind

    def mismatch(self, node: Ast, wanted: str, *, kind: Kind) -> None:
        self.say("type-mismatch", f"{wanted} is expected, not {kind.describe()}.", node=node)

    def compare(self, node: Compare, names: Mapping[str, Kind]) -> Kind:
        left, right = self.kind(node.left, names), self.kind(node.right, names)
        left, right = (
            _read_time(node.left, left, other=right),
            _read_time(node.right, right, other=left),
        )
        result = _boolean([left, right])
        if "missing" in {left.name, right.name}:
            self.say(
                "compare-missing",
                "A comparison with null is always missing, never true.",
                node=node,
                hint="Write known(x) or not known(x).",
            )
            return result
        if joins(left, right) is None:
            self.apart(node, left, right=right)
        elif node.operator in {"==", "!="}:
            if "record" in {left.name, right.name}:
                self.say(
                    "type-mismatch",
                    "Records are not compared.",
                    node=node,
                    hint="Compare their parts.",
                )
            self.options(node.left, right)
            self.options(node.right, left)
        else:
            for kind in (left, right):
                if kind.name not in _HAVE_ORDER:
                    self.say(
                        "type-mismatch",
                        f"Values of this kind have no order: {kind.describe()}.",
                        node=node,
                        hint="Numbers, money, dates, times and durations have one.",
                    )
                    break
        return result

    def apart(self, node: Compare | Member | Arithmetic, left: Kind, *, right: Kind) -> None:
        """Say why two kinds do not go together."""
        if left.name == right.name == "money" and left.currency != right.currency:
            currencies = f"{left.currency} and {right.currency}"
            self.say(
                "other-currency", f"Two currencies do not go together: {currencies}.", node=node
            )
        elif left.name == right.name == "number" and left.unit != right.unit:
            units = f"{left.unit} and {right.unit}"
            self.say("other-unit", f"Two units do not go together: {units}.", node=node)
        else:
            self.say(
                "type-mismatch",
                f"{left.describe()} and {right.describe()} do not go together.",
                node=node,
                hint=_hint_of_date(node, left, right=right),
            )

    def options(self, node: Ast, kind: Kind) -> None:
        """Say which option, written out in `node`, a choice does not have."""
        options = kind.options if kind.name in {"choice", "set"} else None
        if options is None:
            return
        if isinstance(node, ListOf):
            for item in node.items:
                self.options(item, kind)
        elif isinstance(node, Literal) and type(node.value) is str and node.value not in options:
            self.say(
                "unknown-option",
                f"`{node.value}` is not one of the options.",
                node=node,
                hint=near(node.value, sorted(options)),
            )

    def member(self, node: Member, names: Mapping[str, Kind]) -> Kind:
        left, right = self.kind(node.left, names), self.kind(node.right, names)
        if right.name not in {"list", "set", "any", "missing"}:
            self.mismatch(node.right, "A list", kind=right)
            return _boolean([left, right])
        item = Kind("choice", options=right.options) if right.name == "set" else right.item or ANY
        if left.name == "set":
            self.mismatch(node.left, "One value", kind=left)
        elif joins(left, item) is None:
            self.apart(node, left, right=item)
        else:
            self.options(node.right, left)
            self.options(node.left, item)
        return _boolean([left, right])

    def arithmetic(self, node: Arithmetic, names: Mapping[str, Kind]) -> Kind:
        left, right = self.kind(node.left, names), self.kind(node.right, names)
        kind = arithmetic_kind(node.operator, left.present(), right=right.present())
        if kind is None:
            self.apart(node, left, right=right)
            return ANY
        # Division by zero, a number too large and a day out of the calendar are missing.
        may_fail = node.operator == "/" or "date" in {left.name, right.name}
        return kind.or_missing() if left.optional or right.optional or may_fail else kind

    def call(self, node: Call, names: Mapping[str, Kind]) -> Kind:
        function = FUNCTIONS[node.function]
        given = tuple(self.kind(argument, names) for argument in node.arguments)
        for place, (argument, kind) in enumerate(zip(node.arguments, given, strict=True)):
            wanted = function.takes_kinds[min(place, len(function.takes_kinds) - 1)]
            if kind.name not in wanted and "any" not in wanted | {kind.name}:
                self.mismatch(
                    argument, f"{' or '.join(sorted(wanted))} in {node.function}", kind=kind
                )
        if node.function == "default" and joins(given[0], given[1]) is None:
            self.mismatch(node.arguments[1], given[0].describe(), kind=given[1])
        return function.kind(given)

    def quantified(self, node: Quantified, names: Mapping[str, Kind]) -> Kind:
        over = self.kind(node.over, names)
        if over.name not in {"list", "set", "any", "missing"}:
            self.mismatch(node.over, "A list", kind=over)
        item = Kind("choice", options=over.options) if over.name == "set" else over.item or ANY
        hidden = node.variable + "."
        inner = {name: kind for name, kind in names.items() if not name.startswith(hidden)}
        body = self.condition(node.body, inner | {node.variable: item})
        return _boolean([over, body])

    def find_constants(self, node: Ast) -> None:
        """Say which conditions are the same whatever the values, the outermost of each."""
        if isinstance(node, Logic | Compare | Member | Not) and _is_fixed(node):
            value = compile_tree(node)(Scope({}, "2000-01-01"))
            if value is not None:
                word = "true" if value else "false"
                self.say(f"always-{word}", f"This is always {word}.", node=node)
            return
        if isinstance(node, Logic) and node.operator == "and" and _contradicts(node):
            self.say("always-false", "These conditions never hold together.", node=node)
            return
        for child in children(node):
            self.find_constants(child)


def near(word: str, among: Iterable[str]) -> str:
    """Return a hint: the name that was perhaps meant, else those there are."""
    names = list(among)
    if len(names) > 500:
        # Comparing with each of thousands would cost more than the hint helps.
        return ""
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"There are: {', '.join(sorted(names)[:12])}." if names else "There are none."


def _boolean(kinds: list[Kind]) -> Kind:
    optional = any(kind.optional or kind.name == "missing" for kind in kinds)
    return BOOLEAN.or_missing() if optional else BOOLEAN


def _read_time(node: Ast, kind: Kind, *, other: Kind) -> Kind:
    """Return the kind of a side: "14:30" beside a time is one, there being no other literal."""
    if other.name == "time" and isinstance(node, Literal) and type(node.value) is str:
        return TIME if is_time(node.value) else kind
    return kind


def _hint_of_date(node: Compare | Member | Arithmetic, left: Kind, *, right: Kind) -> str:
    if "date" not in {left.name, right.name}:
        return ""
    for side in (node.left, node.right):
        if isinstance(side, Literal) and type(side.value) is str and day_number(side.value):
            return f'Write date("{side.value}").'
    return 'Write a date as date("2026-10-31").'


def _is_fixed(node: Ast) -> bool:
    if isinstance(node, Name | CodeTest | CodeOf) or (
        isinstance(node, Call) and node.function == "today"
    ):
        return False
    if isinstance(node, Call) and FUNCTIONS[node.function].today:
        return False
    return all(_is_fixed(child) for child in children(node))


def _contradicts(node: Logic) -> bool:
    """Return whether one value is asked to be two texts at once."""
    wanted: dict[str, Literal] = {}
    for part in node.operands:
        if not isinstance(part, Compare) or part.operator != "==":
            continue
        name, literal = part.left, part.right
        if isinstance(name, Literal):
            name, literal = literal, name
        if not isinstance(name, Name) or not isinstance(literal, Literal):
            continue
        if type(literal.value) is not str:
            continue
        before = wanted.setdefault(name.dotted, literal)
        if before.value != literal.value:
            return True
    return False
