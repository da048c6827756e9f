"""Working time, in the tenant's time zone. Source: docs/language.md, calendar."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import Calendar, after, date_of

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = Calendar(frozenset(range(5)), time(9), time(18), frozenset({date(2026, 12, 25)}))
HOUR = 3_600_000


def instant(text: str) -> int:
    """Return a moment in Paris as milliseconds UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("2026-09-21T10:00", 2, "2026-09-21T12:00"),  # within a Monday
        ("2026-09-21T17:00", 2, "2026-09-22T10:00"),  # over the night
        ("2026-09-25T17:00", 2, "2026-09-28T10:00"),  # over the week-end
        ("2026-09-26T11:00", 1, "2026-09-28T10:00"),  # from a Saturday
        ("2026-12-24T17:00", 2, "2026-12-28T10:00"),  # over a holiday and a week-end
        ("2026-09-21T06:00", 1, "2026-09-21T10:00"),  # before the opening
        ("2026-09-21T09:00", 9, "2026-09-21T18:00"),  # to the very closing
    ],
)
def test_only_open_time_counts(now: str, hours: int, due: str) -> None:
    assert after(instant(now), hours * HOUR, PARIS, calendar=WEEKDAYS) == instant(due)


def test_without_a_calendar_clock_time_counts() -> None:
    assert after(instant("2026-09-25T17:00"), 2 * HOUR, PARIS) == instant("2026-09-25T19:00")


def test_a_night_in_which_clocks_change_counts_real_time() -> None:
    always = Calendar(frozenset(range(7)), time(0), time(23, 59), frozenset())

    due = after(instant("2026-10-25T00:00"), 4 * HOUR, PARIS, calendar=always)

    # The hour from two to three came twice.
    assert due == instant("2026-10-25T03:00")


@pytest.mark.parametrize(
    "never",
    [
        Calendar(frozenset(), time(9), time(18)),
        Calendar(frozenset(range(5)), time(18), time(9)),
    ],
)
def test_a_calendar_that_never_opens_counts_clock_time(never: Calendar) -> None:
    now = instant("2026-09-21T10:00")

    assert after(now, HOUR, PARIS, calendar=never) == now + HOUR


@pytest.mark.parametrize("value", [None, 3, "", "tomorrow", "2026-13-01", ["2026-09-21"]])
def test_what_is_no_date_has_no_day(value: object) -> None:
    assert date_of(value) is None
