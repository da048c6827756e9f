"""Invitations as another reader of iCalendar and as mail programs read them."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest
from icalendar import Calendar

from connectors.busy import busy
from connectors.email_message import Written, WrongMessage, write
from connectors.invitation import Appointment, invitation, published
from tests.connectors.test_busy import PARIS

AT = 1_790_000_000_000
SHOP = ("La Boutique", "rendez-vous@boutique.example")


def appointment(**more: object) -> Appointment:
    """Return an appointment of half an hour."""
    given = {
        "id": "ses_1.1", "sequence": 0, "begins": AT, "ends": AT + 1_800_000, "said_at": AT - 5,
        "title": "Rappeler Zoé; 10 h, sûr", "organizer": SHOP, "attendee": "zoe@example.org",
    }  # fmt: skip
    return Appointment(**{**given, **more})  # type: ignore[arg-type]  # by their names


def event_of(made: Any) -> Any:
    """Return the one event of a calendar."""
    [event] = made.walk("VEVENT")
    return event


def test_an_invitation_says_who_invites_whom_to_what_and_when() -> None:
    read = Calendar.from_ical(invitation(appointment()))
    event = event_of(read)

    assert (read["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", "ses_1.1@parcours", 0)
    assert event["SUMMARY"] == "Rappeler Zoé; 10 h, sûr"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        "mailto:rendez-vous@boutique.example", "La Boutique",
    )  # fmt: skip
    assert event["ATTENDEE"] == "mailto:zoe@example.org"
    assert round(event["DTSTART"].dt.timestamp() * 1_000) == AT
    assert round(event["DTEND"].dt.timestamp() * 1_000) == AT + 1_800_000


def test_an_appointment_that_is_called_off_is_newer_and_removes_the_same_event() -> None:
    read = Calendar.from_ical(invitation(appointment(sequence=3, is_cancelled=True)))
    event = event_of(read)

    assert (read["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == ("ses_1.1@parcours", 3)


def test_our_own_appointments_are_not_counted_when_they_come_back_by_a_calendar() -> None:
    text = published([appointment(), appointment(id="ses_1.2")]).decode()

    assert text.count("BEGIN:VEVENT") == 2
    assert "METHOD:PUBLISH" in text
    assert busy(text, 0, AT * 2, zone=PARIS) == []


def test_a_mail_carries_its_invitation_for_the_program_and_as_a_file() -> None:
    made = invitation(appointment()).decode()
    written = Written("key", AT / 1_000, is_a_persons=True, invitation=made)

    letter = write(
        SHOP, "zoe@example.org", subject="Rendez-vous", body="À dix heures.", written=written
    )

    message = message_from_bytes(letter.content, policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/calendar", "application/ics"]
    told = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert told.get_content_type() == "text/calendar"
    assert told["Content-Type"].params["method"] == "REQUEST"
    assert told.get_content().replace("\r\n", "\n") == made.replace("\r\n", "\n")
    [attached] = message.iter_attachments()
    assert attached.get_filename() == "invitation.ics"
    assert attached.get_content() == made.encode()


@pytest.mark.parametrize("text", ["", "METHOD:REQUEST\r\n", "BEGIN:VCALENDAR\r\nMETHOD:ADD\r\n"])
def test_what_is_no_invitation_goes_with_no_mail(text: str) -> None:
    written = Written("key", AT / 1_000, invitation=text)

    with pytest.raises(WrongMessage) as wrong:
        write(SHOP, "zoe@example.org", subject="x", body="x", written=written)

    assert wrong.value.part == "invitation"
