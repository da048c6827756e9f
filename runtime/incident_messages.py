"""What is said of incidents in messages that go out: e-mails, text messages.

The words are those that sessions say on that channel, put after the message's own as it is handed
over, so that a message that waited says what holds then. A customer is told a version once a
channel. Decision 0044.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import Any, Final

from connectors.port import Says
from connectors.registry import Registry
from runtime.announcements import circumstances
from runtime.channels.shaping import CHANNELS, Limits
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.incident_content import Circumstances, concerns
from runtime.incidents_at_hand import AtHand, said
from runtime.outbox.jobs import Job
from runtime.revisions import Revisions
from runtime.states import States
from runtime.store import affairs as s
from runtime.store.port import Store, Unit, Write

KEPT: Final = 90 * 86_400_000
"""Milliseconds for which it is known who was told a version."""
ANYBODY: Final = Circumstances(motives=(), journeys=(), known={})
"""Somebody of whom nothing is known: only what concerns everybody concerns them."""

_log = logging.getLogger("parcours.incidents")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever reads a message: in which language, on which channel, what is known of them.

    `holder` is the customer where one is known, else the session or the message it answers.
    """

    tenant: str
    holder: str
    language: str
    says: Says
    who: Circumstances


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A message's text with what is said of incidents, and which those are.

    `writes` are recorded once it went: from then on its reader is not told them again.
    """

    text: str
    incidents: list[dict[str, Any]] = field(default_factory=list)
    writes: tuple[Write, ...] = ()


@dataclass(slots=True, kw_only=True)
class IncidentMessages:
    """Adds what is said of incidents to the messages of all tenants."""

    store: Store
    clock: Clock
    states: States
    revisions: Revisions
    at_hand: AtHand
    registry: Registry

    async def in_job(self, job: Job) -> Job:
        """Return an action as it is handed over: with what is said, where it tells a customer.

        Where that cannot be known now, it goes as it is.
        """
        connector = self.registry.find(job.operation)
        described = (connector.operations() or {}) if connector is not None else {}
        says = described[job.operation].says if job.operation in described else None
        text = None if says is None else job.inputs.get(says.text)
        if says is None or not isinstance(text, str):
            return job
        try:
            if not await self.at_hand.live(job.tenant):
                return job
            reader = await self.reader(job.tenant, job.session, says)
            found = await self.add(reader, text)
        except Failure as failure:
            _log.warning("incident_not_said", extra={"key": job.id, "code": failure.code})
            return job
        return replace(job, inputs={**job.inputs, says.text: found.text}, also=found.writes)

    async def reader(self, tenant: str, session: str, says: Says) -> Reader:
        """Return who reads a message of a session."""
        warm = await self.states.get(tenant, session)
        state = warm.state
        library = (await self.revisions.get(tenant, state.revision)).library
        return Reader(
            tenant=tenant, holder=warm.customer or session, language=state.language, says=says,
            who=replace(circumstances(library, state), channel=says.channel),
        )  # fmt: skip

    async def add(self, reader: Reader, text: str) -> Enclosed:
        """Return a text with what its reader is to be told and was not yet, oldest first.

        What would make it longer than its channel takes is left to the next message.
        """
        now, channel = self.clock.now(), reader.says.channel
        concerning = [
            (row, content)
            for row, content in await self.at_hand.live(reader.tenant)
            if concerns(content.scope, reader.who)
        ]
        if not concerning:
            return Enclosed(text)
        whose = (reader.tenant, reader.holder, channel)
        told = {(one, version) for one, version in await self.store.read(s.SENT_INCIDENTS, *whose)}
        most = reader.says.most or CHANNELS.get(channel, Limits()).text
        found: list[dict[str, Any]] = []
        unit = Unit()
        for row, content in concerning:
            if (row["id"], row["live_version"]) in told:
                continue
            one = said(row, content, language=reader.language, channel=channel, now=now)
            longer = f"{text.rstrip()}{_gap(channel)}{one['text']}"
            if len(longer) > most:
                _log.warning("incident_too_long", extra={"id": row["id"], "channel": channel})
                continue
            text = longer
            found.append(one)
            unit.add(s.SEND_INCIDENT, *whose, row["id"], row["live_version"], now)
        return Enclosed(text, found, tuple(unit.writes))

    async def purge(self) -> None:
        """Forget who was told long ago."""
        unit = Unit()
        unit.add(s.FORGET_SENT_INCIDENTS, self.clock.now() - KEPT)
        await self.store.commit(unit)


def _gap(channel: str) -> str:
    """Return what stands between a message and an incident: a paragraph of its own in e-mails."""
    return "\n\n" if channel == "email" else "\n"
