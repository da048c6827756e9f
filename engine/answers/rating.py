"""A mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, BadSetting, Schema, refuse, worded
from engine.answers.number import spoken_number
from engine.kinds import NUMBER, Kind

if TYPE_CHECKING:
    from engine.events import Json
    from engine.scope import Scope


class Rating(AnswerType):
    """A mark, a whole number from `min` (1) to `max` (5).

    ```yaml
    type: rating
    min: 0
    max: 10
    labels: {"0": {fr: Pas du tout, en: Not at all}, "10": {fr: Tout à fait, en: Very much}}
    ```
    """

    name = "rating"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min": {"type": "integer", "minimum": 0, "maximum": 100},
        "max": {"type": "integer", "minimum": 1, "maximum": 100},
        "labels": {"type": "object"},
    }

    def prepare(self) -> None:
        """Read the scale."""
        self.least: int = self.given.get("min", 1)
        self.most: int = self.given.get("max", 5)
        if self.least >= self.most:
            raise BadSetting("min", "must be below max.")
        self.labels: Mapping[str, object] = {
            str(mark): label for mark, label in self.given.get("labels", {}).items()
        }
        marks = {str(mark) for mark in range(self.least, self.most + 1)}
        if not marks.issuperset(self.labels):
            raise BadSetting("labels", "names a mark that is not on the scale.")

    @property
    def kind(self) -> Kind:
        """Return a number."""
        return NUMBER

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the mark."""
        del scope
        whole = isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer())
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not whole:
            raise self._refusal()
        if not self.least <= raw <= self.most:
            raise self._refusal()
        return int(raw)

    def _refusal(self) -> Exception:
        return refuse("answer.not-a-rating", low=self.least, high=self.most)

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return the mark on its scale: `4/5`, with its label when it has one."""
        shown = f"{value}/{self.most}"
        label = (labels or {}).get(str(value)) or self._label(str(value), language)
        return f"{shown} ({label})" if label else shown

    def _label(self, mark: str, language: str) -> str | None:
        return worded(self.labels.get(mark), language, "") or None

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return the scale, and what its marks are called."""
        labels = {m: worded(label, language, audience) for m, label in self.labels.items()}
        return {"min": self.least, "max": self.most, "labels": labels}

    def schema(self) -> dict[str, Json]:
        """Return a whole number on the scale."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the mark typed: `4`, or `4/5`."""
        return spoken_number(text.strip().removesuffix(f"/{self.most}"), language)
