"""Slots lie inside opening hours, whatever the clocks do, and are given to no more than they hold.

Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.slots import DAY, Hours, Offer, Slot, Span, free, hours_of

MINUTE = 60_000
HOUR = 60 * MINUTE
PARIS = ZoneInfo("Europe/Paris")
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
"""In Paris, 02:00 becomes 03:00 on the first, and 03:00 becomes 02:00 on the second."""
CHANGES = [
    (PARIS, FORWARD),
    (PARIS, BACK),
    (PARIS, date(2026, 6, 9)),
    # An island whose clocks move by half an hour, and places where midnight does not exist.
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4)),
    (ZoneInfo("Africa/Cairo"), date(2026, 4, 24)),
    (ZoneInfo("Africa/Cairo"), date(2026, 10, 29)),
    (ZoneInfo("Pacific/Apia"), date(2011, 12, 30)),
]
_QUARTERS = st.integers(0, 96).map(lambda quarter: quarter * 15 * MINUTE)


@st.composite
def openings(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Return the spans of a day, in order and apart."""
    instants = sorted(draw(st.lists(_QUARTERS, max_size=6, unique=True)))
    return list(zip(instants[::2], instants[1::2], strict=False))


@st.composite
def offers(draw: st.DrawFn) -> tuple[Offer, date]:
    """Return what a team offers, and a day on which its clocks may change."""
    zone, day = draw(st.sampled_from(CHANGES))
    days = {weekday: draw(openings()) for weekday in range(7)}
    closed = draw(st.sets(st.sampled_from([day + timedelta(days=n) for n in (-1, 0, 1)])))
    length = draw(st.sampled_from((5, 20, 30, 45, 60, 90))) * MINUTE
    hours = Hours(days, frozenset(closed))
    return Offer(hours=hours, zone=zone, length_ms=length, capacity=draw(st.integers(1, 3))), day


def reads_open(offer: Offer, at: int) -> bool:
    """Return whether the wall clock of an instant reads as open: the other reading of the rule."""
    wall = datetime.fromtimestamp(at / 1_000, UTC).astimezone(offer.zone)
    since = ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1_000
    return wall.date() not in offer.hours.closed and any(
        begins <= since < ends for begins, ends in offer.hours.days[wall.weekday()]
    )


def open_runs(offer: Offer, day: date) -> list[int]:
    """Return how long each time is that the clock of three days reads as open, five by five."""
    middle = round(datetime.combine(day, time(12), UTC).timestamp()) * 1_000
    runs: list[int] = []
    latest = None
    for at in range(middle - 3 * DAY, middle + 3 * DAY, 5 * MINUTE):
        there = datetime.fromtimestamp(at / 1_000, UTC).astimezone(offer.zone).date()
        is_open = abs(there - day) <= timedelta(1) and reads_open(offer, at)
        if is_open and latest == there:
            runs[-1] += 5 * MINUTE
        elif is_open:
            runs.append(5 * MINUTE)
        latest = there if is_open else None
    return runs


