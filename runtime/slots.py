"""Slots: when a team may still call back or see somebody. What is free is worked out, never kept.

Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final, NamedTuple

from engine.model import Library
from engine.slots import Offer, Span, free
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.errors import NotFound, WrongReference
from runtime.json_text import from_text
from runtime.revisions import Revisions
from runtime.store import calendars as c
from runtime.store import promises as s
from runtime.store.port import Store
from runtime.team_file import Teams

DAYS: Final = 14
"""Days looked at unless somebody says how many."""
MOST_DAYS: Final = 62


_ALWAYS: Final = [Span(0, s.NEVER)]


class _Read(NamedTuple):
    """When a calendar is busy as it was last read; always, while it never was."""

    busy: list[Span]
    read_at: int | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The slots that teams give, of all tenants; each call stays within its actor's."""

    store: Store
    clock: Clock
    revisions: Revisions
    teams: Teams

    async def free(
        self, actor: Actor, team: str, *, first: date | None = None, last: date | None = None,
        limit: int = 50,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the free slots of a team, in order, each with how many more it takes.

        Args:
            actor: who asks.
            team: one that gives slots.
            first: the first day, where the team is; today unless said.
            last: the last day; two weeks in all unless said.
            limit: how many slots.

        Raises:
            NotFound: no team of that name gives slots.
            WrongReference: the days are in no order, or too many.
        """
        authorize(actor, "slot.read")
        offer = await self.offer(actor.tenant, team)
        now = self.clock.now()
        first = first or offer.day(now)
        # Where the calendar ends there is nothing to add.
        last = last or date.fromordinal(min(first.toordinal() + DAYS - 1, date.max.toordinal()))
        if not 0 <= (last - first).days < MOST_DAYS:
            said = {
                "fr": f"Le dernier jour suit le premier, de {MOST_DAYS} jours au plus.",
                "en": f"The last day comes after the first, {MOST_DAYS} days in all at most.",
            }
            allowed = f"{MOST_DAYS} days from the first at most"
            raise WrongReference(said, field="to", allowed=allowed)
        held = await self.held(actor.tenant, team)
        found = islice(free(offer, first, last, now=now, taken=held), limit)
        return {
            "team": team,
            "timezone": str(offer.zone),
            "length_ms": offer.length_ms,
            "items": [slot._asdict() for slot in found],
            "calendars": [
                {"name": name, "read_at": row.read_at, "failed": row.failed}
                for name, row in (await self._calendars(actor.tenant, team)).items()
            ],
        }

    def gives(self, tenant: str, team: str) -> bool:
        """Return whether a team gives slots."""
        return self.teams.slots(tenant, team) is not None

    async def held(
        self, tenant: str, team: str, *, besides: tuple[str, int | None] = ("", None)
    ) -> list[Span]:
        """Return what is taken of a team's time from now on, `besides` a promise that is moved.

        By promises, and by the calendars that it names.
        """
        rows = await self.store.read(s.SLOTS_HELD, tenant, team, self.clock.now())
        held = [Span(begins, ends) for *promise, begins, ends in rows if tuple(promise) != besides]
        slots = self.teams.slots(tenant, team)
        if slots is not None and slots.calendars:
            read = await self._calendars(tenant, team)
            for feed in slots.calendars:
                # A calendar takes one place, that of its owner; or all of them.
                held += read[feed.name].busy * (slots.capacity if feed.closes else 1)
        return held

    async def _calendars(self, tenant: str, team: str) -> dict[str, _Read]:
        """Return what was read of a team's calendars, by name."""
        slots = self.teams.slots(tenant, team)
        names = [] if slots is None else [feed.name for feed in slots.calendars]
        rows = await self.store.read(c.CALENDARS, tenant, team) if names else []
        found = {
            name: _Read([Span(*one) for one in from_text(busy)], read_at, failed)
            for name, busy, read_at, failed in rows
            if busy is not None
        }
        lost = {name: _Read(_ALWAYS, None, failed) for name, busy, _, failed in rows if not busy}
        return {name: found.get(name) or lost.get(name) or _Read(_ALWAYS) for name in names}

    async def offer(self, tenant: str, team: str) -> Offer:
        """Return what slots a team gives. Raises NotFound when it gives none."""
        slots = self.teams.slots(tenant, team)
        if slots is None:
            raise NotFound(team=team)
        return slots.offer(await self._library(tenant, team))

    async def _library(self, tenant: str, team: str) -> Library | None:
        """Return the live library that names a team, else the tenant's first one."""
        live = [
            (await self.revisions.get(tenant, one.hash)).library
            for one in await self.revisions.live(tenant)
        ]
        naming = [library for library in live if team in library.addressees]
        return next(iter((*naming, *live)), None)
