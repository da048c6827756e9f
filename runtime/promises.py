"""Promises: what is still owed to customers, by when and by whom; the clock chases it.

What becomes of a promise is an event of its session; a row of its own follows in the same
transaction, so that what is owed is listed over all sessions. What was promised stays where what
people said is. Source: issue "Continuity"; decision 0033.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from engine.commands import Command
from engine.promising import STATES
from engine.recording import OWED
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.errors import Failure, NotFound, WrongReference
from runtime.json_text import to_text
from runtime.promised import shown
from runtime.sessions import Sessions
from runtime.store import promises as s
from runtime.store.port import Row, Store
from runtime.team_file import Teams

WHOSE: Final = ("mine", "team", "all")
LISTED: Final = ("owed", *STATES)
LOOK_EVERY: Final = 1.0
"""Seconds between two looks at what is due."""
KEPT_EVERY: Final = 5
"""Looks at what is due for one at what contacts and other sessions kept."""
BATCH: Final = 500
_ID: Final = re.compile(r"(ses_[0-9a-z]{26})\.([1-9][0-9]{0,4})")
_log = logging.getLogger("parcours.promises")


class Place(NamedTuple):
    """Where a page ended: a promise's time, session and number."""

    due: int
    session: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The promises of all tenants; each call stays within its actor's."""

    store: Store
    clock: Clock
    sessions: Sessions
    teams: Teams
    remind_ms: int

    async def all(
        self, actor: Actor, *, whose: str = "all", state: str = "owed", team: str | None = None,
        after: Place | None = None, limit: int = 50,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return promises by their time, the longest overdue first; those without one last.

        Args:
            actor: who asks.
            whose: mine, those one made or whose session one has; team, those of one's teams; all.
            state: one of `engine.promising.STATES`, or owed.
            team: only those of this one.
            after: where the page before ended.
            limit: how many.

        Raises:
            WrongReference: there is no such state, or no such `whose`.
        """
        authorize(actor, "promise.read")
        if whose not in WHOSE:
            raise WrongReference(field="whose", allowed=list(WHOSE))
        if state not in LISTED:
            raise WrongReference(field="state", allowed=list(LISTED))
        named = self.teams.of(actor) if team is None else [team]
        place = after or Place(-1, "", 0)
        is_owed = state == "owed" or state in OWED
        rows = await self.store.read(
            s.PROMISES_OWED if is_owed else s.PROMISES, actor.tenant,
            "" if state == "owed" else state, whose if team is None else "team", actor.by,
            to_text(named), *place, limit,
        )  # fmt: skip
        return [shown(row) for row in rows]

    async def get(self, actor: Actor, promise: str) -> dict[str, Any]:
        """Return a promise by its id. Raises NotFound when the tenant has none of that id."""
        authorize(actor, "promise.read")
        session, number = self.named(promise)
        rows = await self.store.read(s.PROMISE, actor.tenant, session, number)
        if not rows:
            raise NotFound(promise=promise)
        return shown(rows[0])

    @staticmethod
    def named(promise: str) -> tuple[str, int]:
        """Return the session of a promise, and its number there. Raises NotFound for no id."""
        found = _ID.fullmatch(promise)
        if found is None:
            raise NotFound(promise=promise)
        return found[1], int(found[2])

    async def chase(self, *, is_kept_looked_at: bool = True) -> int:
        """Say what the clock, contacts and other sessions make of promises; return how many."""
        done = 0
        if is_kept_looked_at:
            # First: what was kept while nobody looked is not overdue for that.
            for what, query in (
                ("contact", s.KEPT_BY_CONTACT),
                ("resolution", s.KEPT_BY_RESOLUTION),
            ):
                for row in await self.store.read(query, BATCH):
                    done += await self._tell(row, what)
        now = self.clock.now()
        rows = await self.store.read(
            s.PROMISES_COME, now, now + self.remind_ms, self.remind_ms or s.NEVER, BATCH
        )
        for *row, _, due in rows:
            done += await self._tell(row, "overdue" if due < now else "soon")
        return done

    async def _tell(self, row: Row, what: str) -> bool:
        tenant, session, number = row
        command = Command("promise_news", {"promise": number, "state": what})
        try:
            return await self.sessions.system(tenant, session, command)
        except Failure as failure:
            # One session that cannot be read, of a library no release reads, keeps no other's.
            _log.warning("promise_waits", extra={"session": session, "code": failure.code})
            return False

    async def work(self) -> None:
        """Chase what is owed until cancelled."""
        looks = 0
        while True:
            with contextlib.suppress(Failure):
                await self.chase(is_kept_looked_at=looks % KEPT_EVERY == 0)
            looks += 1
            await asyncio.sleep(LOOK_EVERY)


def place_of(promise: dict[str, Any]) -> Place:
    """Return where a page that ends with a promise ends."""
    due = s.NEVER if promise["due"] is None else promise["due"]
    return Place(due, promise["session"], promise["number"])
