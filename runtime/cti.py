"""What a phone system reports of its calls: they ring, are answered, held, consulted on, and end.

Compatible with Zammad's generic CTI, so that a PBX set up for it feeds our phases unchanged: the
initial wait runs from `newCall` to `answer`, the talk to `hangup`, after-call work from there.
Reports come twice, late, or in the wrong order: each is taken once, and none moves a call back.
Source: experience.md 3.1 (Zammad generic CTI); measures.md A1 (phases only the channel knows).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.commands import Command
from runtime.access import Actor, authorize
from runtime.call_words import LONGEST, Said, read, tidy
from runtime.calls import Calls
from runtime.errors import WrongReference

SCOPE: Final = "cti.report"
"""The one thing a key may do whose text stands in a phone system's address."""
EVENTS: Final = ("newCall", "answer", "hangup", "hold", "unhold", "consult", "unconsult")
DURING: Final = frozenset(EVENTS[3:])
"""What happens to a call that goes on: it says something of the session it opened, if any."""

DROPS: Final = frozenset(
    {
        "27", "34", "38", "41", "42", "47", "102",
        "congestion", "destinationoutoforder", "mediatimeout", "networkoutoforder",
        "normaltemporaryfailure", "recoveryontimerexpire", "rtptimeout", "switchcongestion",
        "technical", "temporaryfailure",
    }
)  # fmt: skip
"""Causes of a hangup that are a fault of the network, by number and by name, letters alone.

Source: ITU-T Q.850, and the names that Asterisk and FreeSWITCH give those causes.
"""


def is_drop(cause: object) -> bool:
    """Return whether a cause that a phone system gives is a line that broke."""
    return "".join(one for one in str(cause).lower() if one.isalnum()) in DROPS


@dataclass(slots=True)
class Cti:
    """Takes the reports of phone systems in."""

    calls: Calls

    async def report(self, actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take one report in, and return where its contact stands: {contact, status}.

        Args:
            actor: the phone system.
            body: `event` (one of `EVENTS`), `callId`, `direction`, `from`, `to`, `user` (a text or
                a list), `queue` (of a consult, whom one asks), `cause` (of a hangup: `DROPS` are
                a line that broke).

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
        # Whom one asks in passing is not the queue that the call came by.
        of_call = replace(said, queue=None) if event in DURING else said
        launch = await self.calls.row_of(actor, of_call)
        await self._take(actor, launch, event, said, cause=body.get("cause"))
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
                words[name[:LONGEST]] = tidy(name, text)
        return read(words, country=self.calls.country, is_without_plus=True)

    async def _take(
        self, actor: Actor, launch: Mapping[str, Any], event: str, said: Said, *, cause: object
    ) -> None:
        tenant, contact = actor.tenant, launch["contact"]
        if event == "answer":
            await self.calls.sessions.contacts.pick_up(tenant, contact, by=actor.by)
        elif event == "hangup":
            dropped = is_drop(cause)
            await self.calls.sessions.contacts.hang_up(
                tenant, contact, by=actor.by, dropped=dropped
            )
        elif event in DURING and launch["session"] is not None:
            for command in await self._during(tenant, launch["session"], event, said):
                await self.calls.sessions.system(tenant, launch["session"], command)

    async def _during(self, tenant: str, session: str, event: str, said: Said) -> list[Command]:
        """Return what a report of a call that goes on does in its session.

        A team that the library does not know is consulted without its name: the time counts alike.
        """
        if event in {"hold", "unhold"}:
            return [Command(event, {})]
        warm = await self.calls.sessions.states.get(tenant, session)
        mark = Command("mark", {"mark": "consulting", "on": event == "consult"})
        if event == "consult":
            revision = await self.calls.sessions.revisions.get(tenant, warm.state.revision)
            if said.queue not in revision.library.addressees:
                return [mark]
            return [Command("consult", {"team": said.queue, "on": True})]
        team = warm.state.consulting
        return [mark] if team is None else [Command("consult", {"team": team, "on": False}), mark]
