"""Free words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine import localise
from engine.answers.base import (
    LONGEST_TEXT,
    AnswerType,
    BadSetting,
    Schema,
    clean_text,
    refuse,
)
from engine.answers.shapes import described

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
    example: F-1042
    ```

    `pattern` must match the whole text. People are told it in words, with the `example`; the
    pattern itself is never shown to them. Several lines need `multiline: true`.
    """

    name = "text"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min_length": {"type": "integer", "minimum": 1},
        "max_length": {"type": "integer", "minimum": 1, "maximum": LONGEST_TEXT},
        "multiline": {"type": "boolean"},
        "pattern": {"type": "string"},
        "example": {"type": "string"},
    }

    def prepare(self) -> None:
        """Read the lengths and the pattern."""
        self.least: int = self.given.get("min_length", 1)
        self.most: int = self.given.get("max_length", LONGEST_TEXT)
        self.multiline: bool = self.given.get("multiline", False)
        self.pattern: str | None = self.given.get("pattern")
        if self.least > self.most:
            raise BadSetting("min_length", "is above max_length.")
        if self.pattern is not None and self.matcher is None:
            raise BadSetting("pattern", "needs its compiled matcher.")
        example: str | None = self.given.get("example")
        if example is not None and self.matcher is not None and not self.matcher(example):
            raise BadSetting("example", "does not have the form of `pattern`.")
        self.shape = None if self.pattern is None else described(self.pattern, example)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the text as typed."""
        del scope
        text = clean_text(raw, limit=self.most)
        if len(text) < self.least:
            raise refuse("answer.too-short", limit=self.least)
        if not self.multiline and ("\n" in text or "\r" in text):
            raise refuse("answer.several-lines")
        if self.matcher is not None and not self.matcher(text):
            raise refuse("answer.bad-form", pattern=self.pattern, shape={**(self.shape or {})})
        return text

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return its settings, and in words what its pattern asks for."""
        shape = self.shape and self.shape[localise.base(language)]
        return {**super().form(language, audience), **({"shape": shape} if shape else {})}

    def schema(self) -> dict[str, Json]:
        """Return text of these lengths."""
        pattern = {} if self.pattern is None else {"pattern": f"^(?:{self.pattern})$"}
        return {
            "type": "string",
            "minLength": self.least,
            "maxLength": self.most,
            **pattern,
        }
