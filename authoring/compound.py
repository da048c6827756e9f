"""Lists and records: what operations give and take beside answers.

People are never asked for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.answers import AnswerType, BadAnswer
from engine.answers.base import Schema
from engine.events import Json
from engine.kinds import Kind
from engine.scope import Scope

MAX_ITEMS = 1_000
"""The longest list kept: what expressions walk at most."""


class ListOf(AnswerType):
    """A list of values of one type, in an operation's `input` or `output`.

    ```yaml
    type: list
    of: {type: record, fields: {id: text, label: text}}
    ```
    """

    name = "list"
    settings: ClassVar[Mapping[str, Schema]] = {}

    def __init__(self, item: AnswerType) -> None:
        super().__init__({})
        self.item = item

    @property
    def kind(self) -> Kind:
        """Return a list of the items' kind."""
        return Kind.list_of(self.item.kind)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return every item in its canonical form."""
        if not isinstance(raw, list) or len(raw) > MAX_ITEMS:
            raise _refused(
                "result.not-a-list",
                f"Une liste d'au plus {MAX_ITEMS} éléments est attendue.",
                f"A list of at most {MAX_ITEMS} items is expected.",
            )
        return [self.item.accept(item, scope) for item in raw]

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return the type and form of its items."""
        return {"of": {"type": self.item.name, "form": self.item.form(language, audience)}}

    def schema(self) -> dict[str, Json]:
        """Return a list."""
        return {"type": "array", "items": self.item.schema(), "maxItems": MAX_ITEMS}


class RecordOf(AnswerType):
    """Named values together, in an operation's `input` or `output`.

    Any of them may be missing, others are dropped.

    ```yaml
    type: record
    fields: {street: text, city: text}
    ```
    """

    name = "record"
    settings: ClassVar[Mapping[str, Schema]] = {}

    def __init__(self, fields: Mapping[str, AnswerType]) -> None:
        super().__init__({})
        self.fields = dict(fields)

    @property
    def kind(self) -> Kind:
        """Return a record whose parts may all be missing."""
        return Kind.record({name: field.kind.or_missing() for name, field in self.fields.items()})

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the declared parts that are there, each in its canonical form."""
        if not isinstance(raw, dict):
            raise _refused(
                "result.not-a-record", "Une fiche est attendue.", "A record is expected."
            )
        given: dict[str, Any] = raw
        return {
            name: field.accept(given[name], scope)
            for name, field in self.fields.items()
            if given.get(name) not in (None, "")
        }

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return its parts by name, each with its type and form."""
        fields: dict[str, Json] = {
            name: {"type": field.name, "form": field.form(language, audience)}
            for name, field in self.fields.items()
        }
        return {"fields": fields}

    def schema(self) -> dict[str, Json]:
        """Return an object."""
        return {
            "type": "object",
            "properties": {name: field.schema() for name, field in self.fields.items()},
        }


def _refused(code: str, french: str, english: str) -> BadAnswer:
    return BadAnswer(code, {"fr": french, "en": english}, {})
