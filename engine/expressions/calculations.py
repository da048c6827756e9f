"""What each function of the language reckons; missing for what makes no sense, never an error."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from engine.expressions.errors import MAX_ITEMS, CostExceeded
from engine.expressions.values import (
    Amount,
    Value,
    add,
    amount_of,
    compare,
    day_number,
    day_text,
    exact,
    negate,
    number_of,
    ordered,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_known(value: Value) -> bool:
    """Return whether a value is there."""
    return value is not None


def or_default(value: Value, otherwise: Value) -> Value:
    """Return the value, or the other when it is missing."""
    return otherwise if value is None else value


def as_date(value: Value) -> Value:
    """Return a date's text when it is one."""
    return value if type(value) is str and day_number(value) is not None else None


def the_day(today: str) -> Value:
    """Return the day of the visit."""
    return today


def days_from(first: Value, last: Value) -> Value:
    """Return the days from the first date to the last."""
    if type(first) is not str or type(last) is not str:
        return None
    start, end = day_number(first), day_number(last)
    return None if start is None or end is None else end - start


def days_until(today: str, value: Value) -> Value:
    """Return the days left before a date."""
    return days_from(today, value)


def days_since(today: str, value: Value) -> Value:
    """Return the days gone by since a date."""
    return days_from(value, today)


def years_since(today: str, value: Value) -> Value:
    """Return the whole years since a date."""
    if days_from(value, today) is None:
        return None
    then, now = dt.date.fromisoformat(value), dt.date.fromisoformat(today)
    return now.year - then.year - ((now.month, now.day) < (then.month, then.day))


def add_days(value: Value, days: Value) -> Value:
    """Return the date so many days later."""
    start = day_number(value) if type(value) is str else None
    count = number_of(days)
    if start is None or count is None or count[1] or count[0] != int(count[0]):
        return None
    return day_text(start + int(count[0]))


def weekday(value: Value) -> Value:
    """Return the day of the week."""
    number = day_number(value) if type(value) is str else None
    return None if number is None else WEEKDAYS[(number - 1) % 7]


def length(value: Value) -> Value:
    """Return how many characters a text has."""
    return len(value) if type(value) is str else None


def count(value: Value) -> Value:
    """Return how many items a list has."""
    return len(value) if type(value) is list else None


def lower(value: Value) -> Value:
    """Return a text in small letters."""
    return value.lower() if type(value) is str else None


def upper(value: Value) -> Value:
    """Return a text in capitals."""
    return value.upper() if type(value) is str else None


def of_texts(test: Callable[[str, str], bool]) -> Callable[[Value, Value], Value]:
    """Return a test of two texts that is missing for anything else."""

    def run(value: Value, part: Value) -> Value:
        return test(value, part) if type(value) is str and type(part) is str else None

    return run


def _items(values: tuple[Value, ...]) -> list[Value]:
    items = values[0] if len(values) == 1 and type(values[0]) is list else list(values)
    if len(items) > MAX_ITEMS:
        raise CostExceeded(f"A list of {len(items)} items is reckoned with")
    return items


def total(*values: Value) -> Value:
    """Return the total of a list, or of the values given."""
    items = _items(values)
    total: Value = 0 if not items or number_of(items[0]) is not None else None
    for item in items:
        total = negate(negate(item)) if total is None and item is items[0] else add(total, item)
        if total is None:
            return None
    return total


def extreme(sign: int) -> Callable[..., Value]:
    """Return a function that gives the least (-1) or the greatest (1) value."""

    def run(*values: Value) -> Value:
        items = _items(values)
        best: Value = items[0] if items else None
        if best is None or ordered(best) is None:
            return None
        for item in items[1:]:
            order = compare(item, best)
            if order is None:
                return None
            if order == sign:
                best = item
        return best

    return run


def rounded(value: Value, places: Value = 0) -> Value:
    """Return a number or an amount rounded half up to so many decimals."""
    count = number_of(places)
    if count is None or count[0] not in range(-15, 16):
        return None
    coin = Decimal(1).scaleb(-int(count[0]))
    amount = amount_of(value)
    if amount is not None:
        return Amount(amount.amount.quantize(coin, rounding=ROUND_HALF_UP), amount.currency)
    number = number_of(value)
    if number is None:
        return None
    rounded = Decimal(exact(number[0])).quantize(coin, rounding=ROUND_HALF_UP)
    return {"value": to_json(rounded), "unit": number[1]} if number[1] else rounded


def magnitude(value: Value) -> Value:
    """Return a value without its sign."""
    order = ordered(value)
    if order is None or isinstance(order.key, str):
        return None
    return negate(value) if order.key < 0 else value


def as_text(value: Value) -> Value:
    """Return a value written as a text."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    amount = amount_of(value)
    if amount is not None:
        return f"{to_json(amount)['amount']} {amount.currency}" if to_json(amount) else None
    number = number_of(value)
    if number is None:
        return None
    shown = f"{Decimal(exact(number[0])):f}"
    return f"{shown} {number[1]}" if number[1] else shown
