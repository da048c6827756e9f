"""The same questions several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from engine.answers.base import AnswerType, BadAnswer, BadSetting, Schema, parts_of, refuse
from engine.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

MAX_ITEMS = 1_000


class Group(AnswerType):
    """The same questions several times; the answer is a list of objects.

    ```yaml
    type: group
    fields:
      article: {type: text}
      count: {type: number, integer: true, min: 1}
    min: 1
    max: 10
    ```

    `fields` are the types of its questions, by name; those named in `optional` may be left out.
    """

    name = "group"
    settings: ClassVar[Mapping[str, Schema]] = {
        "fields": {"type": "object"},
        "optional": {"type": "array", "items": {"type": "string"}},
        "min": {"type": "integer", "minimum": 0, "maximum": MAX_ITEMS},
        "max": {"type": "integer", "minimum": 1, "maximum": MAX_ITEMS},
    }

    def prepare(self) -> None:
        """Read the questions, and how many times they are asked."""
        fields: Mapping[str, Any] = self.given.get("fields", {})
        self.fields: dict[str, AnswerType] = {}
        for name, field in fields.items():
            if not isinstance(field, AnswerType):
                raise BadSetting("fields", f"{name} is not an answer type.")
            if isinstance(field, Group):
                raise BadSetting("fields", f"{name}: a group does not hold another one.")
            self.fields[name] = field
        if not self.fields:
            raise BadSetting("fields", "at least one is needed.")
        self.optional = frozenset(self.given.get("optional", ()))
        if not self.optional <= set(self.fields):
            raise BadSetting("optional", "names a field that is not one of the group.")
        self.least: int = self.given.get("min", 1)
        self.most: int = self.given.get("max", 100)
        if self.least > self.most:
            raise BadSetting("min", "is above max.")

    @property
    def kind(self) -> Kind:
        """Return a list of records."""
        parts = {
            name: field.kind.or_missing() if name in self.optional else field.kind
            for name, field in self.fields.items()
        }
        return Kind.list_of(Kind.record(parts))

    def read(self, raw: object, scope: Scope) -> Json:
        """Return every item, each of its fields in its own canonical form."""
        if not isinstance(raw, list):
            raise refuse("answer.not-a-list")
        if not raw and self.least:
            raise refuse("answer.missing")
        if len(raw) < self.least:
            raise refuse("answer.too-few", limit=self.least)
        if len(raw) > self.most:
            raise refuse("answer.too-many", limit=self.most)
        return [self._item(item, number, scope=scope) for number, item in enumerate(raw, start=1)]

    def _item(self, raw: object, number: int, *, scope: Scope) -> Json:
        names = list(self.fields)
        given = parts_of(raw, names, refusal=refuse("answer.not-an-object", parts=names))
        item: dict[str, Json] = {}
        for name, field in self.fields.items():
            if name not in given and name in self.optional:
                continue
            try:
                item[name] = field.accept(given.get(name), scope)
            except BadAnswer as bad:
                raise _inside(bad, number, name=name) from bad
        return item

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return the items one after the other, separated by semicolons."""
        if not isinstance(value, list):
            return super().show(value, language)
        return " ; ".join(self._show_item(item, language, labels=labels) for item in value)

    def _show_item(self, item: Json, language: str, *, labels: Mapping[str, str] | None) -> str:
        if not isinstance(item, dict):
            return str(item)
        return ", ".join(
            field.show(item[name], language, labels=labels)
            for name, field in self.fields.items()
            if item.get(name) is not None
        )

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return its questions by name, each with its type and form, and how often they come."""
        fields: dict[str, Json] = {
            name: {"type": field.name, "form": field.form(language, audience)}
            for name, field in self.fields.items()
        }
        return {
            "fields": fields,
            "optional": sorted(self.optional),
            "min": self.least,
            "max": self.most,
        }

    def schema(self) -> dict[str, Json]:
        """Return a list of objects."""
        return {
            "type": "array",
            "minItems": self.least,
            "maxItems": self.most,
            "items": {
                "type": "object",
                "properties": {name: field.schema() for name, field in self.fields.items()},
                "required": [name for name in self.fields if name not in self.optional],
                "additionalProperties": False,
            },
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the items typed as `article=book, count=2; article=pen, count=1`."""
        items: list[Json] = []
        for typed in text.split(";"):
            item: dict[str, Json] = {}
            for part in typed.split(","):
                name, sign, said = part.partition("=")
                field = self.fields.get(name.strip())
                if not sign or field is None:
                    raise refuse("answer.not-an-object", parts=list(self.fields))
                item[name.strip()] = field.parse_spoken(said.strip(), language)
            items.append(item)
        return items


def _inside(bad: BadAnswer, number: int, *, name: str) -> BadAnswer:
    """Return the refusal of a field, saying in which item it stands; its code stays."""
    message = refuse("answer.in-item", item=number, field=name, why=dict(bad.message)).message
    return BadAnswer(bad.code, message, {**bad.params, "item": number, "field": name})
