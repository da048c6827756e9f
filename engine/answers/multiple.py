"""Several options at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine import localise
from engine.answers.base import AnswerType, BadSetting, Schema, clean_text, refuse
from engine.kinds import SET, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

MAX_CHOSEN = 1_000


class Multiple(AnswerType):
    """Several options at once; the answer is the list of their ids, in the order of the options.

    ```yaml
    type: multiple
    options: [screen, sound, remote]
    min: 1
    max: 2
    ```

    At least one must be chosen, unless `min: 0`.
    """

    name = "multiple"
    settings: ClassVar[Mapping[str, Schema]] = {
        "options": {"type": "array", "items": {"type": "string"}},
        "min": {"type": "integer", "minimum": 0},
        "max": {"type": "integer", "minimum": 1},
    }

    def prepare(self) -> None:
        """Read the options and how many may be chosen."""
        options = self.given.get("options")
        self.options: tuple[str, ...] | None = None if options is None else tuple(options)
        if self.options is not None and len(set(self.options)) < len(self.options):
            raise BadSetting("options", "two options have the same id.")
        self.least: int = self.given.get("min", 1)
        self.most: int = self.given.get("max", MAX_CHOSEN)
        if self.least > self.most:
            raise BadSetting("min", "is above max.")

    @property
    def kind(self) -> Kind:
        """Return a set among the options."""
        return SET if self.options is None else Kind.set_of(self.options)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the ids chosen, each once."""
        del scope
        if not isinstance(raw, list):
            raise refuse("answer.not-a-list")
        if not raw and self.least:
            raise refuse("answer.missing")
        if len(raw) > MAX_CHOSEN:
            raise refuse("answer.too-many", limit=self.most)
        chosen = self._known(raw)
        if len(chosen) < self.least:
            raise refuse("answer.too-few", limit=self.least)
        if len(chosen) > self.most:
            raise refuse("answer.too-many", limit=self.most)
        return chosen

    def _known(self, raw: list[object]) -> list[str]:
        if self.options is None:
            return list(dict.fromkeys(clean_text(item, limit=1_000) for item in raw))
        for item in raw:
            if not isinstance(item, str) or item not in self.options:
                raise refuse("answer.unknown-option", options=list(self.options))
        return [option for option in self.options if option in raw]

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return the options chosen, in a row."""
        if not isinstance(value, list):
            return super().show(value, language)
        names = labels or {}
        return localise.listed([names.get(str(one), str(one)) for one in value], language)

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return how many may be chosen; the options offered go with the question."""
        del language, audience
        return {"min": self.least, "max": self.most}

    def schema(self) -> dict[str, Json]:
        """Return a list of options."""
        item: dict[str, Json] = {"type": "string"}
        if self.options is not None:
            item["enum"] = list(self.options)
        return {
            "type": "array",
            "items": item,
            "uniqueItems": True,
            "minItems": self.least,
            "maxItems": self.most,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the ids typed, separated by commas."""
        del language
        return [part.strip() for part in text.split(",") if part.strip()]
