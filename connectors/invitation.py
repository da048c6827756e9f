"""Invitations: an appointment as calendars take it, moved and called off under one identity.

Source: RFC 5545, RFC 5546 (iTIP: REQUEST, CANCEL, SEQUENCE); decision 0039.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, Event, vCalAddress

from connectors.busy import OURS

PRODUCT: Final = "-//Parcours//Parcours//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """An appointment. Times are milliseconds UTC; `said_at`: when this was said of it.

    `id` is the same however often it is moved, and `sequence` says how often that was. `organizer`
    is a name, which may be empty, and an address; `attendee` an address, None when none is known.
    """

    id: str
    sequence: int
    begins: int
    ends: int
    said_at: int
    title: str
    organizer: tuple[str, str]
    attendee: str | None = None
    is_cancelled: bool = False


def invitation(appointment: Appointment) -> bytes:
    """Return the invitation to an appointment, or the word that it is called off."""
    method = "CANCEL" if appointment.is_cancelled else "REQUEST"
    return _calendar(method, [appointment])


def published(appointments: Sequence[Appointment]) -> bytes:
    """Return a calendar of appointments, to be looked at."""
    return _calendar("PUBLISH", appointments)


def _calendar(method: str, appointments: Sequence[Appointment]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for one in appointments:
        calendar.add_component(_event(one))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", f"{appointment.id}{OURS}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _moment(appointment.said_at))
    event.add("dtstart", _moment(appointment.begins))
    event.add("dtend", _moment(appointment.ends))
    event.add("summary", appointment.title)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    name, address = appointment.organizer
    organizer = vCalAddress(f"mailto:{address}")
    if name:
        organizer.params["CN"] = name
    event.add("organizer", organizer)
    if appointment.attendee is not None:
        attendee = vCalAddress(f"mailto:{appointment.attendee}")
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "TRUE"
        event.add("attendee", attendee)
    return event


def _moment(at: int) -> datetime:
    # To the second: iCalendar knows nothing finer.
    return datetime.fromtimestamp(at // 1_000, UTC)
