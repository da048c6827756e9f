"""Overflow: a team that does not answer in time is passed over, and the next one is asked.

Which team follows which, and after how long, is the deployment's (`teams.toml`). Any number of
processes may look: a session says itself whether its time has come, and is passed on once.
Source: issue "Continuity"; decision 0038.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Final

from engine.commands import Command
from engine.refusals import Refused
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.json_text import to_text
from runtime.sessions import Sessions
from runtime.store import statements as s
from runtime.store.port import Store
from runtime.team_file import TeamMembers, Teams

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at who waits."""
BATCH: Final = 500
_log = logging.getLogger("parcours.overflow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Passes on what teams do not answer, of all tenants."""

    store: Store
    clock: Clock
    sessions: Sessions
    teams: Teams

    async def pass_on(self) -> int:
        """Ask the next team wherever one did not answer in time; return how many were asked."""
        asked = 0
        for team in self.teams.teams.values():
            if team.overflow is None:
                continue
            names = to_text([team.name])
            before = self.clock.now() - team.overflow_after_ms
            rows = await self.store.read(s.WAITING_FOR_TEAM, team.tenant, names, before, BATCH)
            for (session,) in rows:
                asked += await self._ask(team, session)
        return asked

    async def _ask(self, team: TeamMembers, session: str) -> bool:
        body = {"was": team.name, "team": team.overflow, "after_ms": team.overflow_after_ms}
        try:
            return await self.sessions.system(team.tenant, session, Command("pass_on", body))
        except (Failure, Refused) as failure:
            # One session that cannot be read keeps no other's waiting.
            _log.warning("overflow_waits", extra={"session": session, "code": failure.code})
            return False

    async def work(self) -> None:
        """Pass on until cancelled; where no team has another behind it there is nothing to do."""
        while any(team.overflow is not None for team in self.teams.teams.values()):
            with contextlib.suppress(Failure):
                await self.pass_on()
            await asyncio.sleep(LOOK_EVERY)
