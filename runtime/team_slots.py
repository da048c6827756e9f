"""What slots a team gives for call-backs and appointments: a table of its own in the teams' file.

```toml
[seller.slots]
length = "30 min"
capacity = 2                  # appointments at once
notice = "2h"                 # how soon one may be
ahead_days = 30               # how far ahead
timezone = "Europe/Paris"     # the library's when it is not said
organizer = "La Boutique <rendez-vous@boutique.example>"   # who invites
closed = ["2026-12-25"]       # besides the days on which the library is closed
[seller.slots.hours]          # the library's opening hours when they are not said
mon = ["09:00-12:30", "14:00-18:00"]
[seller.slots.calendars.ana]  # whose busy times take a place: `connectors.calendars`
url = "secret://ana-calendar"
```
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from connectors.calendars import Feed, read_feed
from connectors.email_message import WrongMessage, sender_of
from connectors.fields import Fields
from connectors.reading import Reading
from engine.calendar import date_of
from engine.model import Library
from engine.slots import DAY, Hours, Offer, hours_of

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_MINUTE: Final = 60_000
SHORTEST: Final = 5 * _MINUTE
MOST_AT_ONCE: Final = 1_000
MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSlots:
    """What slots a team gives; hours and zone are None where the library's hold."""

    length_ms: int
    capacity: int
    notice_ms: int
    ahead_days: int
    zone: str | None
    closed: frozenset[date]
    hours: Hours | None
    calendars: tuple[Feed, ...] = ()
    organizer: tuple[str, str] | None = None

    def offer(self, library: Library | None) -> Offer:
        """Return the team's offer, what it does not say taken from its library.

        Without either nothing is open, and clocks read UTC.
        """
        calendar = None if library is None else library.calendar
        theirs = Hours({}) if calendar is None else hours_of(calendar)
        days = theirs.days if self.hours is None else self.hours.days
        zone = self.zone or ("UTC" if library is None else library.timezone)
        return Offer(
            hours=Hours(days, self.closed | theirs.closed), zone=ZoneInfo(zone),
            length_ms=self.length_ms, capacity=self.capacity, notice_ms=self.notice_ms,
            ahead_ms=self.ahead_days * DAY,
        )  # fmt: skip


def read_slots(read: Fields) -> TeamSlots:
    """Return what a team's table says; what is wrong in it is remembered by the reading."""
    length_ms = read.span("length", 30 * _MINUTE, most_ms=DAY)
    if length_ms < SHORTEST:
        read.wrong("length", fr="au moins 5 min", en="5 min at least")
        length_ms = SHORTEST
    zone = read.text("timezone", None)
    if zone is not None:
        read.attempt("timezone", lambda: _zone(zone))
    inside = read.table("hours", None)
    return TeamSlots(
        length_ms=length_ms,
        capacity=read.number("capacity", 1, least=1, most=MOST_AT_ONCE),
        notice_ms=read.span("notice", 0, most_ms=MOST_DAYS * DAY),
        ahead_days=read.number("ahead_days", 30, least=1, most=MOST_DAYS),
        zone=zone,
        closed=frozenset(_closed(read)),
        hours=None if inside is None else _hours(inside),
        organizer=_organizer(read),
        calendars=tuple(read_feed(name, one) for name, one in read.tables("calendars").items()),
    )


def _organizer(read: Fields) -> tuple[str, str] | None:
    """Return who invites, a name and an address; None when it is not said."""
    said = read.text("organizer", None)
    if said is None:
        return None
    try:
        return sender_of(said)
    except WrongMessage:
        read.wrong(
            "organizer", fr="Nom <adresse@hôte> ou adresse@hôte",
            en="Name <address@host> or address@host",
        )  # fmt: skip
        return None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone of that name: {name}") from error


def _closed(read: Reading) -> list[date]:
    written = read.texts("closed")
    days = [date_of(one) for one in written]
    if None in days:
        read.wrong("closed", fr="des jours comme 2026-12-25", en="days such as 2026-12-25")
    return [day for day in days if day is not None]


def _hours(read: Reading) -> Hours:
    days: dict[int, Sequence[tuple[int, int]]] = {}
    for number, name in enumerate(WEEKDAYS):
        spans = [_span(one) for one in read.texts(name)]
        apart = all(
            one is not None and one[0] < one[1] and before <= one[0]
            for one, before in zip(spans, [0, *(span[1] for span in spans if span)], strict=False)
        )
        if not apart:
            read.wrong(
                name,
                fr="des heures comme 09:00-12:30, dans l'ordre et sans se chevaucher",
                en="hours such as 09:00-12:30, in order and apart",
            )
        elif spans:
            days[number] = [span for span in spans if span is not None]
    return Hours(days)


def _span(written: str) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(written)
    if found is None:
        return None
    opens, closes = ((int(found[place]) * 60 + int(found[place + 1])) * _MINUTE for place in (1, 3))
    return (opens, closes) if closes <= DAY else None
