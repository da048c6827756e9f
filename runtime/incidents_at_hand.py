"""The incidents that are said now: what every session, page and outside channel reads.

They are kept in memory for two seconds, and looked up at once after a change made here.
"""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.incident_content import Circumstances, Content, concerns, is_on, restored, worded
from runtime.json_text import from_text
from runtime.store import affairs as s
from runtime.store.port import Store
from runtime.store.tables import INCIDENT

FRESH: Final = 2_000
"""Milliseconds for which what another process validated may not be seen yet."""
REMEMBERED: Final = 86_400_000
"""Milliseconds for which those who said it are told that it is over."""
_COLUMNS: Final = tuple(column.name for column in INCIDENT.columns)

Row = dict[str, Any]


class AtHand:
    """What is said in all tenants; each call stays within one."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[str, tuple[int, list[Row]]] = {}

    async def current(
        self, actor: Actor, who: Circumstances, *, language: str
    ) -> list[dict[str, Any]]:
        """Return what is to be said now to somebody of whom this much is known.

        The text is the one that sessions say on that channel: there is no other source of it.
        """
        authorize(actor, "incident.current")
        now = self._clock.now()
        return [
            said(row, content, language=language, channel=who.channel, now=now)
            for row, content in await self.live(actor.tenant)
            if concerns(content.scope, who)
        ]

    async def until(self, actor: Actor, who: Circumstances) -> int | None:
        """Return when `current` changes by itself: one begins, or its period ends (ms UTC).

        None when only somebody's word changes it.
        """
        now = self._clock.now()
        times = [
            at
            for row in await self._recent(actor.tenant)
            if row["ended_at"] is None and concerns(row["content"].scope, who)
            for at in (row["content"].begins, row["content"].ends)
            if at is not None and at > now
        ]
        return min(times, default=None)

    async def live(self, tenant: str) -> list[tuple[Row, Content]]:
        """Return the incidents that are on now, oldest first."""
        now = self._clock.now()
        return [
            (row, row["content"])
            for row in await self._recent(tenant)
            if row["ended_at"] is None and is_on(row["content"], now)
        ]

    async def over(self, tenant: str) -> list[tuple[Row, Content]]:
        """Return the incidents that were on within the last day, and are no more."""
        now = self._clock.now()
        found = []
        for row in await self._recent(tenant):
            ended = _end_of(row)
            if ended is not None and now - REMEMBERED < ended <= now:
                found.append((row, row["content"]))
        return found

    async def stamp(self, tenant: str) -> tuple[tuple[str, int], ...]:
        """Return what tells whether anything that is said has changed."""
        return tuple((row["id"], row["live_version"]) for row, _ in await self.live(tenant))

    def forget(self, tenant: str) -> None:
        """Read anew what is said: something of it was changed."""
        self._kept.pop(tenant, None)

    async def _recent(self, tenant: str) -> list[Row]:
        now = self._clock.now()
        kept = self._kept.get(tenant)
        if kept is None or not 0 <= now - kept[0] < FRESH:
            rows = await self._store.read(s.INCIDENTS_AT_HAND, tenant, now - REMEMBERED)
            recent = [named(row) for row in rows]
            for row in recent:
                row["content"] = restored(from_text(row["live"]))
            kept = self._kept[tenant] = (now, recent)
        return kept[1]


def said(
    row: Row, content: Content, *, language: str, channel: str | None, now: int
) -> dict[str, Any]:
    """Return what a reader is shown of an incident that is on."""
    spoken, text = worded(content, language=language, channel=channel, now=now)
    return {
        "id": row["id"],
        "version": row["live_version"],
        "text": text,
        "language": spoken,
        "channel": channel,
        "area": content.scope.area,
        "begins": content.begins,
        "ends": content.ends,
        "next_update": content.next_update,
        "timezone": str(ZoneInfo(content.timezone)),
        "validated_by": row["validator"],
        "validated_at": row["validated_at"],
    }


def _end_of(row: Row) -> int | None:
    ends = [at for at in (row["ended_at"], row["content"].ends) if at is not None]
    return min(ends) if ends else None


def named(row: Any) -> Row:
    """Return an incident's columns by name."""
    return dict(zip(_COLUMNS, row, strict=True))


async def incidents_of_contact(store: Store, tenant: str, contact: str) -> list[dict[str, Any]]:
    """Return the incidents that concerned a contact, and what was told of each, by whom."""
    names = ("incident", "session", "version", "at", "told_version", "told_by", "told_at")
    rows = await store.read(s.INCIDENTS_OF_CONTACT, tenant, contact)
    return [dict(zip(names, row, strict=True)) for row in rows]
