"""The form of a question: its options, what is known, what its control needs, what is valid.

`Form` and `Valid` hold the keys of every answer type; a question has those of its own type.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

Text = str | UnsetType
Whole = int | UnsetType
Texts = list[str] | UnsetType


class Choice(msgspec.Struct):
    """One option of a question."""

    id: str
    label: str
    short: str | None


class Known(msgspec.Struct):
    """A value known before it is asked: where from, when; skipped, confirmed or asked anew.

    `why` the mode is so: declared by the library, its source, its age, or null when nothing is
    against using it.
    """

    value: Any
    source: str | None
    at: int | None
    mode: str
    why: str | None


class Form(msgspec.Struct, omit_defaults=True):
    """What a control needs to know, as its author set it, in the words of who looks.

    `min` and `max` bound a number, an amount (a text), a day (a text, or `today`), an hour, how
    many options are chosen, how many times a group is asked, or a scale of marks, whose `labels`
    go by their mark. `shape` says in words what `pattern` asks for. `text` is what is agreed to.
    `fields` are the questions of a group, or the parts of a record, by name; `optional` names those
    that may be left out. `of` is what each item of a list is.
    """

    min: float | str | UnsetType = UNSET
    max: float | str | UnsetType = UNSET
    min_length: Whole = UNSET
    max_length: Whole = UNSET
    pattern: Text = UNSET
    shape: Text = UNSET
    example: Text = UNSET
    multiline: bool | UnsetType = UNSET
    integer: bool | UnsetType = UNSET
    decimals: Whole = UNSET
    unit: Text = UNSET
    currency: Text = UNSET
    country: Text = UNSET
    scheme: Text = UNSET
    required_parts: Texts = UNSET
    labels: dict[str, str] | UnsetType = UNSET
    media_types: Texts = UNSET
    max_bytes: Whole = UNSET
    text: Text = UNSET
    fields: dict[str, Part] | UnsetType = UNSET
    optional: Texts = UNSET
    of: Part | UnsetType = UNSET


class Part(msgspec.Struct):
    """One question of a group, one part of a record, or each item of a list."""

    type: str
    form: Form


class Valid(msgspec.Struct, omit_defaults=True, rename="camel"):
    """The JSON Schema of a valid answer, in its canonical form: only these words of it are used."""

    type: Text = UNSET
    format: Text = UNSET
    pattern: Text = UNSET
    const: Any = UNSET
    enum: Texts = UNSET
    minimum: float | UnsetType = UNSET
    maximum: float | UnsetType = UNSET
    min_length: Whole = UNSET
    max_length: Whole = UNSET
    min_items: Whole = UNSET
    max_items: Whole = UNSET
    unique_items: bool | UnsetType = UNSET
    items: Valid | UnsetType = UNSET
    properties: dict[str, Valid] | UnsetType = UNSET
    required: Texts = UNSET
    additional_properties: bool | UnsetType = UNSET


class Question(msgspec.Struct):
    """One field to fill: its type, its options, what is known already and what is valid."""

    name: str
    type: str
    label: str | None
    help: str | None
    options: list[Choice]
    required: bool
    skippable: bool
    sensitive: bool
    known: Known | None
    offered: Any
    suggested: Any
    value: Any
    default: Any
    valid: Valid
    form: Form


class Asked(msgspec.Struct):
    """A question a session may still ask; `now`: it is asked here."""

    name: str
    type: str
    label: str | None
    options: list[Choice]
    sensitive: bool
    valid: Valid
    form: Form
    now: bool
