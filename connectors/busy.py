"""When a calendar is busy: the events of an iCalendar file, recurrences expanded, titles left.

Run as a program it reads one such request from standard input and writes the answer: a calendar
is another's, and one whose rules take for ever is ended without harm to the service.
Source: RFC 5545; issue "Continuity"; decision 0039.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from heapq import merge
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

OURS: Final = "@parcours"
"""How the identity ends of what we put into calendars ourselves: it is counted already."""
MOST_EVENTS: Final = 20_000
MOST_TIMES: Final = 50_000
"""Times of one event, from its first on."""
Span = tuple[int, int]


def busy(text: str, begins: int, ends: int, *, zone: tzinfo) -> list[Span]:
    """Return when a calendar is busy, in order and joined: (begins, ends) in milliseconds UTC.

    Cancelled events, those marked as free and our own are left out; days are read in the calendar's
    own zone where it names one, else in `zone`.

    Raises:
        ValueError: it is no calendar, or one of its events cannot be read.
    """
    found: list[Span] = []
    calendars = Calendar.from_ical(text, multiple=True)
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise ValueError("no calendar")
    for calendar in calendars:
        named = calendar.get("X-WR-TIMEZONE")
        found += _of(calendar, _zone(str(named)) if named else zone, ends)
    clipped = ((max(one, begins), min(other, ends)) for one, other in found)
    return _joined(span for span in clipped if span[0] < span[1])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError as error:
        raise ValueError(f"no time zone of that name: {name}") from error


def _of(calendar: Any, zone: tzinfo, until: int) -> list[Span]:
    events = [one for one in calendar.walk() if one.name in {"VEVENT", "VFREEBUSY"}]
    if len(events) > MOST_EVENTS:
        raise ValueError("too many events")
    moved: dict[str, set[int]] = {}
    for event in events:
        if event.errors:
            raise ValueError(f"{event.name}: {event.errors[0]}")
        if "RECURRENCE-ID" in event:
            at = _instant(event["RECURRENCE-ID"].dt, zone)
            moved.setdefault(str(event.get("UID", "")), set()).add(at)
    found: list[Span] = []
    for event in events:
        identity = str(event.get("UID", ""))
        if identity.endswith(OURS):
            continue
        if event.name == "VFREEBUSY":
            found += _told(event, zone)
        elif not _is_free(event):
            is_one = "RECURRENCE-ID" in event
            besides = set() if is_one else moved.get(identity, set())
            for span in _times(event, zone, besides):
                if span[0] >= until:
                    break
                found.append(span)
    return found


def _is_free(event: Any) -> bool:
    """Return whether an event takes nobody's time."""
    said = {name: str(event.get(name, "")).upper() for name in _FREE}
    return any(said[name] == value for name, value in _FREE.items())


_FREE: Final = {
    "STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
}  # fmt: skip


def _told(event: Any, zone: tzinfo) -> Iterator[Span]:
    """Yield the times that somebody's own server says are busy."""
    for period in _listed(event.get("FREEBUSY")):
        if period.params.get("FBTYPE", "BUSY").upper() != "FREE":
            begins, ends = period.dt
            last = begins + ends if isinstance(ends, timedelta) else ends
            yield _instant(begins, zone), _instant(last, zone)


def _times(event: Any, zone: tzinfo, besides: set[int]) -> Iterator[Span]:
    """Yield each time of an event, in order, but for those that another event replaces."""
    if "DTSTART" not in event:
        raise ValueError("VEVENT without DTSTART")
    first = event["DTSTART"].dt
    left_out = besides | {
        _instant(one.dt, zone) for listed in _listed(event.get("EXDATE")) for one in listed.dts
    }
    others = (one.dt for listed in _listed(event.get("RDATE")) for one in listed.dts)
    added = (_instant(one[0] if isinstance(one, tuple) else one, zone) for one in others)
    ruled = [_ruled(rule, first, zone) for rule in _listed(event.get("RRULE"))]
    for at in merge(*(ruled or [iter([_instant(first, zone)])]), sorted(added)):
        if at not in left_out:
            yield at, _end(event, first, at, zone)


def _end(event: Any, first: date, at: int, zone: tzinfo) -> int:
    """Return when an event that begins at an instant ends; days end at midnight."""
    if not isinstance(first, datetime):
        last = event["DTEND"].dt if "DTEND" in event else None
        days = event["DURATION"].dt if "DURATION" in event else (last or first) - first
        there = datetime.fromtimestamp(at / 1_000, zone).date()
        return _instant(there + max(days, timedelta(days=1)), zone)
    if "DURATION" in event:
        return at + max(0, int(event["DURATION"].dt.total_seconds() * 1_000))
    until: date = event["DTEND"].dt if "DTEND" in event else first
    return int(at + max(0, _instant(until, zone) - _instant(first, zone)))


def _ruled(rule: Any, first: date, zone: tzinfo) -> Iterator[int]:
    """Yield when an event begins by a rule: on the wall clock of its own zone."""
    there = first.tzinfo if isinstance(first, datetime) and first.tzinfo else zone
    if until := rule.get("UNTIL"):
        # Said in UTC, compared on the wall clock as the times are.
        at = until[0]
        is_aware = isinstance(at, datetime) and at.tzinfo is not None
        rule["UNTIL"] = [_wall(at.astimezone(there) if is_aware else _end_of(at))]
    written = rule.to_ical().decode()
    for n, at in enumerate(rrulestr(written, dtstart=_wall(first))):
        if n == MOST_TIMES:
            raise ValueError("an event recurs too often")
        yield _instant(at.replace(tzinfo=there), zone)


def _end_of(until: date) -> date:
    """Return the last moment of a day, a moment as it is."""
    is_day = not isinstance(until, datetime)
    return datetime.combine(until, time(23, 59, 59)) if is_day else until


def _wall(at: date) -> datetime:
    whole = at if isinstance(at, datetime) else datetime.combine(at, time())
    return whole.replace(tzinfo=None)


def _instant(at: date, zone: tzinfo) -> int:
    whole = at if isinstance(at, datetime) else datetime.combine(at, time())
    there = whole if whole.tzinfo is not None else whole.replace(tzinfo=zone)
    return round(there.timestamp() * 1_000)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if joined and joined[-1][1] >= begins:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def main() -> None:
    """Answer one request, {text, begins, ends, zone}, with the busy times."""
    asked = json.load(sys.stdin)
    zone = ZoneInfo(asked["zone"])
    json.dump(busy(asked["text"], asked["begins"], asked["ends"], zone=zone), sys.stdout)


if __name__ == "__main__":
    main()
