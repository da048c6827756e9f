"""Messages that come: each is known once, finds its customer and its session, and is opened once.

What comes twice is the same message. What a machine writes is kept and answered by nobody; what
answers one of ours goes to the session that waits for it. Source: domain.md (e-mail and post).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.evolve import ENDED
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.customers import normalise
from runtime.errors import NotFound, WrongReference
from runtime.file_errors import OtherContent
from runtime.files import LARGEST, media_type_of
from runtime.json_text import plain
from runtime.post.mail import Attached, Mail, mark_of
from runtime.post.rows import MessageRow, added, changed, language_of, message_row, shown
from runtime.post.words import JourneyNeeded, MessageUnderWay, NoSender
from runtime.sessions import Sessions, StartRequest
from runtime.store import messages as s
from runtime.store.people import NEW_FILE
from runtime.store.port import LostRace, Unit

KEPT: Final = 365 * 86_400_000
"""Milliseconds a message that no session works on is kept."""
OPENING: Final = 10_000
"""Milliseconds within which whoever opens a message has begun its session."""
CHANNELS: Final[Mapping[str, str]] = {"email": "email", "letter": "post"}
LEFT: Final = ("answered", "closed", "ignored")
TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it was scanned or typed.

    `reference` is what whoever scans calls it, so that it is known once; `customer` an id or keys;
    `answers` the id of the message of ours that it answers.
    """

    text: str
    name: str = ""
    subject: str = ""
    reference: str | None = None
    customer: str | Mapping[str, str] | None = None
    answers: str | None = None
    received_at: int | None = None
    files: tuple[Attached, ...] = ()


