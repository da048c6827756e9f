"""Periods, and what of a period is too young, too few or beyond what can be."""

from __future__ import annotations

import pytest

from measures.asking.periods import compared, period
from tests.measures.facts_by_hand import DAY, NOW, ask, connected

ZONE = "Europe/Paris"


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2026-03-29", "2026-03-30", "2026-03-28"),  # 23 hours, after 24
        ("2026-10-25", "2026-10-26", "2026-10-24"),  # 25 hours
        ("2026-03-30", "2026-04-06", "2026-03-23"),
        ("2026-11-01", "2026-12-01", "2026-10-01"),  # 30 days, after 31
        ("2026-01-01", "2026-04-01", "2025-10-01"),
        ("2026-06-01T08:00", "2026-06-01T12:00", "2026-06-01T04:00:00+02:00"),
    ],
)
def test_the_period_before_is_as_many_months_or_days_by_the_clock_of_the_place(
    since: str, until: str, before: str
) -> None:
    asked = period(since, until, zone=ZONE, now=0)

    found = compared("previous", asked, zone=ZONE, now=0)

    assert found is not None
    assert found.until == asked.since
    assert found.shown(ZONE)["from"] == before


def test_an_interval_does_not_say_that_contacts_take_less_than_no_time() -> None:
    rows = [{"useful": 1 + 60 * (n % 2), "advisor": f"a{n % 2}"} for n in range(40)]
    said = [{"useful": 60, "useful_said": 100 * (n % 2), "advisor": f"a{n % 2}"} for n in range(40)]

    handling = ask(connected({"contacts": rows}), "handling_time")["total"]
    useful = ask(connected({"contacts": said}), "found_useful")["total"]

    assert handling["low"] == 0
    assert handling["high"] > 60
    assert (useful["low"], useful["high"]) == (0, 1)


def test_demands_that_are_too_young_to_count_are_not_told_as_none() -> None:
    tickets = [{"closed": 60.0, "outcome": "resolved", "contacts": 1}] * 6
    connection = connected({"tickets": tickets})
    soon = NOW - 19 * DAY

    young = ask(connection, "once_and_done", now=soon)
    by_motive = ask(connection, "reiterations", now=soon, by="motive")
    other = ask(connection, "containment", now=NOW)

    assert (young["total"]["reason"], young["total"]["n"]) == ("too_recent", 0)
    assert [one["reason"] for one in by_motive["groups"]] == ["too_recent"]
    assert other["total"]["reason"] == "empty"
    assert ask(connection, "once_and_done")["total"]["value"] == 1


def test_how_many_were_asked_does_not_tell_of_a_group_of_few() -> None:
    rows = [{"outcome": outcome, "satisfaction": 4 if outcome == "resolved" else None}
            for outcome in ("resolved",) * 20 + ("deferred",) * 8 + ("refused",)]  # fmt: skip

    found = ask(connected({"contacts": rows}), "satisfaction", by="outcome")

    told = {one["key"]["outcome"]: one["also"].get("asked") for one in found["groups"]}
    assert told == {"resolved": 20, "deferred": None, "refused": None}
    assert found["total"]["also"]["asked"] == 29
