"""A day."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, ClassVar

from engine import localise
from engine.answers.base import AnswerType, BadSetting, Schema, refuse
from engine.kinds import DATE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

TODAY = "today"
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", re.ASCII)
_NAMED = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th)?\s+(\w+)\s+([0-9]{4})")


class Date(AnswerType):
    """A day, `YYYY-MM-DD`.

    ```yaml
    type: date
    min: "2020-01-01"
    max: today
    ```

    `min` and `max` are days, or `today`.
    """

    name = "date"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min": {"type": "string"},
        "max": {"type": "string"},
    }

    def prepare(self) -> None:
        """Read the bounds."""
        self.bounds = DayBounds(self.given)

    @property
    def kind(self) -> Kind:
        """Return a date."""
        return DATE

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the day."""
        return self.bounds.check(read_day(raw), scope)

    def schema(self) -> dict[str, Json]:
        """Return a text that is a date."""
        return {"type": "string", "format": "date"}

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the day typed: `31/12/2026`, `31 décembre 2026`, `2026-12-31`."""
        return spoken_day(text, language)


class DayBounds:
    """The first and the last day allowed, each a day, `today`, or none."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.least = given.get("min")
        self.most = given.get("max")
        for key in ("min", "max"):
            bound = given.get(key)
            if bound is not None and bound != TODAY and iso_day(bound) is None:
                raise BadSetting(key, "must be a day such as 2026-10-31, or today.")
        fixed = self.least and self.most and TODAY not in {self.least, self.most}
        if fixed and str(self.least) > str(self.most):
            raise BadSetting("min", "is after max.")

    def check(self, day: str, scope: Scope) -> str:
        """Return a day that is within the bounds."""
        least = scope.today if self.least == TODAY else self.least
        most = scope.today if self.most == TODAY else self.most
        if least is not None and day < least:
            raise refuse("answer.too-early", kind=DATE, limit=least)
        if most is not None and day > most:
            raise refuse("answer.too-late", kind=DATE, limit=most)
        return day


def iso_day(text: str) -> dt.date | None:
    """Return the day of a `YYYY-MM-DD` text, None when it is not one."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def read_day(raw: object) -> str:
    """Return a day in its JSON form."""
    if not isinstance(raw, str) or iso_day(raw) is None:
        raise refuse("answer.not-a-date")
    return raw


def spoken_day(text: str, language: str) -> str:
    """Return the day a person typed; figures are day, month, year in both languages."""
    said = text.strip()
    if iso_day(said) is not None:
        return said
    figures = _DAY_FIRST.fullmatch(said)
    if figures is not None:
        return _day(figures[1], int(figures[2]), year=figures[3])
    named = _NAMED.fullmatch(said.lower())
    if named is not None:
        for names in (localise.MONTHS[localise.base(language)], *localise.MONTHS.values()):
            months = [name.lower() for name in names]
            if named[2] in months:
                return _day(named[1], months.index(named[2]) + 1, year=named[3])
    raise refuse("answer.not-a-date")


def _day(day: str, month: int, *, year: str) -> str:
    try:
        return dt.date(int(year), month, int(day)).isoformat()
    except ValueError:
        raise refuse("answer.not-a-date") from None
