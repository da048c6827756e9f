"""Working days and opening hours of a library, in the tenant's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MS = 1000
HORIZON_DAYS = 3660
"""How far ahead working time is counted, so that a calendar that never opens cannot loop."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a service is open: weekdays (0 Monday … 6 Sunday), hours, and closed dates."""

    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    def hours(self, day: date, zone: tzinfo) -> tuple[datetime, datetime] | None:
        """Return the opening and closing instants of a day, or None when it is closed."""
        if day.weekday() not in self.days or day in self.closed or self.closes <= self.opens:
            return None
        return datetime.combine(day, self.opens, zone), datetime.combine(day, self.closes, zone)


def after(now: int, span: int, zone: tzinfo, *, calendar: Calendar | None = None) -> int:
    """Return the instant (ms UTC) `span` milliseconds after `now`.

    Only open time counts when a calendar is given. One without open time within ten years counts
    clock time.

    A calendar without open time within ten years counts clock time.
    """
    if calendar is None:
        return now + span
    instant = datetime.fromtimestamp(now / MS, zone)
    left = timedelta(milliseconds=span)
    day = instant.date()
    for _ in range(HORIZON_DAYS):
        hours = calendar.hours(day, zone)
        if hours is not None:
            begins = max(hours[0], instant)
            if begins < hours[1]:
                # Compared as instants, so that a change of clocks inside the day counts real time.
                room = timedelta(seconds=hours[1].timestamp() - begins.timestamp())
                if left <= room:
                    return round((begins.timestamp() + left.total_seconds()) * MS)
                left -= room
        day += timedelta(days=1)
    return now + span


def date_of(value: object) -> date | None:
    """Return the day a JSON date names, or None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
