"""An hour of the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, BadSetting, Schema, refuse
from engine.kinds import TIME, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_TYPED = re.compile(r"([0-9]{1,2})\s*(?::|h|H)\s*([0-9]{2})?\s*(am|pm)?", re.ASCII)


class Time(AnswerType):
    """An hour of the day, `HH:MM`.

    ```yaml
    type: time
    min: "08:30"
    max: "19:00"
    ```
    """

    name = "time"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min": {"type": "string"},
        "max": {"type": "string"},
    }

    def prepare(self) -> None:
        """Read the bounds."""
        self.least: str = self.given.get("min", "00:00")
        self.most: str = self.given.get("max", "23:59")
        for key in ("min", "max"):
            if key in self.given and _HOUR.fullmatch(self.given[key]) is None:
                raise BadSetting(key, "must be an hour such as 08:30, between quotes.")
        if self.least > self.most:
            raise BadSetting("min", "is after max.")

    @property
    def kind(self) -> Kind:
        """Return a time."""
        return TIME

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the hour."""
        del scope
        if not isinstance(raw, str) or _HOUR.fullmatch(raw) is None:
            raise refuse("answer.not-a-time")
        if raw < self.least:
            raise refuse("answer.too-early", kind=TIME, limit=self.least)
        if raw > self.most:
            raise refuse("answer.too-late", kind=TIME, limit=self.most)
        return raw

    def schema(self) -> dict[str, Json]:
        """Return a text of hours and minutes."""
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the hour typed: `14:30`, `14h30`, `9 h`, `2:30 pm`."""
        del language
        found = _TYPED.fullmatch(text.strip().lower())
        if found is None:
            raise refuse("answer.not-a-time")
        hour = int(found[1])
        if found[3] is not None:
            if not 1 <= hour <= 12:
                raise refuse("answer.not-a-time")
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        return f"{hour:02d}:{found[2] or '00'}"
