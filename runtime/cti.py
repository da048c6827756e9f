"""What a phone system reports of its calls: they ring, are answered, held, and end.

Compatible with Zammad's generic CTI, so that a PBX set up for it feeds our phases unchanged: the
initial wait runs from `newCall` to `answer`, the talk to `hangup`, after-call work from there.
Reports come twice, late, or in the wrong order: each is taken once, and none moves a call back.
Source: experience.md 3.1 (Zammad generic CTI); measures.md A1 (phases only the channel knows).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.commands import Command
from runtime.access import Actor, authorize
from runtime.call_words import Said, read
from runtime.calls import Calls
from runtime.errors import WrongReference
from runtime.json_text import plain

SCOPE: Final = "cti.report"
"""The one thing a key may do whose text stands in a phone system's address."""
EVENTS: Final = ("newCall", "answer", "hangup", "hold", "unhold")


@dataclass(slots=True)
class Cti:
    """Takes the reports of phone systems in."""

    calls: Calls

    async def report(self, actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take one report in, and return where its contact stands: {contact, status}.

        Args:
            actor: the phone system.
            body: `event` (newCall, answer, hangup, hold, unhold), `callId`, `direction`, `from`,
                `to`, `user` (a text or a list), `queue`, `cause`.

        Raises:
            WrongReference: no such event, or no call id.
        """
        authorize(actor, SCOPE)
        event = body.get("event")
        if event not in EVENTS:
            raise WrongReference(
                {
                    "fr": "Ce n'est pas un événement d'appel connu.",
                    "en": "This is not an event of a call that is known.",
                },
                field="event",
                allowed=list(EVENTS),
            )
        said = self._said(body)
        if said.call is None:
            raise WrongReference(
                {"fr": "callId est nécessaire.", "en": "callId is needed."}, field="callId"
            )
        launch = await self.calls.row_of(actor, said)
        await self._take(actor, launch, event)
        row = await self.calls.sessions.contacts.row(actor.tenant, launch["contact"])
        return {"contact": row["id"], "status": row["status"]}

    def _said(self, body: Mapping[str, Any]) -> Said:
        words: dict[str, str] = {}
        for name, value in body.items():
            if name in {"event", "source"} or value is None:
                continue
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            # Who is dialled before anybody picked up is several people at once.
            if name != "user" or not isinstance(value, list) or len(value) == 1:
                words[plain(name, "event")] = text and plain(text, name)
        return read(words, country=self.calls.country)

    async def _take(self, actor: Actor, launch: Mapping[str, Any], event: str) -> None:
        tenant, contact = actor.tenant, launch["contact"]
        if event == "answer":
            await self.calls.sessions.contacts.pick_up(tenant, contact, by=actor.by)
        elif event == "hangup":
            await self.calls.sessions.contacts.hang_up(tenant, contact, by=actor.by)
        elif event in {"hold", "unhold"} and launch["session"] is not None:
            await self.calls.sessions.system(tenant, launch["session"], Command(event, {}))
