"""The units of time an author may write: `30s`, `2 hours`, `3 days`."""

from __future__ import annotations

import re

DAY = 86_400
SECONDS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "seconds": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3_600,
    "hour": 3_600,
    "hours": 3_600,
    "d": DAY,
    "day": DAY,
    "days": DAY,
    "week": 7 * DAY,
    "weeks": 7 * DAY,
}
"""Seconds in each unit. Months and years are left out: they have no length of their own."""

_DURATION = re.compile(r"\s*([0-9]{1,9})\s*([a-z]+)\s*")


def parse_duration(text: str) -> int | None:
    """Return the seconds of `30s`, `2m`, `4h`, `3 days` or `2 weeks`; None when it is not one."""
    found = _DURATION.fullmatch(text)
    if found is None or found[2] not in SECONDS:
        return None
    return int(found[1]) * SECONDS[found[2]]
