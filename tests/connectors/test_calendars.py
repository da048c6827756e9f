"""Where calendars are: an address that may be a secret, or a file; what cannot be read says why."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connectors.calendars import LARGEST, Feed, NotRead, read_feed
from connectors.faults import Misconfigured, Places
from connectors.fields import Fields
from connectors.reading import Source
from connectors.secret import Secrets
from tests.connectors.systems import Answering, System, says, system
from tests.connectors.test_busy import calendar

HERE = {"allow_private": ["127.0.0.1/32"], "allow_http": True}
EVENT = calendar("DTSTART:20260309T090000Z\nDURATION:PT1H")
NINE = 1_773_046_800_000
"""The ninth of March 2026, at nine UTC."""


def feed(folder: Path, secrets: dict[str, str] | None = None, **table: object) -> Feed:
    """Return the calendar of a table, read as the teams' file is."""
    places = Places("teams.toml", "")
    fields = Fields(table, ("a", "ana"), Source(places, folder, Secrets(secrets or {})))
    found = read_feed("ana", fields)
    fields.done()
    return found


async def read(calendar: Feed) -> list[tuple[int, int]]:
    """Return when a calendar is busy in a month."""
    try:
        return await calendar.busy(NINE - 86_400_000, NINE + 30 * 86_400_000, "Europe/Paris")
    finally:
        await calendar.close()


def asked(answering: Answering, path: Path) -> tuple[System, list[tuple[int, int]] | str]:
    """Return a system asked for a calendar at an address that is a secret, and what came of it."""

    async def play() -> tuple[System, list[tuple[int, int]] | str]:
        async with system(answering) as found:
            secrets = {"PARCOURS_SECRET_ANA": f"{found.url}/private/ana.ics?key=1"}
            try:
                return found, await read(feed(path, secrets, url="secret://ana", **HERE))
            except NotRead as lost:
                return found, lost.reason

    return asyncio.run(play())


def test_a_calendar_is_fetched_from_an_address_that_is_a_secret(tmp_path: Path) -> None:
    found, busy = asked(says(EVENT), tmp_path)

    assert busy == [(NINE, NINE + 3_600_000)]
    assert found.calls[0].line == "GET /private/ana.ics?key=1 HTTP/1.1"
    assert found.calls[0].headers["accept"] == "text/calendar"


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        (says("Gone", "404 Not Found"), "http.404"),
        (says(b"", "302 Found", headers=("Location: http://127.0.0.1:1/",)), "http.302"),
        (says(b" " * (LARGEST + 1)), "calendar.too-large"),
        (says("<html>Sign in</html>"), "calendar.malformed"),
    ],
)
def test_a_calendar_that_cannot_be_read_says_why(
    tmp_path: Path, answering: Answering, reason: str
) -> None:
    assert asked(answering, tmp_path)[1] == reason


def test_a_calendar_may_be_a_file_beside_the_teams(tmp_path: Path) -> None:
    calendar = feed(tmp_path, file="ana.ics", closes=True, every="5 min")
    with pytest.raises(NotRead) as lost:
        asyncio.run(read(calendar))
    (tmp_path / "ana.ics").write_text(EVENT, encoding="utf-8", newline="")

    assert lost.value.reason == "calendar.no-file"
    assert asyncio.run(read(calendar)) == [(NINE, NINE + 3_600_000)]
    assert (calendar.closes, calendar.every_ms) == (True, 300_000)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({}, "file"),
        ({"file": "a.ics", "url": "https://a.example/a.ics"}, "file"),
        ({"url": "http://a.example/a.ics"}, "url"),
        ({"url": "webcal://a.example/a.ics"}, "url"),
        ({"url": "secret://nobody"}, "nobody"),
        ({"url": "secret://ftp"}, "url"),
        ({"file": "a.ics", "every": "5s"}, "every"),
        ({"file": "a.ics", "title": "Ana"}, "title"),
    ],
)
def test_a_wrong_calendar_is_refused_at_its_place(
    tmp_path: Path, table: dict[str, object], place: str
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        feed(tmp_path, {"PARCOURS_SECRET_FTP": "ftp://a.example/a.ics"}, **table)

    assert place in " ".join(fault.text("en") for fault in wrong.value.faults)
