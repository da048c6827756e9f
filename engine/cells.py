"""The notation of decision tables' cells: `< 8`, `[8..20)`, `"a","b"`, `not("x")`, `-`.

Source: OMG Decision Model and Notation, unary tests; language.md, Decision tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from engine.expressions import ExpressionError, near, parse
from engine.expressions.nodes import Literal, Minus
from engine.expressions.values import compare, day_number, equal, is_time, negate, to_json
from engine.kinds import ANY, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json

Sort = OneOf["none", "text", "boolean", "ordered"]
_SORTS: Mapping[str, Sort] = {
    "text": "text",
    "choice": "text",
    "boolean": "boolean",
    "number": "ordered",
    "money": "ordered",
    "date": "ordered",
    "time": "ordered",
    "duration": "ordered",
}
_COMPARISON = re.compile(r"(<=|>=|<|>|==?)\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\])])", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w.-]*|\d[\w-]*[^\W\d][\w-]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One condition on one input.

    `form` says how to read it: `any` value, a `missing` one, one of `values`, none of `values`, or
    a range from `low` to `high` (None: no bound), each end included when closed. Values are in
    their JSON form. `sort` says what the values are: texts, booleans, or values that have an order.
    """

    text: str
    form: OneOf["any", "missing", "one_of", "none_of", "range"]
    sort: Sort = "none"
    values: tuple[Json, ...] = ()
    low: Json = None
    high: Json = None
    low_closed: bool = False
    high_closed: bool = False

    def accepts(self, value: Json) -> bool:
        """Return whether a value fulfils the condition; a missing one only `-` and `missing`."""
        if self.form == "any":
            return True
        if value is None or self.form == "missing":
            return value is None and self.form == "missing"
        if self.form == "one_of":
            return any(self._is(value, one) is True for one in self.values)
        if self.form == "none_of":
            return all(self._is(value, one) is False for one in self.values)
        return self._above_low(value) and self._below_high(value)

    def _is(self, value: Json, one: Json) -> bool | None:
        if self.sort != "ordered":
            return equal(value, one)
        order = compare(value, one)
        return None if order is None else order == 0

    def _above_low(self, value: Json) -> bool:
        if self.low is None:
            return True
        order = compare(value, self.low)
        return order is not None and (order > 0 or (order == 0 and self.low_closed))

    def _below_high(self, value: Json) -> bool:
        if self.high is None:
            return True
        order = compare(value, self.high)
        return order is not None and (order < 0 or (order == 0 and self.high_closed))


def parse_cell(text: str, kind: Kind = ANY) -> Cell:
    """Return the condition a cell writes for an input of a kind.

    Raises ExpressionError, its offsets in the cell: `table.bad-cell`, `table.unknown-option`,
    `table.empty-range`, `table.no-order`, `table.kind` for inputs that have no cells.
    """
    said = text.strip()
    if said in {"", "-"}:
        return Cell(said, "any")
    if said == "missing":
        return Cell(said, "missing")
    if kind.name != "any" and kind.name not in _SORTS:
        raise _wrong(
            "table.kind",
            f"A cell cannot test {kind.describe()}.",
            text=text,
            hint='Make the input a condition instead, such as "a" in x.',
        )
    negated = _NOT.fullmatch(said)
    if negated is not None:
        if negated[1].strip() == "missing":
            return Cell(said, "none_of")
        values, sort = _values(negated[1], kind, text=text)
        return Cell(said, "none_of", sort, values)
    bounds = _RANGE.fullmatch(said)
    if bounds is not None:
        return _range(said, bounds, kind=kind)
    comparison = _COMPARISON.fullmatch(said)
    if comparison is not None:
        return _comparison(said, comparison, kind=kind)
    values, sort = _values(said, kind, text=text)
    return Cell(said, "one_of", sort, values)


def _range(said: str, bounds: re.Match[str], *, kind: Kind) -> Cell:
    low, sort = _value(bounds[2], kind, text=said)
    high, other = _value(bounds[3], kind, text=said)
    if sort != "ordered" or other != "ordered":
        raise _no_order(said)
    low_closed, high_closed = bounds[1] == "[", bounds[4] == "]"
    order = compare(low, high)
    if order is None:
        raise _wrong("table.bad-cell", "The two ends do not go together.", text=said, hint="")
    if order > 0 or (order == 0 and not (low_closed and high_closed)):
        raise _wrong(
            "table.empty-range",
            "No value is in this range.",
            text=said,
            hint="Write the lower end first.",
        )
    return Cell(
        said,
        "range",
        "ordered",
        low=low,
        high=high,
        low_closed=low_closed,
        high_closed=high_closed,
    )


