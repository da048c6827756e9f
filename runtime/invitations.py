"""Invitations: what a customer's calendar takes of an appointment, given and sent by e-mail.

Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from connectors.email_message import LONGEST_SUBJECT, WrongMessage, address_of
from connectors.invitation import Appointment, invitation, published
from engine import localise
from engine.slots import Offer
from runtime.access import Actor, authorize
from runtime.errors import Failure, NotFound
from runtime.idempotency import Keep, keep_nothing
from runtime.post.rows import added, shown
from runtime.post.sending import Sending
from runtime.post.words import NoMail
from runtime.promises import Promises, place_of
from runtime.store.port import Unit

PAGE: Final = 200
PAGES: Final = 25
"""A team's calendar holds the next 5,000 promises at most."""
_TITLE: Final = {"fr": "Rendez-vous", "en": "Appointment"}
_SUBJECT: Final = {
    "fr": {"new": "Rendez-vous : {what}", "moved": "Rendez-vous déplacé : {what}",
           "off": "Rendez-vous annulé : {what}"},
    "en": {"new": "Appointment: {what}", "moved": "Appointment moved: {what}",
           "off": "Appointment cancelled: {what}"},
}  # fmt: skip
_WHEN: Final = {
    "fr": "{what}\n\nLe {day}, de {begins} à {ends} ({zone}).\n",
    "en": "{what}\n\nOn {day}, {begins} to {ends} ({zone}).\n",
}
_OFF: Final = {
    "fr": "Ce rendez-vous est annulé :\n\n", "en": "This appointment is cancelled:\n\n",
}  # fmt: skip


class NoInvitation(Failure):
    """The promise takes no slot, or its team says of nobody that they invite."""

    CODE: ClassVar[str] = "invitation.none"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette promesse n'a pas de créneau, ou son équipe n'a pas d'`organizer` dans "
        "teams.toml.",
        "en": "This promise has no slot, or its team has no `organizer` in teams.toml.",
    }


@dataclass(frozen=True, slots=True)
class Invitations:
    """The invitations of all tenants; each call stays within its actor's."""

    promises: Promises
    sending: Sending

    async def read(self, actor: Actor, promise: str, *, language: str = "fr") -> bytes:
        """Return an appointment as calendars take it: an invitation, or that it is called off.

        Raises:
            NotFound: there is no such promise.
            NoInvitation: it is no appointment, or nobody invites to it.
        """
        found = await self.promises.get(actor, promise)
        appointment, _ = await self._appointment(actor, found, language)
        return invitation(appointment)

    async def calendar(self, actor: Actor, team: str, *, language: str = "fr") -> bytes:
        """Return the appointments of a team that are still to come or owed, as a calendar.

        Raises:
            NotFound: no team of that name gives slots.
            NoInvitation: nobody invites to them.
        """
        slots = self.promises.teams.slots(actor.tenant, team)
        if slots is None:
            raise NotFound(team=team)
        if slots.organizer is None:
            raise NoInvitation
        found: list[Appointment] = []
        after = None
        for _ in range(PAGES):
            page = await self.promises.all(actor, team=team, after=after, limit=PAGE)
            found += [
                (await self._appointment(actor, one, language, to=""))[0]
                for one in page
                if one["begins"] is not None
            ]
            if len(page) < PAGE:
                break
            after = place_of(page[-1])
        return published(found)

    async def send(
        self, actor: Actor, promise: str, *, to: str | None = None, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Send the invitation by e-mail, in the session's language; return the message.

        It is on disk before it goes out, and goes out once: see `Sending`.

        Args:
            actor: who sends it.
            promise: its id.
            to: an address; the customer's own unless said.
            keep: adds the answer to what is committed.

        Raises:
            NotFound, NoInvitation: see `read`.
            NoMail: no e-mail goes out from here, or no address is known.
        """
        authorize(actor, "promise.invite")
        found = await self.promises.get(actor, promise)
        warm = await self.promises.sessions.states.get(actor.tenant, found["session"])
        language = "en" if localise.base(warm.state.language) == "en" else "fr"
        appointment, offer = await self._appointment(actor, found, language, to=to)
        if self.sending.operation is None or appointment.attendee is None:
            raise NoMail
        ids, now = self.promises.sessions.ids, self.promises.clock.now()
        identity = ids.new("msg")
        key = f"{found['session']}/{identity}"
        unit = Unit()
        row = added(
            unit, tenant=actor.tenant, id=identity, direction="out", kind="email",
            mark=hashlib.sha256(key.encode()).hexdigest()[:40], status="ready", parent=None,
            contact=None, customer=found["customer"], session=found["session"], sender="",
            recipient=appointment.attendee, subject=_subject(appointment, language),
            text=_text(appointment, offer, language), actor=actor.by, at=now, updated_at=now,
            due=now,
            content={
                "key": key, "by": "mail", "references": [], "language": language,
                "invitation": invitation(appointment).decode(),
            },
        )  # fmt: skip
        keep(unit, shown(row))
        await self.promises.store.commit(unit)
        return shown(await self.sending.send(row))

    async def _appointment(
        self, actor: Actor, promise: Mapping[str, Any], language: str, *, to: str | None = None
    ) -> tuple[Appointment, Offer]:
        slots = self.promises.teams.slots(actor.tenant, promise["team"] or "")
        if promise["begins"] is None or slots is None or slots.organizer is None:
            raise NoInvitation
        is_cancelled = promise["state"] in ("dropped", "broken")
        appointment = Appointment(
            id=promise["id"],
            # Called off it is newer than however often it was moved.
            sequence=promise["moves"] + is_cancelled,
            begins=promise["begins"],
            ends=promise["due"],
            said_at=promise["state_at"],
            title=promise["what"] or _TITLE[language],
            organizer=slots.organizer,
            attendee=await self._address(actor, promise["customer"], to),
            is_cancelled=is_cancelled,
        )
        return appointment, await self.promises.sessions.booking.slots.offer(
            actor.tenant, promise["team"]
        )  # fmt: skip

    async def _address(self, actor: Actor, customer: str | None, to: str | None) -> str | None:
        """Return the address that was named, else the customer's; None when it is no address."""
        found = to
        if found is None and customer is not None:
            whose = await self.promises.sessions.customers.get(actor, customer)
            keys = [one["value"] for one in whose["keys"] if one["kind"] == "email"]
            known = (whose["facts"].get("customer.email") or {}).get("value")
            found = next(iter(keys), None) or known
        try:
            return address_of(str(found))
        except WrongMessage:
            return None


def _subject(appointment: Appointment, language: str) -> str:
    state = "off" if appointment.is_cancelled else "moved" if appointment.sequence else "new"
    what = " ".join(appointment.title.split())
    return _SUBJECT[language][state].format(what=what)[:LONGEST_SUBJECT]


def _text(appointment: Appointment, offer: Offer, language: str) -> str:
    begins, ends = (
        datetime.fromtimestamp(at / 1_000, offer.zone)
        for at in (appointment.begins, appointment.ends)
    )
    said = _WHEN[language].format(
        what=appointment.title,
        day=localise.date(begins.date().isoformat(), language),
        begins=localise.time_of_day(f"{begins:%H:%M}", language),
        ends=localise.time_of_day(f"{ends:%H:%M}", language),
        zone=offer.zone,
    )
    return (_OFF[language] if appointment.is_cancelled else "") + said
