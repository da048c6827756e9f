"""Invitations follow an appointment, moved or called off under one identity, by real e-mail."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from connectors.email import Email
from connectors.port import Outcome
from runtime.access import Actor
from runtime.errors import Forbidden, NotFound
from runtime.idempotency import Answer
from runtime.invitations import Invitations, NoInvitation
from runtime.post.words import NoMail
from runtime.wiring import Service
from tests.connectors.test_email import Box, connector, server
from tests.runtime.conftest import ANA, OpenService, answers
from tests.runtime.posting import Postman, posting
from tests.runtime.test_booking import FILE, HOUR, book, move, slot
from tests.runtime.walks import to_order

ORGANIZED = FILE.replace(
    "capacity = 2", 'capacity = 2\norganizer = "La Boutique <rdv@boutique.example>"'
)
DROP = {"type": "follow_promise", "promise": 1, "state": "dropped", "reason": "Found."}


@pytest.fixture
def teams(tmp_path: Path) -> str:
    """Return the file of a team that invites, and of one that does not."""
    path = tmp_path / "teams.toml"
    path.write_text(ORGANIZED, encoding="utf-8")
    return str(path)


def invitations(service: Service) -> Invitations:
    """Return what gives and sends invitations."""
    return Invitations(service.promises, service.post.sending)


async def appointed(service: Service, **more: Any) -> tuple[Answer, int]:
    """Return the session of Zoé, who is called back, and when."""
    begun = await to_order(service, ANA)
    begins = await slot(service)
    await book(service, begins, session=begun.session, **more)
    return begun, begins


def event_of(made: Any) -> Any:
    """Return the one event of a calendar."""
    [event] = made.walk("VEVENT")
    return event


async def read(service: Service, session: str) -> tuple[str, str, int, int, str]:
    """Return method, identity, sequence, begin and status of an invitation."""
    made = Calendar.from_ical(await invitations(service).read(ANA, f"{session}.1"))
    event = event_of(made)
    begins = round(event["DTSTART"].dt.timestamp() * 1_000)
    said = (str(made["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]))
    return (*said, begins, str(event["STATUS"]))


def test_an_invitation_keeps_its_identity_when_it_is_moved_and_called_off(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begun, begins = await appointed(service)
            identity, begins = f"{begun.session}.1@parcours", begins - begins % 1_000

            assert await read(service, begun.session) == (
                "REQUEST", identity, 0, begins, "CONFIRMED",
            )  # fmt: skip
            await move(service, begun.session, begins + HOUR)
            assert await read(service, begun.session) == (
                "REQUEST", identity, 1, begins + HOUR, "CONFIRMED",
            )  # fmt: skip
            await service.sessions.command(ANA, begun.session, DROP)
            assert await read(service, begun.session) == (
                "CANCEL", identity, 2, begins + HOUR, "CANCELLED",
            )  # fmt: skip

    asyncio.run(play())


def test_the_customer_is_sent_the_invitation_and_its_changes_by_real_e_mail(
    open_shop: OpenService, teams: str, tmp_path: Path
) -> None:
    async def play() -> None:
        box = Box()
        async with server(box) as port:
            mail: Email = connector(tmp_path, port)
            connectors = {"mail": mail, "*": answers()}
            async with open_shop(
                connectors, teams=teams, reply_operation="mail.order_resent"
            ) as service:
                begun, _ = await appointed(service)
                sent = await invitations(service).send(ANA, f"{begun.session}.1")
                # Within a minute of the first a session sends no other: it goes later.
                await service.sessions.command(ANA, begun.session, DROP)
                later = await invitations(service).send(ANA, f"{begun.session}.1")

                assert (sent["status"], sent["to"]) == ("sent", "zoe@example.org")
                assert (later["status"], later["subject"]) == (
                    "ready", "Appointment cancelled: We call Zoé.",
                )  # fmt: skip
                row = await service.post.messages.row("acme", later["id"])
                assert "METHOD:CANCEL" in row["content"]["invitation"]

        [letter] = box.taken
        assert letter["Subject"] == "Appointment: We call Zoé."
        told = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
        assert told["Content-Type"].params["method"] == "REQUEST"
        event = event_of(Calendar.from_ical(told.get_content()))
        assert event["ATTENDEE"] == "mailto:zoe@example.org"
        body = letter.get_body(("plain",))
        assert body is not None
        assert "We call Zoé." in body.get_content()
        assert "(Europe/Paris)" in body.get_content()

    asyncio.run(play())


def test_what_cannot_be_sent_or_is_no_appointment_says_so(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        postman = Postman(Outcome("succeeded", {"message": "<x>"}))
        async with open_shop(
            posting(postman), teams=teams, reply_operation="mail.reply"
        ) as service:
            begun, begins = await appointed(service)
            nobodys = (await book(service, begins)).session
            plain = {"type": "promise", "what": "A letter follows."}
            await service.sessions.command(ANA, begun.session, plain)
            other = (await book(service, begins, by="second")).session
            send = invitations(service).send

            for promise in (f"{begun.session}.2", f"{other}.1"):
                with pytest.raises(NoInvitation):
                    await send(ANA, promise)
            for to in (None, "nobody", "a@b.example\nBcc: c@d.example"):
                with pytest.raises(NoMail):
                    await send(ANA, f"{nobodys}.1", to=to)
            with pytest.raises(NotFound):
                await send(ANA, f"{begun.session}.9")
            with pytest.raises(Forbidden):
                await send(Actor("acme", "admin", "a"), f"{begun.session}.1")
            assert postman.sent == []
            await send(ANA, f"{nobodys}.1", to="Paul@Example.org")
            assert postman.sent[0][0]["to"] == "Paul@example.org"

    asyncio.run(play())


def test_a_teams_calendar_holds_what_it_still_owes(open_shop: OpenService, teams: str) -> None:
    async def play() -> None:
        async with open_shop(teams=teams) as service:
            begun, begins = await appointed(service)
            await book(service, begins, by="supervisor")
            await service.sessions.command(ANA, begun.session, DROP)

            made = await invitations(service).calendar(ANA, "supervisor")

            event = event_of(Calendar.from_ical(made))
            assert event["SUMMARY"] == "We call Zoé."
            with pytest.raises(NoInvitation):
                await invitations(service).calendar(ANA, "second")
            with pytest.raises(NotFound):
                await invitations(service).calendar(ANA, "nobody")

    asyncio.run(play())


def test_what_was_sent_to_somebody_who_is_erased_is_emptied(
    open_shop: OpenService, teams: str
) -> None:
    async def play() -> None:
        postman = Postman()
        async with open_shop(
            posting(postman), teams=teams, reply_operation="mail.reply"
        ) as service:
            begun, _ = await appointed(service)
            sent = await invitations(service).send(ANA, f"{begun.session}.1")
            await service.erasing.customer(Actor("acme", "admin", "a"), str(sent["customer"]))

            row = await service.post.messages.row("acme", sent["id"])
            assert "Zoé" not in str(row)
            assert "zoe" not in str(row)
            with pytest.raises(NoMail):
                await invitations(service).send(ANA, f"{begun.session}.1")

    asyncio.run(play())
