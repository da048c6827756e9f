"""Which partition a fact lies in: an hour's at first, then a day's, then a month's, all in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

FORMS: Final = ("%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H")
"""How partitions are named: month, day, hour."""
_LENGTHS: Final = (7, 10, 13)
MARGIN: Final = timedelta(hours=2)
"""How long after its end a day or a month is still written by smaller parts."""


def moment(ms: int) -> datetime:
    """Return a time in milliseconds UTC as a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def over(name: str, now: int) -> bool:
    """Return whether a day's or a month's partition has had its time, and its margin."""
    began = datetime.strptime(name, FORMS[_LENGTHS.index(len(name))]).replace(tzinfo=UTC)
    if len(name) == _LENGTHS[0]:
        ends = (began + timedelta(days=32)).replace(day=1)
    else:
        ends = began + (timedelta(days=1) if len(name) == _LENGTHS[1] else timedelta(hours=1))
    return moment(now) >= ends + MARGIN


def home(ms: int, now: int) -> str:
    """Return the partition of a fact of that time: the largest one that is over, else its hour."""
    names = [moment(ms).strftime(form) for form in FORMS]
    return next((name for name in names if over(name, now)), names[-1])
