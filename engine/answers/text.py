"""Free words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, BadSetting, Schema, clean_text, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope


class Text(AnswerType):
    """Free words, kept as they were typed.

    ```yaml
    type: text
    min_length: 3
    max_length: 200
    pattern: 'F-[0-9]{4}'
    ```

    `pattern` must match the whole text. Several lines need `multiline: true`.
    """

    name = "text"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min_length": {"type": "integer", "minimum": 1},
        "max_length": {"type": "integer", "minimum": 1, "maximum": 65_536},
        "multiline": {"type": "boolean"},
        "pattern": {"type": "string"},
    }

    def prepare(self) -> None:
        """Read the lengths and the pattern."""
        self.least: int = self.given.get("min_length", 1)
        self.most: int = self.given.get("max_length", 65_536)
        self.multiline: bool = self.given.get("multiline", False)
        self.pattern: str | None = self.given.get("pattern")
        if self.least > self.most:
            raise BadSetting("min_length", "is above max_length.")
        if self.pattern is not None and self.matcher is None:
            raise BadSetting("pattern", "needs its compiled matcher.")

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the text as typed."""
        del scope
        text = clean_text(raw)
        if len(text) < self.least:
            raise refuse("answer.too-short", limit=self.least)
        if len(text) > self.most:
            raise refuse("answer.too-long", limit=self.most)
        if not self.multiline and ("\n" in text or "\r" in text):
            raise refuse("answer.several-lines")
        if self.matcher is not None and not self.matcher(text):
            raise refuse("answer.bad-form", pattern=self.pattern)
        return text

    def schema(self) -> dict[str, Json]:
        """Return text of these lengths."""
        pattern = {} if self.pattern is None else {"pattern": f"^(?:{self.pattern})$"}
        return {
            "type": "string",
            "minLength": self.least,
            "maxLength": self.most,
            **pattern,
        }
