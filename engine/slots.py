"""Slots: the spans of time, within opening hours, that somebody may be promised.

A slot is open when every instant of it reads, on the wall clock of its place, as open. On a day
when clocks go back, an hour read twice is open twice; when they go forward, the hour that nobody
reads gives nothing. Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from engine.calendar import MS, Calendar

DAY: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1).toordinal()


class Span(NamedTuple):
    """From an instant up to another one, that one excluded; milliseconds UTC."""

    begins: int
    ends: int


class Slot(NamedTuple):
    """A slot, and how many more people it takes."""

    begins: int
    ends: int
    left: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is open: spans of each weekday (0 Monday), and the dates it is closed.

    A span is (from, to) in milliseconds of the wall clock after midnight, `DAY` being the next one.
    """

    days: Mapping[int, Sequence[tuple[int, int]]]
    closed: frozenset[date] = frozenset()

    def spans(self, day: date, zone: tzinfo) -> list[Span]:
        """Return when it is open on a day, in order; spans that touch are one."""
        if day in self.closed:
            return []
        found = [
            Span(max(period.begins, midnight + begins), min(period.ends, midnight + ends))
            for period, midnight in _periods(day, zone)
            for begins, ends in self.days.get(day.weekday(), ())
        ]
        joined: list[Span] = []
        for span in sorted(one for one in found if one.begins < one.ends):
            if joined and joined[-1].ends >= span.begins:
                joined[-1] = Span(joined[-1].begins, max(joined[-1].ends, span.ends))
            else:
                joined.append(span)
        return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What slots a team gives: when, how long, for how many at once, how soon and how far ahead."""

    hours: Hours
    zone: tzinfo
    length_ms: int
    capacity: int = 1
    notice_ms: int = 0
    ahead_ms: int = 30 * DAY

    def slots(self, first: date, last: date) -> Iterator[Span]:
        """Yield the slots of some days, in order, taken or not: from each opening on."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            for span in self.hours.spans(date.fromordinal(ordinal), self.zone):
                begins = span.begins
                while begins + self.length_ms <= span.ends:
                    yield Span(begins, begins + self.length_ms)
                    begins += self.length_ms

    def day(self, at: int) -> date:
        """Return the day it is, at an instant, where the team is."""
        return datetime.fromtimestamp(at / MS, self.zone).date()


def hours_of(calendar: Calendar) -> Hours:
    """Return the opening hours that a library declares."""
    span = (_of_wall(calendar.opens), _of_wall(calendar.closes))
    return Hours(dict.fromkeys(calendar.days, (span,)), calendar.closed)


def free(
    offer: Offer, first: date, last: date, *, now: int, taken: Sequence[Span]
) -> Iterator[Slot]:
    """Yield the slots of some days that still take somebody, in order.

    Args:
        offer: what the team gives.
        first: the first day.
        last: the last one.
        now: the time; a slot that begins before its notice, or too far ahead, is not given.
        taken: who has a place, and when: each span takes one from the slots that it meets.
    """
    soonest, latest = now + offer.notice_ms, now + offer.ahead_ms
    first, last = max(first, offer.day(soonest)), min(last, offer.day(latest))
    waiting, n = sorted(taken), 0
    met: list[Span] = []
    for slot in offer.slots(first, last):
        if not soonest <= slot.begins <= latest:
            continue
        # Slots come in order: what ended before one meets none after it.
        met = [one for one in met if one.ends > slot.begins]
        while n < len(waiting) and waiting[n].begins < slot.ends:
            met.append(waiting[n])
            n += 1
        left = offer.capacity - _at_once(slot, met)
        if left > 0:
            yield Slot(*slot, left)


def _at_once(slot: Span, met: Sequence[Span]) -> int:
    """Return how many of what meets a slot do so at most at one instant of it."""
    within = [one for one in met if one.begins < slot.ends and slot.begins < one.ends]
    changes = sorted(
        [(max(one.begins, slot.begins), 1) for one in within] + [(one.ends, -1) for one in within]
    )  # fmt: skip
    return max(accumulate(change for _, change in changes), default=0)


def _periods(day: date, zone: tzinfo) -> Iterator[tuple[Span, int]]:
    """Yield the periods of a day between changes of the clock, and the midnight each counts from.

    One but for a day when the clocks change, which has two.
    """
    begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    midnight = (day.toordinal() - _EPOCH) * DAY
    first, last = _offset(begins, zone), _offset(ends - 1, zone)
    instants = [begins, ends] if first == last else [begins, _change(begins, ends, zone), ends]
    for period in pairwise(instants):
        yield Span(*period), midnight - _offset(period[0], zone)


def _change(begins: int, ends: int, zone: tzinfo) -> int:
    """Return when the clocks change between two instants, to the second."""
    before, known, unknown = _offset(begins, zone), begins // MS, ends // MS
    while unknown - known > 1:
        half = (known + unknown) // 2
        if _offset(half * MS, zone) == before:
            known = half
        else:
            unknown = half
    return unknown * MS


def _midnight(day: date, zone: tzinfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * MS)


def _offset(at: int, zone: tzinfo) -> int:
    """Return by how much the clock is ahead of UTC at an instant."""
    wall = datetime.fromtimestamp(at / MS, UTC).astimezone(zone).utcoffset()
    return round((wall or timedelta()).total_seconds() * MS)


def _of_wall(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * MS
