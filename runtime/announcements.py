"""What sessions say of the incidents that concern them, and which contacts were concerned.

A session reads the incidents themselves and keeps no copy of what they say: what is validated is
what it says next. Only who told whom, and which version, is kept beside the contact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from engine.evolve import ENDED
from engine.facts import contributed
from engine.model import Library
from engine.state import State
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.errors import WrongReference
from runtime.incident_content import Circumstances, Content, concerns
from runtime.incident_errors import IncidentStale, NotInScope
from runtime.incidents_at_hand import AtHand, Row, said
from runtime.states import Warm
from runtime.store import affairs as s
from runtime.store.port import Store, Unit


class Announcements:
    """The incidents as the sessions of all tenants see them."""

    def __init__(self, store: Store, clock: Clock, at_hand: AtHand) -> None:
        self.store = store
        self.clock = clock
        self.at_hand = at_hand

    async def of_session(
        self, tenant: str, library: Library, state: State, *, language: str, is_staff: bool
    ) -> list[dict[str, Any]]:
        """Return the incidents that concern a session now, and those it was told of that are over.

        Each is as `incidents.said`, with `status` (on, over), whether this version was
        `acknowledged`, and the `branch` that may be opened for it. One that is over has no text.
        """
        if state.status in ENDED:
            return []
        on = await self._concerning(tenant, library, state)
        over = await self.at_hand.over(tenant)
        if not on and not over:
            return []
        now = self.clock.now()
        rows = await self.store.read(s.INCIDENTS_OF_SESSION, tenant, state.session)
        told = {incident: version for incident, version, _ in rows}
        open_still = {i for i, version, closed in rows if version is not None and closed is None}
        opened = {r.values.get("incident") for r in state.runs.values() if r.mode == "digression"}
        shown = []
        for row, content in on:
            one = said(row, content, language=language, channel=state.channel, now=now)
            one["status"] = "on"
            # The turn that opens the branch tells it, and is shown before it is stored.
            version = told.get(row["id"]) or (row["live_version"] if row["id"] in opened else None)
            one["acknowledged"] = version == row["live_version"]
            one["branch"] = _branch(library, content) if is_staff else None
            shown.append(one)
        for row, content in over:
            if row["id"] in open_still:
                one = said(row, content, language=language, channel=state.channel, now=now)
                shown.append(
                    {**one, "status": "over", "text": None, "acknowledged": False, "branch": None}
                )
        return shown

    async def _concerning(
        self, tenant: str, library: Library, state: State
    ) -> list[tuple[Row, Content]]:
        live = await self.at_hand.live(tenant)
        if not live:
            return []
        who = circumstances(library, state)
        return [(row, content) for row, content in live if concerns(content.scope, who)]

    async def tag(self, unit: Unit, tenant: str, *, library: Library, state: State) -> None:
        """Add to a turn that its contact is concerned by what is on."""
        if state.contact is None:
            return
        for row, _ in await self._concerning(tenant, library, state):
            unit.add(
                s.TAG_CONTACT, tenant, state.contact, row["id"], state.session,
                row["live_version"], self.clock.now(), None, None, None, None,
            )  # fmt: skip

    async def tell(
        self, unit: Unit, actor: Actor, *, library: Library, warm: Warm, incident: str
    ) -> None:
        """Add to a turn that an incident is told to its contact.

        Raises:
            NotInScope: it does not concern that session now.
        """
        state = warm.state
        for row, _ in await self._concerning(actor.tenant, library, state):
            if row["id"] == incident:
                self._told(unit, actor, state, incident, row["live_version"])
                return
        raise NotInScope(incident=incident)

    async def acknowledge(
        self, actor: Actor, library: Library, warm: Warm, *, incident: str, version: int
    ) -> None:
        """Note that whoever has a session has told the customer a version, or that it is over.

        Raises:
            NotInScope: it does not concern that session, on or over.
            IncidentStale: another version is said by now.
        """
        authorize(actor, "incident.acknowledge")
        state, unit = warm.state, Unit()
        for row, _ in await self._concerning(actor.tenant, library, state):
            if row["id"] == incident:
                if row["live_version"] != version:
                    raise IncidentStale(version=row["live_version"])
                self._told(unit, actor, state, incident, version)
        for row, _ in await self.at_hand.over(actor.tenant):
            if row["id"] == incident:
                unit.add(s.CLOSE_INCIDENT, actor.tenant, state.session, incident, self.clock.now())
        if not unit.writes:
            raise NotInScope(incident=incident)
        await self.store.commit(unit)

    def _told(self, unit: Unit, actor: Actor, state: State, incident: str, version: int) -> None:
        if state.contact is None:
            raise WrongReference(field="contact")
        now = self.clock.now()
        unit.add(
            s.TELL_CONTACT, actor.tenant, state.contact, incident, state.session, version, now,
            version, actor.by, now, None,
        )  # fmt: skip


def circumstances(library: Library, state: State) -> Circumstances:
    """Return what a session knows of whoever it is for.

    Until a motive is declared, it is any that its journey answers or may declare.
    """
    journeys = [run.journey for run in state.runs.values()] or [state.journey]
    declared = state.codes["declaration"]
    if not declared:
        named = (code for code, journey in library.declarations.items() if journey in journeys)
        declared = [*named, *(code for journey in journeys for code in _may(library, journey))]
    return Circumstances(
        motives=declared,
        journeys=journeys,
        channel=state.channel,
        known=dict(_known(library, state)),
    )


def _may(library: Library, name: str) -> Iterator[str]:
    """Yield the declarations that a journey may take by itself."""
    journey = library.journeys.get(name)
    for step in () if journey is None else journey.steps.values():
        options = (option for field in step.fields() for option in field.options)
        for code in chain(step.codes, *(option.codes for option in options)):
            if code.axis == "declaration":
                yield code.code


def _known(library: Library, state: State) -> Iterator[tuple[str, str]]:
    """Yield each text that is known of the customer or the request, the latest last."""
    for name, entry in state.known.items():
        if isinstance(entry, Mapping):
            yield name, str(entry.get("value"))
    for name, value in state.inputs.items():
        yield name, str(value)
    for visit in state.path:
        for name, value in (visit.values or {}).items():
            if isinstance(value, str | int | float):
                yield name, str(value)
    for name, (value, _) in contributed(library, state).items():
        yield name, str(value)


def _branch(library: Library, content: Content) -> str | None:
    named = content.branch or library.system.get("incident")
    allowed = (*library.digressions, *library.system.values())
    return named if named in allowed and named in library.journeys else None
