"""Values on their way into a database and out of it: what a deployment says of each, kept to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

Json = Any
LONGEST: Final = 65_536
_LARGEST: Final = 2**53


class WrongValue(Exception):
    """A value is not of its declared kind; which one it is says `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: its JSON Schema, what is bound for it, what is read of a column."""

    schema: Mapping[str, Any]
    bound: Callable[[Json], Any]
    read: Callable[[Any], Json]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or "\0" in value:
        raise ValueError
    return value


def _read_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        raise ValueError  # noqa: TRY004 - it is told as a wrong value
    return value if isinstance(value, str) else str(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError  # noqa: TRY004 - it is told as a wrong value
    made = Decimal(str(value))
    if not made.is_finite():
        raise ValueError
    return made


def _read_number(value: Any) -> int | float:
    made = float(value)
    if isinstance(value, bool) or not math.isfinite(made):
        raise ValueError
    return int(made) if made.is_integer() and abs(made) <= _LARGEST else made


def _integer(value: Any) -> int:
    made = _number(value)
    if made != int(made) or abs(made) > _LARGEST:
        raise ValueError
    return int(made)


def _date(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _read_date(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()


def _read_time(value: Any) -> str:
    return (value if isinstance(value, time) else time.fromisoformat(value)).strftime("%H:%M")


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004 - it is told as a wrong value
    return value


def _read_flag(value: Any) -> bool:
    if value not in {0, 1}:
        raise ValueError
    return bool(value)


KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind({"type": "string"}, _text, _read_text),
    "number": Kind({"type": "number"}, _number, _read_number),
    "integer": Kind({"type": "integer"}, _integer, _integer),
    "date": Kind({"type": "string", "format": "date"}, _date, _read_date),
    "time": Kind(
        {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
        lambda value: time.fromisoformat(_text(value)),
        _read_time,
    ),
    "yes_no": Kind({"type": "boolean"}, _flag, _read_flag),
}
"""The kinds a deployment may name; `money EUR` is one more for each currency."""


def kind_of(written: str) -> Kind | None:
    """Return the kind a deployment names; None when there is none of that name."""
    word, _, currency = written.partition(" ")
    if word == "money" and len(currency) == 3 and currency.isascii() and currency.isupper():
        return _money(currency)
    return KINDS.get(written)


def _money(currency: str) -> Kind:
    def bound(value: Any) -> Decimal:
        if not isinstance(value, Mapping) or value.get("currency") != currency:
            raise ValueError
        return _number(value.get("amount"))

    def read(value: Any) -> Json:
        return {"amount": f"{_number(value if isinstance(value, int) else str(value)):f}",
                "currency": currency}  # fmt: skip

    amount = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}
    properties = {"amount": amount, "currency": {"const": currency}}
    schema = {"type": "object", "properties": properties, "required": ["amount", "currency"]}
    return Kind(schema, bound, read)


def bound(kinds: Mapping[str, Kind], given: Mapping[str, Json]) -> dict[str, Any]:
    """Return what is bound for each declared value; one that is not given is null.

    Raises:
        WrongValue: a value is not of its kind, or nothing declares it.
    """
    for name in given:
        if name not in kinds:
            raise WrongValue(name)
    return {name: _made(name, kind.bound, given.get(name)) for name, kind in kinds.items()}


def read(kinds: Mapping[str, Kind], row: Mapping[str, Any]) -> dict[str, Json]:
    """Return the declared columns of a row in their JSON form; others are dropped.

    Raises:
        WrongValue: a column is not there, or is not of its kind.
    """
    for name in kinds:
        if name not in row:
            raise WrongValue(name)
    return {
        name: _made(name, kind.read, row[name])
        for name, kind in kinds.items()
        if row[name] is not None
    }


def _made(name: str, make: Callable[[Any], Any], value: Any) -> Any:
    if value is None:
        return None
    try:
        return make(value)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise WrongValue(name) from None
