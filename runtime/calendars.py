"""Calendars: read from time to time for when their owners are busy, which takes places in slots.

What was read last is kept, with when that was: one that cannot be read closes and opens nothing
more. One that was never read is busy, so that nobody is promised what nobody knows.
Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Final

from connectors.calendars import Feed, NotRead
from engine.slots import DAY
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.json_text import to_text
from runtime.slots import Slots
from runtime.store import calendars as s
from runtime.store.port import Store
from runtime.team_file import TeamMembers

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at which calendars are due."""
AGAIN: Final = 60_000
"""Milliseconds after which one that could not be read is tried again."""
BEYOND: Final = 31 * DAY
"""How much further than slots are given a calendar is read, should it not be read for a while."""
_log = logging.getLogger("parcours.calendars")


@dataclass(frozen=True, slots=True)
class Calendars:
    """Reads the calendars that teams name, of all tenants."""

    slots: Slots
    store: Store
    clock: Clock

    async def refresh(self) -> int:
        """Read every calendar that is due; return how many were read.

        Any number of processes may look: each calendar is one's at a time.
        """
        due = [self._look(team, feed) for team, feed in self._feeds()]
        return sum(await asyncio.gather(*due))

    def _feeds(self) -> list[tuple[TeamMembers, Feed]]:
        teams = self.slots.teams.teams.values()
        return [(one, feed) for one in teams if one.slots for feed in one.slots.calendars]

    async def _look(self, team: TeamMembers, feed: Feed) -> bool:
        now, key = self.clock.now(), (team.tenant, team.name, feed.name)
        if not await self.store.change(s.TRY_CALENDAR, *key, now, now - feed.every_ms):
            return False
        offer = await self.slots.offer(team.tenant, team.name)
        try:
            busy = await feed.busy(now - DAY, now + offer.ahead_ms + BEYOND, str(offer.zone))
        except NotRead as lost:
            about = {"team": team.name, "calendar": feed.name, "code": lost.reason}
            _log.warning("calendar_not_read", extra=about)
            soon = now - max(0, feed.every_ms - AGAIN)
            await self.store.change(s.CALENDAR_LOST, *key, lost.reason, soon)
            return False
        await self.store.change(s.CALENDAR_READ, *key, to_text(busy), self.clock.now())
        return True

    async def work(self) -> None:
        """Read what is due until cancelled; where no team names one there is nothing to do."""
        try:
            while self._feeds():
                with contextlib.suppress(Failure):
                    await self.refresh()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            for _, feed in self._feeds():
                await feed.close()


def calendars_of(slots: Slots) -> Calendars:
    """Return what reads the calendars of the teams that give slots."""
    return Calendars(slots, slots.store, slots.clock)