@given(offers())
@settings(max_examples=60, deadline=None)
def test_every_slot_is_open_at_each_instant_and_no_opening_that_holds_one_is_left_out(
    found: tuple[Offer, date],
) -> None:
    offer, day = found

    slots = list(offer.slots(day - timedelta(1), day + timedelta(1)))

    assert all(
        reads_open(offer, at)
        for slot in slots
        for at in (*range(slot.begins, slot.ends, 5 * MINUTE), slot.ends - 1)
    )
    assert all(one.ends <= other.begins for one, other in pairwise(slots))
    assert len(slots) == sum(run // offer.length_ms for run in open_runs(offer, day))


@given(offers(), st.lists(st.tuples(st.integers(-30, 60), st.integers(1, 12)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_booking_what_is_free_until_nothing_is_left_is_never_beyond_capacity(
    found: tuple[Offer, date], already: list[tuple[int, int]]
) -> None:
    offer, day = found
    middle = round(datetime.combine(day, time(12), UTC).timestamp()) * 1_000
    taken: list[Span] = [
        Span(middle + begins * HOUR // 2, middle + (begins + halves) * HOUR // 2)
        for begins, halves in already
    ]
    before = list(taken)
    early = middle - 9 * DAY

    while found_free := list(free(offer, day, day, now=early, taken=taken)):
        taken.append(Span(*found_free[0][:2]))

    ours = taken[len(before) :]
    assert all(most(one, taken) <= offer.capacity for one in ours)
    # What was not given was full before.
    assert all(most(slot, taken) >= offer.capacity for slot in offer.slots(day, day))


def most(slot: Span, taken: Sequence[Span]) -> int:
    """Return how many have a place at once in a slot at most, looked at minute by minute."""
    return max(
        sum(one.begins <= at < one.ends for one in taken)
        for at in range(slot.begins, slot.ends, 5 * MINUTE)
    )


def offered(day: date, *spans: tuple[int, int], **more: int) -> Offer:
    """Return what is offered on the weekday of a day, by the hour."""
    hours = Hours({day.weekday(): [(begins * HOUR, ends * HOUR) for begins, ends in spans]})
    return Offer(hours=hours, zone=PARIS, length_ms=HOUR, **more)


def on(day: date, offer: Offer, *, now: int = 0, taken: Sequence[Span] = ()) -> list[str]:
    """Return the free slots of a day, as its clock reads."""
    return [
        f"{datetime.fromtimestamp(slot.begins / 1_000, PARIS):%H:%M%z}"
        for slot in free(offer, day, day, now=now, taken=taken)
    ]


def test_an_hour_that_nobody_reads_gives_no_slot_and_one_read_twice_gives_two() -> None:
    far = {"ahead_ms": 99_999 * DAY}

    assert on(FORWARD, offered(FORWARD, (1, 4), **far)) == ["01:00+0100", "03:00+0200"]
    assert on(BACK, offered(BACK, (2, 4), **far)) == ["02:00+0200", "02:00+0100", "03:00+0100"]
    assert on(FORWARD, offered(FORWARD, (2, 3), **far)) == []
    assert len(on(FORWARD, offered(FORWARD, (0, 24), **far))) == 23
    assert len(on(BACK, offered(BACK, (0, 24), **far))) == 25


def test_a_slot_is_given_neither_too_soon_nor_too_far_ahead() -> None:
    day = date(2026, 6, 9)
    at = round(datetime(2026, 6, 9, 9, tzinfo=PARIS).timestamp()) * 1_000
    offer = offered(day, (9, 13), notice_ms=HOUR, ahead_ms=2 * HOUR)

    assert on(day, offer, now=at) == ["10:00+0200", "11:00+0200"]
    assert on(day, offer, now=at + 1) == ["11:00+0200"]


def test_a_slot_says_how_many_more_it_takes() -> None:
    day = date(2026, 6, 9)
    at = round(datetime(2026, 6, 9, 9, tzinfo=PARIS).timestamp()) * 1_000
    offer = offered(day, (9, 11), capacity=2)

    found = list(free(offer, day, day, now=at, taken=[Span(at - HOUR, at + 1), Span(at, at + 1)]))

    assert found == [Slot(at + HOUR, at + 2 * HOUR, 2)]


def test_two_short_times_one_after_the_other_take_one_place() -> None:
    day = date(2026, 6, 9)
    at = round(datetime(2026, 6, 9, 9, tzinfo=PARIS).timestamp()) * 1_000
    taken = [Span(at, at + HOUR // 2), Span(at + HOUR // 2, at + HOUR)]

    found = list(free(offered(day, (9, 10), capacity=2), day, day, now=at, taken=taken))

    assert found == [Slot(at, at + HOUR, 1)]


def test_a_librarys_opening_hours_are_those_of_each_of_its_days() -> None:
    day = date(2026, 6, 9)
    calendar = Calendar(frozenset({1}), time(8, 30), time(19), frozenset({date(2026, 6, 16)}))
    hours = hours_of(calendar)

    [span] = hours.spans(day, PARIS)

    assert datetime.fromtimestamp(span.begins / 1_000, PARIS).time() == time(8, 30)
    assert datetime.fromtimestamp(span.ends / 1_000, PARIS).time() == time(19)
    assert hours.spans(date(2026, 6, 10), PARIS) == hours.spans(date(2026, 6, 16), PARIS) == []
