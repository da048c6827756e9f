"""Every answer type by its name in YAML, and how one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.answers.address import Address
from engine.answers.base import AnswerType, BadSetting, Matcher
from engine.answers.choice import Choice
from engine.answers.consent import Consent
from engine.answers.data import ListOf, Record
from engine.answers.date import Date
from engine.answers.email import Email
from engine.answers.file import File
from engine.answers.group import Group
from engine.answers.identifier import Identifier
from engine.answers.money import Money
from engine.answers.multiple import Multiple
from engine.answers.number import Number
from engine.answers.period import Period
from engine.answers.phone import Phone
from engine.answers.rating import Rating
from engine.answers.text import Text
from engine.answers.time import Time
from engine.answers.yes_no import YesNo

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_TYPES: Mapping[str, type[AnswerType]] = {
    answer_type.name: answer_type
    for answer_type in (
        Choice,
        Multiple,
        YesNo,
        Text,
        Number,
        Money,
        Date,
        Period,
        Time,
        Phone,
        Email,
        Address,
        Identifier,
        Rating,
        File,
        Consent,
        Group,
    )
}
"""Every answer type by its name."""

DATA_TYPES: Mapping[str, type[AnswerType]] = {Record.name: Record, ListOf.name: ListOf}
"""What operations and inputs may be made of beside the answer types."""


def build(
    type_name: str, settings: Mapping[str, object], *, matcher: Matcher | None = None
) -> AnswerType:
    """Return the answer type of a name with its settings.

    Args:
        type_name: one of ANSWER_TYPES, or of DATA_TYPES.
        settings: its keys; `options` are ids; `fields` and `of` hold answer types.
        matcher: the compiled `pattern` of a text; the engine compiles no authored pattern.

    Raises BadSetting: which key, and what it should be.
    """
    answer_type = ANSWER_TYPES.get(type_name) or DATA_TYPES.get(type_name)
    if answer_type is None:
        raise BadSetting("type", f"`{type_name}` is none of {', '.join(ANSWER_TYPES)}.")
    return answer_type(settings, matcher)
