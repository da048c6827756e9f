"""When something is due that a deployment's file has done by the clock.

```toml
at = "06:30"            # each day, in the library's time zone; or every = "15m"
on = "monday"           # that day alone, where the file allows it; or a day of the month, 1 to 28
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from connectors.reading import NEEDED, Reading

_AT: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EVERY: Final = re.compile(r"([1-9][0-9]{0,3})(m|h)")
_UNITS: Final = {"m": 60_000, "h": 3_600_000}
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_DAY: Final = 28
"""The last day that every month has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """At a time of each day, or of some, or else every so many milliseconds.

    `on`: a day of the week, from 0 for Monday; `day`: one of the month.
    """

    at: time | None = None
    every: int = 0
    on: int | None = None
    day: int | None = None

    def last_due(self, now: int, zone: tzinfo) -> int:
        """Return when it was last due, in milliseconds UTC; never after `now`."""
        if self.at is None:
            return now - now % self.every
        day = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()
        while True:
            due = round(datetime.combine(day, self.at, zone).timestamp() * 1000)
            if due <= now and self._is_on(day):
                return due
            day -= timedelta(days=1)

    def _is_on(self, day: date) -> bool:
        return self.on in {None, day.weekday()} and self.day in {None, day.day}


def read_schedule(read: Reading, *, has_days: bool = False) -> Schedule:
    """Return the schedule of a table; what is wrong with it is remembered there.

    `has_days`: whether it may be on one day of the week or of the month.
    """
    at, every = filled(read, "at", None), filled(read, "every", None)
    if ("at" in read) == ("every" in read):
        read.refuse(
            None, "deployment.wrong-schedule",
            fr="l'un de at et every est nécessaire.", en="one of at and every is needed.",
        )  # fmt: skip
    due, span = _AT.fullmatch(at or "00:00"), _EVERY.fullmatch(every or "1h")
    if due is None:
        _wrong(read, "at", fr="une heure comme 06:30", en="a time such as 06:30")
    if span is None:
        _wrong(read, "every", fr="une durée comme 15m ou 2h", en="a span such as 15m, 2h")
    on, day = _days(read) if has_days else (None, None)
    return Schedule(
        at=None if at is None or due is None else time(int(due[1]), int(due[2])),
        every=0 if span is None else int(span[1]) * _UNITS[span[2]],
        on=on,
        day=day,
    )


def filled(read: Reading, key: str, default: Any = NEEDED) -> Any:
    """Return a text that is not empty."""
    value = read.text(key, default)
    if value == "" and key in read and not read.faults:
        read.wrong(key, fr="un texte", en="a text")
    return value


def _days(read: Reading) -> tuple[int | None, int | None]:
    given = read.any("on", None)
    if given is None:
        return None, None
    if "every" in read:
        _wrong(read, "on", fr="avec at seulement", en="with at only")
    elif given in DAYS:
        return DAYS.index(given), None
    elif isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= LAST_DAY:
        return None, given
    else:
        listed = ", ".join(DAYS)
        _wrong(read, "on", fr=f"{listed}, ou un jour du mois, de 1 à {LAST_DAY}",
               en=f"{listed}, or a day of the month, 1 to {LAST_DAY}")  # fmt: skip
    return None, None


def _wrong(read: Reading, key: str, *, fr: str, en: str) -> None:
    read.wrong(key, fr=fr, en=en, code="deployment.wrong-schedule")