class Messages:
    """The messages of all tenants; each call stays within one."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self.sessions = sessions
        self.clock = clock
        self.store = sessions.store

    # -- coming in

    async def take_mail(self, actor: Actor, mail: Mail) -> dict[str, Any]:
        """Take an e-mail in, once, and return it as it is known.

        Raises:
            NoSender: nothing says who wrote it, or it is empty.
        """
        authorize(actor, "message.take-in")
        is_empty = not (mail.text or mail.subject or mail.files)
        if mail.machine is None and (not mail.sender or is_empty):
            raise NoSender
        keys = {"email": mail.sender} if _is_key(mail.sender) else None
        return await self._take_in(actor, mail, kind="email", customer=keys, offered=None)

    async def take_letter(self, actor: Actor, letter: Letter) -> dict[str, Any]:
        """Take a letter in, once, and return it as it is known.

        Raises:
            NoSender: it says nothing.
            WrongReference: its customer is named wrongly, or it came at a time that is yet to come.
            NotFound: no such customer, or no such message as it answers.
        """
        authorize(actor, "message.take-in")
        if not letter.text.strip() and not letter.files:
            raise NoSender
        now = self.clock.now()
        if letter.received_at is not None and not 0 <= letter.received_at <= now:
            raise WrongReference(field="received_at", latest=now)
        answered = None
        if letter.answers is not None:
            answered = (await self.row(actor.tenant, letter.answers))["mark"]
        told = letter.reference or f"{letter.subject}\n{letter.text}"
        mark = hashlib.sha256(f"letter {told}".encode("utf-8", "replace")).hexdigest()
        mail = Mail(
            mark=mark, id=None, sender="", name=letter.name, to="", subject=letter.subject,
            text=letter.text, answers=(answered,) if answered else (), files=letter.files,
        )  # fmt: skip
        return await self._take_in(
            actor, mail, kind="letter", customer=letter.customer, offered=letter.received_at
        )

    async def _take_in(
        self, actor: Actor, mail: Mail, *, kind: str,
        customer: str | Mapping[str, str] | None, offered: int | None,
    ) -> dict[str, Any]:  # fmt: skip
        for _ in range(TRIES):
            known = await self.store.read(s.MESSAGE_OF_MARK, actor.tenant, mail.mark)
            if known:
                return shown(message_row(known[0]))
            unit, now = Unit(), self.clock.now()
            parent = await self._answered(actor.tenant, mail)
            whose = None if parent is None else parent["customer"]
            if whose is None and mail.machine is None and customer is not None:
                whose = await self.sessions.customers.resolve(actor, customer, unit=unit, now=now)
            contact = None
            if mail.machine is None:
                contact = self.sessions.contacts.begin(
                    unit, actor, channel=CHANNELS[kind], direction="inbound", customer=whose,
                    offered=now if offered is None else offered,
                )["id"]  # fmt: skip
            message = self.sessions.ids.new("msg")
            files = self._keep_files(unit, actor, message, mail)
            row = added(
                unit, tenant=actor.tenant, id=message, mark=mail.mark, direction="in", kind=kind,
                status="new" if mail.machine is None else "ignored",
                parent=None if parent is None else parent["id"], contact=contact, customer=whose,
                session=None if parent is None else parent["session"], sender=mail.sender,
                recipient=mail.to, subject=mail.subject, text=mail.text, actor=actor.by,
                at=now if offered is None else offered, updated_at=now,
                content={
                    "name": mail.name, "id": mail.id, "references": list(mail.answers)[:20],
                    "machine": mail.machine, "language": language_of(mail.text), **files,
                },
            )  # fmt: skip
            if parent is not None and mail.machine == "bounce" and parent["direction"] == "out":
                changed(unit, parent, now, status="bounced", due=None)
            try:
                await self.store.commit(unit)
            except LostRace:
                continue
            return shown(row)
        raise LostRace

    async def _answered(self, tenant: str, mail: Mail) -> MessageRow | None:
        """Return the message that one answers, the nearest that is known."""
        for identity in mail.answers:
            for mark in (mark_of(identity), identity):
                rows = await self.store.read(s.MESSAGE_OF_MARK, tenant, mark)
                if rows:
                    return message_row(rows[0])
        return None

    def _keep_files(self, unit: Unit, actor: Actor, message: str, mail: Mail) -> dict[str, Any]:
        """Keep what a message carries under its own id, and say what was not kept."""
        kept, lost = [], []
        for one in mail.files:
            try:
                media_type = media_type_of(one.content, one.media_type)
            except OtherContent:
                lost.append(one.name)
                continue
            if len(one.content) > LARGEST:
                lost.append(one.name)
                continue
            digest = hashlib.sha256(one.content).hexdigest()
            named = hashlib.sha256(f"{message}/{one.name}/{digest}".encode()).hexdigest()
            reference = {
                "id": f"fil_{named[:26]}", "name": one.name, "media_type": media_type,
                "size": len(one.content), "sha256": digest,
            }  # fmt: skip
            if reference in kept:
                continue
            kept.append(reference)
            unit.add(
                NEW_FILE, actor.tenant, message, reference["id"], one.name, media_type,
                len(one.content), actor.by, self.clock.now(),
                base64.b64encode(one.content).decode("ascii"),
            )  # fmt: skip
        return {"files": kept, "lost": lost}

    # -- reading

    async def row(self, tenant: str, message: str) -> MessageRow:
        """Return a message's columns. Raises NotFound when the tenant has none of that id."""
        rows = await self.store.read(s.MESSAGE, tenant, plain(message, "message"))
        if not rows:
            raise NotFound(which=message)
        return message_row(rows[0])

    async def newest(
        self, actor: Actor, *, status: str, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return the messages of a status, newest first; `before` is the last id of a page."""
        authorize(actor, "message.read")
        rows = await self.store.read(s.MESSAGES, actor.tenant, status, before or "~", limit)
        return [await self._listed(message_row(row)) for row in rows]

    async def _listed(self, row: MessageRow) -> dict[str, Any]:
        """Return a message with whose it is to answer, where its customer has an advisor."""
        own = None
        if row["direction"] == "in":
            own = await self.sessions.customers.own_advisor(row["tenant"], row["customer"])
        return shown(row, own)

    async def get(self, actor: Actor, message: str) -> dict[str, Any]:
        """Return a message with its whole text, and those it was written with (`thread`)."""
        authorize(actor, "message.read")
        row = await self.row(actor.tenant, message)
        return await self.whole(row)

    async def whole(self, row: MessageRow) -> dict[str, Any]:
        """Return all that is said of a message."""
        thread = await self.store.read(s.THREAD, row["tenant"], row["session"], row["id"])
        others = [message_row(one) for one in thread if one[1] != row["id"]]
        lost = row["content"].get("lost", [])
        return {
            **await self._listed(row),
            "text": row["text"],
            "lost": lost,
            "thread": [{**shown(one), "text": one["text"]} for one in others],
        }

    # -- working on one

    async def open(
        self, actor: Actor, message: str, *, journey: str | None = None
    ) -> dict[str, Any]:
        """Open a message: its contact is answered, and its session begins, or is taken up again.

        Opened again, it is the same session. What it carries becomes the session's.

        Raises:
            NotFound: no such message.
            JourneyNeeded: no session waits for it, and none is asked for.
            MessageUnderWay: somebody else is opening it.
            UnknownJourney, engine.refusals.Refused: the session cannot be begun; nothing is.
        """
        authorize(actor, "message.work")
        row = await self.row(actor.tenant, message)
        if row["direction"] != "in" or row["status"] in ("answered", "closed"):
            return await self.whole(row)
        session = row["session"]
        warm = None
        if session is not None:
            warm = await self.sessions.states.fresh(actor.tenant, session)
        if warm is None or warm.state.status in ENDED:
            if row["status"] == "open" and session is not None:
                return await self.whole(row)
            if journey is None:
                raise JourneyNeeded
            await self.sessions.revisions.startable(actor.tenant, plain(journey, "journey"))
        row = await self._claimed(row)
        if row["contact"] is not None:
            await self.sessions.contacts.pick_up(actor.tenant, row["contact"], by=actor.by)
        if warm is None or warm.state.status in ENDED:
            assert journey is not None
            session = await self._begin(actor, row, journey)
        elif warm.state.status == "paused":
            resume = {"type": "resume", "contact": row["contact"], "channel": warm.state.channel}
            await self.sessions.command(
                actor, str(session), {k: v for k, v in resume.items() if v is not None},
                match=warm.state.version,
            )  # fmt: skip
        unit = Unit()
        row = await self.row(actor.tenant, message)
        row = changed(unit, row, self.clock.now(), session=session)
        unit.add(s.HAND_FILES, actor.tenant, message, session)
        await self.store.commit(unit)
        return await self.whole(row)

    async def _claimed(self, row: MessageRow) -> MessageRow:
        now = self.clock.now()
        if row["status"] == "open" and row["session"] is None and now - row["updated_at"] < OPENING:
            raise MessageUnderWay(which=row["id"])
        unit = Unit()
        row = changed(unit, row, now, status="open")
        try:
            await self.store.commit(unit)
        except LostRace:
            raise MessageUnderWay(which=row["id"]) from None
        return row

    async def _begin(self, actor: Actor, row: MessageRow, journey: str) -> str:
        revision = await self.sessions.revisions.startable(actor.tenant, journey)
        library, channel = revision.library, CHANNELS[row["kind"]]
        language = row["content"].get("language")
        request = StartRequest(
            journey=journey,
            channel=channel if channel in library.channels else library.channels[0],
            language=language if language in library.languages else None,
            customer=row["customer"],
            contact=row["contact"],
            words=row["text"] or None,
        )
        return str((await self.sessions.start(actor, request)).session)

    async def close(self, actor: Actor, message: str) -> dict[str, Any]:
        """Say that a message needs nothing more: its contact ends, its session stays as it is."""
        authorize(actor, "message.work")
        row = await self.row(actor.tenant, message)
        if row["direction"] == "in" and row["status"] not in LEFT:
            unit = Unit()
            row = changed(unit, row, self.clock.now(), status="closed")
            try:
                await self.store.commit(unit)
            except LostRace:
                raise MessageUnderWay(which=message) from None
            await self.let_go(actor, row)
        return await self.whole(row)

    async def let_go(self, actor: Actor, row: MessageRow) -> None:
        """End the contact of a message that is dealt with, answered first if nobody opened it."""
        if row["contact"] is None:
            return
        contacts, tenant = self.sessions.contacts, actor.tenant
        await contacts.pick_up(tenant, row["contact"], by=actor.by)
        await contacts.hang_up(tenant, row["contact"], by=actor.by)
        if (await contacts.row(tenant, row["contact"]))["status"] == "ended":
            await contacts.pass_to(actor, row["contact"], "wrapped_up")

    async def purge(self) -> None:
        """Forget messages of more than a year ago that no session worked on."""
        unit, before = Unit(), self.clock.now() - KEPT
        unit.add(s.PURGE_FILES, before)
        unit.add(s.PURGE_MESSAGES, before)
        await self.store.commit(unit)


def _is_key(address: str) -> bool:
    try:
        normalise("email", address)
    except WrongReference:
        return False
    return True
