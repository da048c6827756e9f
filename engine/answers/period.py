"""From a day to another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, Schema, refuse
from engine.answers.date import DayBounds, read_day, spoken_day
from engine.kinds import PERIOD, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

_BETWEEN = re.compile(r"\s+(?:au|to|à|until)\s+|\s+-\s+|\s*→\s*")


class Period(AnswerType):
    """From a day to another, both included; the answer is `{from, to}`.

    ```yaml
    type: period
    min: today
    ```
    """

    name = "period"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min": {"type": "string"},
        "max": {"type": "string"},
    }

    def prepare(self) -> None:
        """Read the bounds."""
        self.bounds = DayBounds(self.given)

    @property
    def kind(self) -> Kind:
        """Return a period."""
        return PERIOD

    def read(self, raw: object, scope: Scope) -> Json:
        """Return both days."""
        if not isinstance(raw, dict) or set(raw) != {"from", "to"}:
            raise refuse("answer.not-a-period")
        first = self.bounds.check(read_day(raw["from"]), scope)
        last = self.bounds.check(read_day(raw["to"]), scope)
        if last < first:
            raise refuse("answer.ends-before-it-begins")
        return {"from": first, "to": last}

    def schema(self) -> dict[str, Json]:
        """Return an object of two dates."""
        day = {"type": "string", "format": "date"}
        return {
            "type": "object",
            "properties": {"from": day, "to": day},
            "required": ["from", "to"],
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the days typed: `du 1/10/2026 au 3/10/2026`, `1/10/2026 to 3/10/2026`."""
        days = _BETWEEN.split(text.strip().removeprefix("du ").removeprefix("from "))
        if len(days) != 2:
            raise refuse("answer.not-a-period")
        return {"from": spoken_day(days[0], language), "to": spoken_day(days[1], language)}
