"""From the text of an expression to its parts."""

from __future__ import annotations

import difflib
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Never

from engine.expressions.errors import ExpressionError
from engine.expressions.functions import FUNCTIONS
from engine.expressions.lexer import KEYWORDS, Token, tokens
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
)
from engine.expressions.units import SECONDS
from engine.expressions.values import LIMIT, Amount, Span, day_number, is_currency
from engine.kinds import BOOLEAN, DATE, DURATION, MISSING, NUMBER, TEXT, Kind
from engine.scope import AXES

if TYPE_CHECKING:
    from engine.expressions.values import Number

MAX_DEPTH = 64
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"true": (True, BOOLEAN), "false": (False, BOOLEAN), "null": (None, MISSING)}


@lru_cache(maxsize=4096)
def parse(text: str) -> Ast:
    """Return the parts of an expression. Raises ExpressionError: where, and what to write."""
    reader = _Reader(text)
    tree = reader.whole()
    reader.expect_end()
    return tree


class _Reader:
    """Reads from left to right, one word ahead; `level` is how deep in brackets it is."""

    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.at = 0
        self.level = 0

    @property
    def word(self) -> Token:
        return self.words[self.at]

    def take(self) -> Token:
        word = self.words[self.at]
        self.at += 1
        return word

    def sees(self, said: str) -> bool:
        word = self.word
        return word.said == said and word.sort in {"sign", "name"}

    def expect(self, said: str, why: str) -> Token:
        if not self.sees(said):
            self.refuse(f"`{said}` is expected {why}")
        return self.take()

    def expect_end(self) -> None:
        if self.word.sort != "end":
            self.refuse("The expression should end here", _after(self.word))

    def refuse(self, message: str, hint: str = "") -> Never:
        word = self.word
        found = "the end" if word.sort == "end" else f"`{word.said}`"
        raise ExpressionError(
            "expression.syntax",
            f"{message}, not {found}.",
            start=word.start,
            end=max(word.end, word.start + 1),
            hint=hint,
        )

    def depth(self, *nodes: Ast) -> int:
        """Return the depth of a part made of these, refusing one that is too deep."""
        deepest = 1 + max((node.depth for node in nodes), default=0)
        if deepest > MAX_DEPTH:
            self.too_deep()
        return deepest

    def too_deep(self) -> Never:
        raise ExpressionError(
            "expression.too-deep",
            f"The expression is nested more than {MAX_DEPTH} deep.",
            start=self.word.start,
            end=self.word.end,
            hint="Set a part of it as a value first.",
        )

    def whole(self) -> Ast:
        """Read conditions joined by `or`, whose parts are joined by `and`."""
        self.level += 1
        if self.level > MAX_DEPTH:
            self.too_deep()
        terms = [self.conjunction()]
        while self.sees("or"):
            self.take()
            terms.append(self.conjunction())
        self.level -= 1
        if len(terms) == 1:
            return terms[0]
        return Logic("or", tuple(terms), terms[0].start, terms[-1].end, self.depth(*terms))

    def conjunction(self) -> Ast:
        terms = [self.negation()]
        while self.sees("and"):
            self.take()
            terms.append(self.negation())
        if len(terms) == 1:
            return terms[0]
        return Logic("and", tuple(terms), terms[0].start, terms[-1].end, self.depth(*terms))

    def negation(self) -> Ast:
        starts: list[int] = []
        while self.sees("not"):
            starts.append(self.take().start)
        tree = self.comparison()
        for start in reversed(starts):
            tree = Not(tree, start, tree.end, self.depth(tree))
        return tree

    def comparison(self) -> Ast:
        left = self.sum()
        negated = self.sees("not") and self.words[self.at + 1].said == "in"
        if negated:
            self.take()
        if self.sees("in"):
            self.take()
            right = self.sum()
            tree: Ast = Member(left, right, negated, left.start, right.end, self.depth(left, right))
        elif self.word.sort == "sign" and self.word.said in _COMPARISONS:
            operator = self.take().said
            right = self.sum()
            tree = Compare(
                operator,
                left,
                right,
                left.start,
                right.end,
                self.depth(left, right),
            )
        else:
            return left
        if self.word.said in _COMPARISONS and self.word.sort == "sign":
            self.refuse(
                "Comparisons are not chained", "Write `low <= x and x < high` instead of a chain."
            )
        return tree

    def sum(self) -> Ast:
        tree = self.product()
        while self.word.sort == "sign" and self.word.said in {"+", "-"}:
            operator = self.take().said
            right = self.product()
            tree = self.reckon(operator, tree, right=right)
        return tree

    def product(self) -> Ast:
        tree = self.signed()
        while self.word.sort == "sign" and self.word.said in {"*", "/"}:
            operator = self.take().said
            right = self.signed()
            tree = self.reckon(operator, tree, right=right)
        return tree

    def reckon(self, operator: str, left: Ast, *, right: Ast) -> Ast:
        return Arithmetic(
            operator,
            left,
            right,
            left.start,
            right.end,
            self.depth(left, right),
        )

    def signed(self) -> Ast:
        starts: list[int] = []
        while self.word.sort == "sign" and self.word.said == "-":
            starts.append(self.take().start)
        tree = self.single()
        for start in reversed(starts):
            tree = Minus(tree, start, tree.end, self.depth(tree))
        return tree

    def single(self) -> Ast:
        word = self.word
        match word.sort:
            case "number":
                return self.number()
            case "text":
                self.take()
                return Literal(word.said, TEXT, word.start, word.end)
            case "quoted":
                return self.name()
            case "name":
                return self.named()
            case "sign" if word.said == "(":
                self.take()
                tree = self.whole()
                self.expect(")", "to close the bracket")
                return tree
            case "sign" if word.said == "[":
                return self.list_of()
            case _:
                return self.refuse("A value is expected")

    def number(self) -> Literal:
        word = self.take()
        value: Number = float(word.said) if "." in word.said else int(word.said)
        if value > LIMIT:
            raise ExpressionError(
                "expression.too-large",
                "Numbers go up to 10^15.",
                start=word.start,
                end=word.end,
            )
        unit = self.word
        if unit.sort != "name" or unit.said in KEYWORDS:
            return Literal(value, NUMBER, word.start, word.end)
        self.take()
        if is_currency(unit.said):
            amount = Amount(Decimal(word.said), unit.said)
            kind = Kind("money", currency=unit.said)
            return Literal(amount, kind, word.start, unit.end)
        if unit.said in SECONDS:
            seconds = value * SECONDS[unit.said]
            whole = int(seconds) if seconds == int(seconds) else seconds
            return Literal(Span(whole), DURATION, word.start, unit.end)
        measured = {"value": value, "unit": unit.said}
        return Literal(measured, Kind("number", unit=unit.said), word.start, unit.end)

    def list_of(self) -> ListOf:
        start = self.take().start
        items: list[Ast] = []
        while not self.sees("]"):
            items.append(self.whole())
            if not self.sees(","):
                break
            self.take()
        end = self.expect("]", "to close the list").end
        return ListOf(tuple(items), start, end, self.depth(*items))

    def named(self) -> Ast:
        word = self.word
        following = self.words[self.at + 1]
        if word.said in _CONSTANTS:
            self.take()
            value, kind = _CONSTANTS[word.said]
            return Literal(value, kind, word.start, word.end)
        if following.sort == "sign" and following.said == "(":
            if word.said == "code":
                return self.code_of()
            return self.quantified() if word.said in {"any", "all"} else self.call()
        if word.said == "today":
            self.take()
            return Call("today", (), word.start, word.end, 1)
        if word.said in AXES and following.sort == "name" and following.said == "within":
            return self.code_test()
        if word.said in KEYWORDS:
            return self.refuse("A value is expected", _after(word))
        return self.name()

    def name(self) -> Name:
        first = self.take()
        path = [first.said]
        end = first.end
        while self.word.sort == "sign" and self.word.said == ".":
            self.take()
            part = self.take()
            if part.sort not in {"name", "quoted"}:
                self.at -= 1
                self.refuse("A name is expected after the dot")
            path.append(part.said)
            end = part.end
        return Name(tuple(path), first.start, end)

    def code_test(self) -> CodeTest:
        axis = self.take()
        self.take()
        if self.word.sort != "text":
            self.refuse(
                "A code between quotes is expected", f'Write {axis.said} within "livraison".'
            )
        code = self.take()
        return CodeTest(axis.said, code.said, axis.start, code.end)

    def code_of(self) -> CodeOf:
        first = self.take()
        self.take()
        if self.word.sort != "name" or self.word.said not in AXES:
            self.refuse("An axis is expected", f"Write code({AXES[1]}): {', '.join(AXES)}.")
        axis = self.take()
        end = self.expect(")", "to close it").end
        return CodeOf(axis.said, first.start, end)

    def quantified(self) -> Quantified:
        which = self.take()
        self.take()
        variable = self.word
        if variable.sort != "name" or variable.said in KEYWORDS:
            self.refuse("A name for each item is expected", "Write any(x in items: x.price > 10).")
        self.take()
        self.expect("in", "after the item's name")
        over = self.sum()
        self.expect(":", "before the condition")
        body = self.whole()
        end = self.expect(")", "to close it").end
        return Quantified(
            "any" if which.said == "any" else "all",
            variable.said,
            over,
            body,
            which.start,
            end,
            self.depth(over, body),
        )

    def call(self) -> Ast:
        name = self.take()
        function = FUNCTIONS.get(name.said)
        if function is None:
            near = difflib.get_close_matches(name.said, FUNCTIONS, n=1)
            raise ExpressionError(
                "expression.unknown-function",
                f"There is no function `{name.said}`.",
                start=name.start,
                end=name.end,
                hint=f"Did you mean {near[0]}?" if near else f"There are: {', '.join(FUNCTIONS)}.",
            )
        self.take()
        given: list[Ast] = []
        while not self.sees(")"):
            given.append(self.whole())
            if not self.sees(","):
                break
            self.take()
        end = self.expect(")", "to close the function").end
        if not function.takes(len(given)):
            raise ExpressionError(
                "expression.arguments",
                f"`{name.said}` is given {len(given)} values; it takes {function.signature()}.",
                start=name.start,
                end=end,
                hint=f"Write it as in {function.example}.",
            )
        node = Call(name.said, tuple(given), name.start, end, self.depth(*given))
        return _dated(node) if name.said == "date" else node


def _dated(call: Call) -> Ast:
    """Return a date written out as a literal, refusing one that no calendar has."""
    given = call.arguments[0]
    if not isinstance(given, Literal):
        return call
    if type(given.value) is not str or day_number(given.value) is None:
        raise ExpressionError(
            "expression.not-a-date",
            "This is no date.",
            start=given.start,
            end=given.end,
            hint='Write date("2026-10-31"): year, month, day.',
        )
    return Literal(given.value, DATE, call.start, call.end)


def _after(word: Token) -> str:
    if word.said == ",":
        return "Decimals are written with a point: 12.50."
    if word.said == "within":
        return f"Only {', '.join(AXES)} are tested with within."
    return ""
