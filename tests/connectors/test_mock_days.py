"""A demonstration does not age: its made-up systems count their days from today."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from connectors.mock import Mock, dated
from connectors.port import Outcome

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("today", "2027-01-01"),
        ("today-3", "2026-12-29"),
        ("today+31", "2027-02-01"),
        ("today-3 days", "today-3 days"),
        ("2026-10-01", "2026-10-01"),
        (3, 3),
        (None, None),
        (
            {"orders": [{"on": "today+1", "id": "F-1"}]},
            {"orders": [{"on": "2027-01-02", "id": "F-1"}]},
        ),
    ],
)
def test_a_day_counted_from_today_becomes_a_date_and_nothing_else_changes(
    written: object, given: object
) -> None:
    assert dated(written, NEW_YEAR) == given


def test_a_made_up_system_answers_with_dates() -> None:
    mock = Mock({"operations": {"agenda.book": [{"result": {"on": "today+3"}}]}})

    first = asyncio.run(mock.call("agenda.book", {}, key="k", timeout_ms=20))

    assert first.status == "succeeded"
    assert isinstance(first, Outcome)
    assert date.fromisoformat(first.result["on"]) > date(2026, 1, 1)
