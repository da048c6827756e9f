"""Values while an expression works on them, and what comparing and reckoning with them gives.

Outside, every value is in its JSON form. Inside, numbers may also be exact decimals, amounts and
spans of time have a form of their own, and None is *missing*. Nothing here raises, whatever it is
given: what makes no sense is missing.

Source: semantics.md 19, 20.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from engine.expressions.errors import MAX_ITEMS, CostExceeded
from engine.localise import CURRENCIES, digits

LIMIT = 10**15
"""Numbers beyond it, either side, are missing."""

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_EXACT = Context(prec=34, traps=[])


class Amount(NamedTuple):
    """An amount of money."""

    amount: Decimal
    currency: str


class Span(NamedTuple):
    """A length of time, in seconds."""

    seconds: Number


Number = int | float | Decimal
Value = Any
"""None, bool, Number, str, Amount, Span, list, or a dict as it came."""


@lru_cache(maxsize=4096)
def day_number(text: str) -> int | None:
    """Return the day of a `YYYY-MM-DD` text, counted from the year 1; None when it is no date."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return dt.date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def day_text(number: Number) -> str | None:
    """Return the `YYYY-MM-DD` text of a day, None outside the years 1 to 9999."""
    if not 1 <= number <= dt.date.max.toordinal():
        return None
    return dt.date.fromordinal(int(number)).isoformat()


def is_time(text: str) -> bool:
    """Return whether a text is an hour of the day, `HH:MM`."""
    return _TIME.fullmatch(text) is not None


def amount_of(value: Value) -> Amount | None:
    """Return an amount from its JSON form `{amount, currency}`, None when it is not one."""
    if type(value) is Amount:
        return value
    if type(value) is not dict:
        return None
    amount, currency = value.get("amount"), value.get("currency")
    if type(amount) is int and -LIMIT <= amount <= LIMIT and type(currency) is str:
        return Amount(Decimal(amount), currency)
    if type(amount) is not str or type(currency) is not str:
        return None
    decimal = decimal_of(amount)
    return None if decimal is None else Amount(decimal, currency)


@lru_cache(maxsize=4096)
def decimal_of(amount: str) -> Decimal | None:
    """Return the exact number of an amount's text, None when it is not one."""
    return None if _AMOUNT.fullmatch(amount) is None else Decimal(amount)


def number_of(value: Value) -> tuple[Number, str | None] | None:
    """Return a number and its unit, from a number or `{value, unit}`; None for anything else."""
    unit = None
    if type(value) is dict:
        unit = value.get("unit")
        if type(unit) is not str:
            return None
        value = value.get("value")
    if type(value) is not int and type(value) is not float and type(value) is not Decimal:
        return None
    return (value, unit) if -LIMIT <= value <= LIMIT else None


def span_of(value: Value) -> Span | None:
    """Return a span of time from its JSON form `{seconds}`, None when it is not one."""
    if type(value) is Span:
        return value
    if type(value) is not dict or len(value) != 1:
        return None
    seconds = number_of(value.get("seconds"))
    return None if seconds is None or seconds[1] is not None else Span(seconds[0])


def exact(value: Number) -> int | Decimal:
    """Return a number without the rounding of binary fractions: 0.1 is a tenth."""
    return Decimal(str(value)) if isinstance(value, float) else value


def to_json(value: Value) -> Value:
    """Return a value in its JSON form; amounts are rounded half up to their smallest coin.

    Lists need nothing: they are in their JSON form from their making.
    """
    kind = type(value)
    if kind is Decimal:
        if not value.is_finite() or abs(value) > LIMIT:
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if kind is Amount:
        if not value.amount.is_finite() or abs(value.amount) > LIMIT:
            return None
        coin = Decimal(1).scaleb(-digits(value.currency))
        rounded = value.amount.quantize(coin, rounding=ROUND_HALF_UP, context=_EXACT)
        return {"amount": f"{rounded:f}", "currency": value.currency}
    if kind is Span:
        return {"seconds": to_json(value.seconds)}
    return value


class Ordered(NamedTuple):
    """What a value is compared by: two values of one family (and one unit) have an order."""

    family: str
    unit: str | None
    key: Number | str


def ordered(value: Value) -> Ordered | None:
    """Return what a value is ordered by, None when it has no order, as texts and lists."""
    kind = type(value)
    if kind is str:
        if day_number(value) is not None:
            return Ordered("date", None, value)
        return Ordered("time", None, value) if is_time(value) else None
    if kind is dict or kind is Amount or kind is Span:
        amount = amount_of(value)
        if amount is not None:
            return Ordered("money", amount.currency, amount.amount)
        span = span_of(value)
        if span is not None:
            return Ordered("duration", None, exact(span.seconds))
    number = number_of(value)
    return None if number is None else Ordered("number", number[1], exact(number[0]))


