"""Values as people write them in YAML, in the engine's form.

`80 EUR`, `3 kg`, or the JSON form itself.
"""

from __future__ import annotations

import re

from authoring.compound import ListOf, RecordOf
from engine.answers import AnswerType
from engine.answers.group import Group
from engine.answers.money import Money
from engine.answers.number import Number
from engine.events import Json

_AMOUNT = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([A-Z]{3})")
_QUANTITY = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(\S.*)")


def canonical(answer_type: AnswerType, written: Json) -> Json:
    """Return a value in its JSON form, still to be accepted by its type.

    Short spellings are written out, nothing else.

    Money may be `80 EUR`, and a number with a unit `3 kg`; inside lists, records and groups too.
    """
    if isinstance(answer_type, Money) and isinstance(written, str):
        amount = _AMOUNT.fullmatch(written.strip())
        return written if amount is None else {"amount": amount[1], "currency": amount[2]}
    if (
        isinstance(answer_type, Number)
        and answer_type.unit is not None
        and isinstance(written, str)
    ):
        quantity = _QUANTITY.fullmatch(written.strip())
        return written if quantity is None else {"value": _number(quantity[1]), "unit": quantity[2]}
    if isinstance(answer_type, ListOf) and isinstance(written, list):
        return [canonical(answer_type.item, item) for item in written]
    if isinstance(answer_type, Group) and isinstance(written, list):
        return [_record(answer_type.fields, item) for item in written]
    if isinstance(answer_type, RecordOf):
        return _record(answer_type.fields, written)
    return written


def untyped(written: Json) -> Json:
    """Return a value whose type is not known in its JSON form.

    Every text that is an amount becomes one.
    """
    if isinstance(written, str):
        amount = _AMOUNT.fullmatch(written)
        return written if amount is None else {"amount": amount[1], "currency": amount[2]}
    if isinstance(written, list):
        return [untyped(item) for item in written]
    if isinstance(written, dict):
        return {name: untyped(item) for name, item in written.items()}
    return written


def _record(fields: dict[str, AnswerType], written: Json) -> Json:
    if not isinstance(written, dict):
        return written
    return {
        name: canonical(fields[name], value) if name in fields else value
        for name, value in written.items()
    }


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
