"""The shapes of data that systems give and nobody is asked for: records and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.answers.base import AnswerType, BadAnswer, BadSetting, Schema, refuse
from engine.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

MAX_ITEMS = 10_000


class Record(AnswerType):
    """Named parts, any of which may be missing; parts that are not declared are dropped.

    ```yaml
    type: record
    fields: {status: {type: text}, amount: {type: money, currency: EUR}}
    ```
    """

    name = "record"
    settings: ClassVar[Mapping[str, Schema]] = {"fields": {"type": "object"}}

    def prepare(self) -> None:
        """Read the parts."""
        self.fields: dict[str, AnswerType] = {}
        given: Mapping[str, Any] = self.given.get("fields", {})
        for name, field in given.items():
            if not isinstance(field, AnswerType):
                raise BadSetting("fields", f"{name} is not a type.")
            self.fields[name] = field

    @property
    def kind(self) -> Kind:
        """Return a record whose parts may be missing."""
        return Kind.record({name: field.kind.or_missing() for name, field in self.fields.items()})

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the declared parts that are there."""
        if not isinstance(raw, dict):
            raise refuse("answer.not-an-object", parts=list(self.fields))
        parts: dict[str, Json] = {}
        for name, field in self.fields.items():
            value = raw.get(name)
            if value is None or value == "":
                continue
            try:
                parts[name] = field.accept(value, scope)
            except BadAnswer as bad:
                message = {spoken: f"{name}: {why}" for spoken, why in bad.message.items()}
                raise BadAnswer(bad.code, message, bad.params) from bad
        return parts

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


class ListOf(AnswerType):
    """Several values of one type.

    ```yaml
    type: list
    of: {type: text}
    ```
    """

    name = "list"
    settings: ClassVar[Mapping[str, Schema]] = {"of": {}}

    def prepare(self) -> None:
        """Read the type of the items."""
        item = self.given.get("of")
        if not isinstance(item, AnswerType):
            raise BadSetting("of", "is needed: the type of the items.")
        self.item: AnswerType = item

    @property
    def kind(self) -> Kind:
        """Return a list of the items' kind."""
        return Kind.list_of(self.item.kind)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return every item in its canonical form."""
        if not isinstance(raw, list):
            raise refuse("answer.not-a-list")
        if len(raw) > MAX_ITEMS:
            raise refuse("answer.too-many", limit=MAX_ITEMS)
        return [self.item.accept(item, scope) for item in raw]

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return the type and form of its items."""
        return {"of": {"type": self.item.name, "form": self.item.form(language, audience)}}

    def schema(self) -> dict[str, Json]:
        """Return a list."""
        return {"type": "array", "maxItems": MAX_ITEMS, "items": self.item.schema()}