def compare(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1 as `left` is before, at or after `right`; None without a common order."""
    one, other = ordered(left), ordered(right)
    if one is None or other is None or one.family != other.family:
        return None
    if one.unit != other.unit and (one.family == "money" or (one.unit and other.unit)):
        return None
    if one.key == other.key:
        return 0
    # Keys of one family are of one sort, which their type cannot say.
    mine: Any = one.key
    return -1 if mine < other.key else 1


def equal(left: Value, right: Value) -> bool | None:
    """Return whether two values are the same; None when missing or of different kinds.

    Lists of texts are the same whatever their order; other lists are compared item by item.
    """
    kind, other = type(left), type(right)
    if kind is other and (kind is str or kind is bool):
        return bool(left == right)
    if kind is list and other is list:
        return _equal_lists(left, right)
    if kind is dict and other is dict and _is_period(left) and _is_period(right):
        return bool(left["from"] == right["from"] and left["to"] == right["to"])
    if kind is str or other is str:
        return None
    order = compare(left, right)
    return None if order is None else order == 0


def _is_period(value: dict[str, Value]) -> bool:
    return len(value) == 2 and type(value.get("from")) is str and type(value.get("to")) is str


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    for items in (left, right):
        if len(items) > MAX_ITEMS:
            raise CostExceeded(f"A list of {len(items)} items is compared")
    if all(type(item) is str for items in (left, right) for item in items):
        return sorted(left) == sorted(right)
    if len(left) != len(right):
        return False
    verdict: bool | None = True
    for mine, yours in zip(left, right, strict=True):
        if type(mine) is list:
            return None
        same = equal(mine, yours)
        if same is False:
            return False
        if same is None:
            verdict = None
    return verdict


def member(item: Value, items: Value) -> bool | None:
    """Return whether a value is in a list; None when missing, or an unknown item might be it."""
    if item is None or type(items) is not list:
        return None
    if len(items) > MAX_ITEMS:
        raise CostExceeded(f"A list of {len(items)} items is searched")
    verdict: bool | None = False
    for one in items:
        same = None if type(one) is list else equal(item, one)
        if same is True:
            return True
        if same is None:
            verdict = None
    return verdict


def add(left: Value, right: Value, *, sign: int = 1) -> Value:
    """Return the sum, or the difference when `sign` is -1.

    A date takes whole days; two dates differ by a span.
    """
    if type(left) is str or type(right) is str:
        return _add_to_date(left, right, sign=sign)
    one, other = number_of(left), number_of(right)
    if one is not None and other is not None:
        if one[1] and other[1] and one[1] != other[1]:
            return None
        return _number(_EXACT.add(exact(one[0]), exact(other[0]) * sign), one[1] or other[1])
    amount, more = amount_of(left), amount_of(right)
    if amount is not None and more is not None:
        if amount.currency != more.currency:
            return None
        return _money(_EXACT.add(amount.amount, more.amount * sign), amount.currency)
    span, longer = span_of(left), span_of(right)
    if span is not None and longer is not None:
        total = _number(_EXACT.add(exact(span.seconds), exact(longer.seconds) * sign), None)
        return None if total is None else Span(total)
    return None


def _add_to_date(left: Value, right: Value, *, sign: int) -> Value:
    if type(left) is str and type(right) is str:
        last, first = day_number(left), day_number(right)
        return None if sign > 0 or first is None or last is None else Span((last - first) * 86_400)
    if type(right) is str:
        left, right = (right, left) if sign > 0 else (None, None)
    start = day_number(left) if type(left) is str else None
    span = span_of(right)
    if start is None or span is None or span.seconds % 86_400:
        return None
    return day_text(start + sign * span.seconds // 86_400)


def multiply(left: Value, right: Value) -> Value:
    """Return the product of two numbers, or of an amount or a span by a number."""
    one, other = number_of(left), number_of(right)
    if one is not None and other is not None:
        if one[1] and other[1]:
            return None
        return _number(_EXACT.multiply(exact(one[0]), exact(other[0])), one[1] or other[1])
    if one is not None:
        left, other = right, one
    if other is None or other[1]:
        return None
    amount = amount_of(left)
    if amount is not None:
        return _money(_EXACT.multiply(amount.amount, exact(other[0])), amount.currency)
    span = span_of(left)
    if span is None:
        return None
    total = _number(_EXACT.multiply(exact(span.seconds), exact(other[0])), None)
    return None if total is None else Span(total)


def divide(left: Value, right: Value) -> Value:
    """Return the quotient; of two amounts, or two spans, a number; by zero, missing."""
    below = ordered(right)
    if below is None or below.key == 0:
        return None
    above = ordered(left)
    if above is None or isinstance(above.key, str) or isinstance(below.key, str):
        return None
    if above.family == below.family:
        if above.unit != below.unit and (above.family == "money" or below.unit):
            return None
        unit = None if below.unit else above.unit
        ratio = _EXACT.divide(exact(above.key), exact(below.key))
        return _number(ratio, unit if above.family == "number" else None)
    if below.family != "number" or below.unit:
        return None
    quotient = _EXACT.divide(exact(above.key), exact(below.key))
    if above.family == "money":
        return _money(quotient, above.unit or "")
    seconds = _number(quotient, None)
    return None if seconds is None else Span(seconds)


def negate(value: Value) -> Value:
    """Return a number, an amount or a span with its sign turned."""
    return multiply(value, -1)


def _number(value: Number, unit: str | None) -> Value:
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        if value == value.to_integral_value(context=_EXACT) and abs(value) <= LIMIT:
            value = int(value)
    if not -LIMIT <= value <= LIMIT:
        return None
    return {"value": to_json(value), "unit": unit} if unit else value


def _money(value: Decimal, currency: str) -> Amount | None:
    return Amount(value, currency) if value.is_finite() and abs(value) <= LIMIT else None


def is_currency(text: str) -> bool:
    """Return whether a text is a currency in use, such as EUR."""
    return text in CURRENCIES
