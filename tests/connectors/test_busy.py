"""A calendar's busy times: recurrences as clocks read them, what is cancelled or free left out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.busy import busy

PARIS = ZoneInfo("Europe/Paris")
BEGINS, ENDS = (
    round(datetime(year, 1, 1, tzinfo=PARIS).timestamp()) * 1_000 for year in (2026, 2027)
)


def calendar(*events: str, head: str = "") -> str:
    """Return a calendar of events, each its lines between BEGIN and END."""
    inside = "\n".join(
        f"BEGIN:VEVENT\nUID:{n}\n{one.strip()}\nEND:VEVENT" for n, one in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{inside}\nEND:VCALENDAR\n".replace(
        "\n", "\r\n"
    )


def read(text: str) -> list[str]:
    """Return busy times as the clocks of Paris read."""
    return [
        " ".join(f"{datetime.fromtimestamp(at / 1_000, PARIS):%m-%d %H:%M}" for at in span)
        for span in busy(text, BEGINS, ENDS, zone=PARIS)
    ]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        ("DTSTART:20260309T090000Z\nDTEND:20260309T100000Z", ["03-09 10:00 03-09 11:00"]),
        ("DTSTART:20260309T090000\nDURATION:PT90M", ["03-09 09:00 03-09 10:30"]),
        ("DTSTART;TZID=Asia/Tokyo:20260309T090000\nDURATION:PT1H", ["03-09 01:00 03-09 02:00"]),
        ("DTSTART;VALUE=DATE:20260328", ["03-28 00:00 03-29 00:00"]),
        (
            "DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260329\nRRULE:FREQ=DAILY;COUNT=2",
            ["03-28 00:00 03-30 00:00"],
        ),
        # At ten by the clock, before and after the clocks change.
        (
            "DTSTART;TZID=Europe/Paris:20260323T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
            ["03-23 10:00 03-23 11:00", "03-30 10:00 03-30 11:00"],
        ),
        (
            (
                "DTSTART;TZID=Europe/Paris:20260105T100000\nDURATION:PT1H\n"
                "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260112T090000Z\n"
                "EXDATE;TZID=Europe/Paris:20260107T100000\nRDATE;TZID=Europe/Paris:20260201T080000"
            ),
            ["01-05 10:00 01-05 11:00", "01-12 10:00 01-12 11:00", "02-01 08:00 02-01 09:00"],
        ),
        ("DTSTART;TZID=Europe/Paris:20101231T230000\nDURATION:PT1H\nRRULE:FREQ=YEARLY",
         ["12-31 23:00 01-01 00:00"]),
        ("DTSTART:20260309T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("DTSTART:20260309T090000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260309T090000Z\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20260309T090000Z", []),
        ("DTSTART:20250309T090000Z\nDURATION:PT1H", []),
    ],
)  # fmt: skip
def test_an_event_is_busy_when_it_takes_place(event: str, times: list[str]) -> None:
    assert read(calendar(event)) == times


def test_a_time_that_was_moved_is_busy_where_it_was_moved_to_alone() -> None:
    weekly = "UID:w\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    moved = "UID:w\nRECURRENCE-ID:20260112T090000Z\nDTSTART:20260113T090000Z\nDURATION:PT1H"
    text = calendar(weekly, moved).replace("UID:0\r\n", "").replace("UID:1\r\n", "")

    assert read(text) == ["01-05 10:00 01-05 11:00", "01-13 10:00 01-13 11:00"]


def test_what_we_put_there_ourselves_is_not_counted_twice() -> None:
    text = calendar("DTSTART:20260309T090000Z\nDURATION:PT1H")

    assert read(text.replace("UID:0", "UID:ses_1.1@parcours")) == []


def test_times_of_a_server_of_busy_times_are_read_and_the_calendars_own_zone_holds() -> None:
    told = (
        "BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nUID:a\r\n"
        "FREEBUSY:20260309T090000Z/20260309T100000Z,20260310T090000Z/PT2H\r\n"
        "FREEBUSY;FBTYPE=FREE:20260311T090000Z/PT2H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )
    elsewhere = calendar(
        "DTSTART:20260309T090000\nDURATION:PT1H", head="X-WR-TIMEZONE:Asia/Tokyo\n"
    )

    assert read(told) == ["03-09 10:00 03-09 11:00", "03-10 10:00 03-10 12:00"]
    assert read(elsewhere) == ["03-09 01:00 03-09 02:00"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Sign in</html>",
        "BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n",
        calendar("DTSTART:soon"),
        calendar("SUMMARY:no time"),
        calendar("DTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"),
        calendar("DTSTART:20260101T000000", head="X-WR-TIMEZONE:Moon/Far\n"),
    ],
)
def test_what_is_no_calendar_or_cannot_be_read_whole_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        busy(text, BEGINS, ENDS, zone=PARIS)


@given(
    st.integers(0, 364), st.integers(0, 23), st.integers(1, 300), st.integers(1, 9),
    st.sampled_from([1, 7]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_days_or_weeks_apart_an_event_begins_at_the_same_hour_of_the_clock(
    day: int, hour: int, minutes: int, count: int, step: int
) -> None:
    first = datetime.fromordinal(date(2026, 1, 1).toordinal() + day).replace(hour=hour)
    rule = f"RRULE:FREQ=DAILY;INTERVAL={step};COUNT={count}"
    text = calendar(
        f"DTSTART;TZID=Europe/Paris:{first:%Y%m%dT%H%M%S}\nDURATION:PT{minutes}M\n{rule}"
    )

    found = busy(text, BEGINS, ENDS + 99 * 86_400_000, zone=PARIS)

    expected = []
    for n in range(count):
        there = datetime.fromordinal(first.toordinal() + n * step).replace(hour=hour, tzinfo=PARIS)
        at = round(there.timestamp()) * 1_000
        expected.append((at, at + minutes * 60_000))
    assert found == expected
