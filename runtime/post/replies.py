"""An advisor's work on a message: answers accepted or refused, and one reply that asks the rest.

What is accepted is provided to the session; the reply puts it to sleep until its answer comes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.email_message import is_reference
from engine.evolve import ENDED
from engine.refusals import Refused
from runtime.access import Actor, authorize
from runtime.errors import Stale, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.post import asking
from runtime.post.asking import Asked
from runtime.post.messages import Messages
from runtime.post.rows import MessageRow, added, changed, shown
from runtime.post.sending import Sending
from runtime.post.words import MessageUnderWay, NoMail, NotOpen
from runtime.states import Warm
from runtime.store.port import LostRace, Unit

TRIES: Final = 5
LONGEST_BODY: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply as an advisor sends it.

    `questions` are the names of what it asks, in its order; `by` mail, or hand when the advisor
    sends it themselves (a letter).
    """

    subject: str
    body: str
    questions: tuple[str, ...] = ()
    by: str = "mail"


class Replies:
    """What is made of messages; each call stays within its actor's tenant."""

    def __init__(self, messages: Messages, sending: Sending) -> None:
        self._messages = messages
        self._sending = sending
        self._sessions = messages.sessions

    async def read(self, actor: Actor, message: str) -> dict[str, Any]:
        """Return a message with what it answers, what lacks, and the draft of a reply.

        `found` are the answers nobody judged yet; `accepted` what was accepted; `missing` the
        questions that a reply is to ask; `reply` its draft, and how it can go out (`by`).

        Raises:
            NotFound: no such message.
        """
        authorize(actor, "message.read")
        row = await self._messages.row(actor.tenant, message)
        return await self._read(actor, row)

    async def _read(self, actor: Actor, row: MessageRow) -> dict[str, Any]:
        whole = await self._messages.whole(row)
        asked = await self._asked(actor.tenant, row)
        answers, missing = [], []
        language = row["content"].get("language") or "fr"
        if asked is not None:
            answers = asking.answers(asked, row)
            language = language if language in asked.library.languages else asked.state.language
            # What was understood, and in one way, is taken as accepted: a draft asks for the rest.
            names = [one["name"] for one in answers]
            told = {n["name"]: n["value"] for n in answers if names.count(n["name"]) == 1}
            missing = asking.wanted(asked, asking.lacking(asked, told), language)
        return {
            **whole,
            "found": answers,
            "accepted": row["content"].get("accepted", {}),
            "refused": row["content"].get("refused", []),
            "missing": missing,
            "reply": {
                **asking.draft(row, missing, language),
                "incidents": (await self._sending.with_incidents(row, "")).incidents,
                "by": "mail" if self._sending.operation and row["sender"] else "hand",
            },
        }

    async def _asked(self, tenant: str, row: MessageRow) -> Asked | None:
        """Return the session a message is read for; None when none is open for it."""
        if row["session"] is None or row["direction"] != "in":
            return None
        warm = await self._sessions.states.fresh(tenant, row["session"])
        if warm.state.status in ENDED:
            return None
        revision = await self._sessions.revisions.get(tenant, warm.state.revision)
        numbered: Sequence[str] = ()
        if row["parent"] is not None:
            parent = await self._messages.row(tenant, row["parent"])
            numbered = parent["content"].get("asks", ())
        content = row["content"]
        judged = [*content.get("accepted", {}), *content.get("refused", [])]
        return Asked(revision, warm.state, self._messages.clock.now(), numbered, judged)

    async def judge(
        self, actor: Actor, message: str, *, accept: Mapping[str, Any], refuse: Sequence[str]
    ) -> dict[str, Any]:
        """Accept answers, as they are or as they are corrected, and refuse others; return `read`.

        Those accepted are provided to the session: each serves when its question is reached.

        Raises:
            NotFound: no such message.
            NotOpen: no session is open for it.
            MessageUnderWay: somebody else judged it meanwhile.
        """
        authorize(actor, "message.work")
        row = await self._messages.row(actor.tenant, message)
        if row["session"] is None or row["direction"] != "in":
            raise NotOpen
        if accept:
            await self._bring(actor, row["session"], {"type": "provide", "values": dict(accept)})
        content = row["content"]
        accepted = {**content.get("accepted", {}), **accept}
        refused = [n for n in dict.fromkeys([*content.get("refused", []), *refuse])
                   if n not in accepted]  # fmt: skip
        unit = Unit()
        now = self._messages.clock.now()
        row = changed(unit, row, now, content={**content, "accepted": accepted, "refused": refused})
        await self._commit(unit, message)
        return await self._read(actor, row)

    async def _bring(self, actor: Actor, session: str, command: Mapping[str, Any]) -> None:
        """Bring a command to a session as it stands now."""
        for _ in range(TRIES):
            warm: Warm = await self._sessions.states.fresh(actor.tenant, session)
            if warm.state.status in ENDED:
                raise NotOpen
            try:
                await self._sessions.command(actor, session, command, match=warm.state.version)
            except Stale:
                continue
            return
        raise MessageUnderWay

    async def reply(
        self, actor: Actor, message: str, reply: Reply, *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Send a reply and put the session to sleep until it is answered; return the reply.

        It is on disk before it is sent, and is sent once: see `Sending`. The contact of the message
        ends; its answer begins another, in the same session.

        Raises:
            NotFound: no such message.
            NotOpen: it was answered or closed already, or is no message to answer.
            NoMail: it cannot go out by e-mail from here.
            WrongReference: the subject is not one line, or a text is empty or too long.
        """
        authorize(actor, "message.work")
        row = await self._messages.row(actor.tenant, message)
        if row["direction"] != "in" or row["status"] not in {"new", "open"}:
            raise NotOpen
        self._refuse_wrong(reply)
        if reply.by == "mail" and (self._sending.operation is None or not row["sender"]):
            raise NoMail
        identity = self._sessions.ids.new("msg")
        key = f"{row['session'] or row['id']}/{identity}"
        now = self._messages.clock.now()
        is_mailed = reply.by == "mail"
        references = [
            *reversed(row["content"].get("references", [])),
            row["content"].get("id") or "",
        ]
        unit = Unit()
        sent = added(
            unit, tenant=actor.tenant, id=identity, direction="out", kind=row["kind"],
            mark=hashlib.sha256(key.encode()).hexdigest()[:40],
            status="ready" if is_mailed else "sent", parent=row["id"], contact=row["contact"],
            customer=row["customer"], session=row["session"], sender="",
            recipient=row["sender"], subject=reply.subject, text=reply.body, actor=actor.by,
            at=now, updated_at=now, due=now if is_mailed else None,
            content={
                "asks": list(reply.questions), "key": key, "by": reply.by,
                "language": row["content"].get("language"),
                "references": [one for one in dict.fromkeys(references) if is_reference(one)],
            },
        )  # fmt: skip
        row = changed(unit, row, now, status="answered")
        keep(unit, shown(sent))
        await self._commit(unit, message)
        await self._messages.let_go(actor, row)
        if row["session"] is not None and reply.questions:
            await self._put_to_sleep(actor, row["session"])
        if is_mailed:
            return shown(await self._sending.send(sent))
        return shown(sent)

    @staticmethod
    def _refuse_wrong(reply: Reply) -> None:
        for name, text, most in (
            ("subject", reply.subject, 200),
            ("body", reply.body, LONGEST_BODY),
        ):
            if not text.strip() or len(text) > most:
                raise WrongReference(field=name, limit=most)
        if not reply.subject.isprintable():
            raise WrongReference(field="subject")

    async def _put_to_sleep(self, actor: Actor, session: str) -> None:
        warm = await self._sessions.states.fresh(actor.tenant, session)
        if warm.state.status in ENDED or warm.state.status == "paused":
            return
        try:
            await self._bring(actor, session, {"type": "pause", "reason": "message.asked"})
        except Refused:
            # It waits for something else already: the answer finds it there.
            return

    async def _commit(self, unit: Unit, message: str) -> None:
        try:
            await self._messages.store.commit(unit)
        except LostRace:
            raise MessageUnderWay(which=message) from None