def _comparison(said: str, found: re.Match[str], *, kind: Kind) -> Cell:
    value, sort = _value(found[2], kind, text=said)
    sign = found[1]
    if sign in {"=", "=="}:
        return Cell(said, "one_of", sort, (value,))
    if sort != "ordered":
        raise _no_order(said)
    closed = sign.endswith("=")
    if sign.startswith("<"):
        return Cell(said, "range", "ordered", high=value, high_closed=closed)
    return Cell(said, "range", "ordered", low=value, low_closed=closed)


def _values(said: str, kind: Kind, *, text: str) -> tuple[tuple[Json, ...], Sort]:
    values: list[Json] = []
    sorts: set[Sort] = set()
    for part in _split(said, text):
        value, sort = _value(part, kind, text=text)
        values.append(value)
        sorts.add(sort)
    if len(sorts) > 1:
        raise _wrong("table.bad-cell", "These values are of different kinds.", text=text, hint="")
    return tuple(values), sorts.pop()


def _split(said: str, text: str) -> list[str]:
    """Return what stands between commas, those within quotes apart."""
    parts = [""]
    quote = ""
    for letter in said:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in {'"', "'"}:
            quote = letter
        elif letter == ",":
            parts.append("")
            continue
        parts[-1] += letter
    if quote:
        raise _wrong(
            "table.bad-cell", "A text is not closed.", text=text, hint=f"Close it with {quote}."
        )
    return [part.strip() for part in parts]


def _value(said: str, kind: Kind, *, text: str) -> tuple[Json, Sort]:
    """Return one value in its JSON form, and what sort it is of."""
    if kind.name in {"text", "choice"}:
        value = _text(said, text)
        if kind.options is not None and value not in kind.options:
            raise _wrong(
                "table.unknown-option",
                f"`{value}` is not one of the options.",
                text=text,
                hint=near(value, sorted(kind.options)),
            )
        return value, "text"
    if kind.name in {"date", "any"} and day_number(said.strip('"')):
        return said.strip('"'), "ordered"
    if kind.name in {"time", "any"} and is_time(said.strip('"')):
        return said.strip('"'), "ordered"
    value, found = _literal(said, text)
    if kind.name == "any":
        return value, _SORTS[found]
    if kind.name == "money" and found == "number" and kind.currency is not None:
        return _literal(f"{said} {kind.currency}", text)[0], "ordered"
    if found != kind.name or not _goes_with(value, kind):
        raise _wrong("table.bad-cell", f"This is not {kind.describe()}.", text=text, hint="")
    return value, _SORTS[kind.name]


def _goes_with(value: Json, kind: Kind) -> bool:
    if not isinstance(value, dict):
        return True
    if kind.currency is not None and value.get("currency") != kind.currency:
        return False
    return kind.unit is None or "unit" not in value or value["unit"] == kind.unit


def _text(said: str, text: str) -> str:
    if len(said) > 1 and said[0] == said[-1] and said[0] in {'"', "'"}:
        return said[1:-1]
    if _WORD.fullmatch(said) is None:
        raise _wrong(
            "table.bad-cell", f"`{said}` is not a value.", text=text, hint="Put it in quotes."
        )
    return said


def _literal(said: str, text: str) -> tuple[Json, str]:
    """Return the value of a literal or of a bare word, and the name of its kind."""
    try:
        node = parse(said)
    except ExpressionError as error:
        raise _wrong("table.bad-cell", error.message, text=text, hint=error.hint) from error
    if isinstance(node, Literal) and node.kind.name in _SORTS:
        return to_json(node.value), node.kind.name
    if isinstance(node, Minus) and isinstance(node.operand, Literal):
        return to_json(negate(node.operand.value)), node.operand.kind.name
    return _text(said, text), "text"


def _no_order(text: str) -> ExpressionError:
    return _wrong(
        "table.no-order", "These values have no order.", text=text, hint="List them instead."
    )


def _wrong(code: str, message: str, *, text: str, hint: str) -> ExpressionError:
    return ExpressionError(code, message, start=0, end=len(text), hint=hint)
