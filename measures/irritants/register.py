"""The register of irritants of a tenant: written, read with its figures, chased."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from measures.asking.dimensions import TREES
from measures.asking.question import Asked
from measures.desk import Desk
from measures.errors import IrritantChanged
from measures.irritants.entry import Entry, entry_of
from measures.irritants.reading import shown, with_figures
from runtime.access import Actor, authorize, system_actor
from runtime.decided import note_decision
from runtime.errors import Failure, NotFound, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text, plain, to_text
from runtime.store import irritants as s
from runtime.store import statements as events
from runtime.store.port import LostRace, Row, Unit
from runtime.wiring import Service

STREAM: Final = "irritant"
OVERDUE: Final = "irritant.overdue"
MOST: Final = 500
"""Irritants of one tenant."""
LOOK_S: Final = 60.0
BATCH: Final = 50

_log = logging.getLogger("parcours.irritants")


@dataclass(frozen=True, slots=True)
class Register:
    """The irritants of all tenants; each call stays within one."""

    desk: Desk
    service: Service

    async def all(self, actor: Actor) -> list[dict[str, Any]]:
        """Return the tenant's irritants, oldest first, without their figures."""
        authorize(actor, "irritant.read")
        rows = await self.service.store.read(s.IRRITANTS, actor.tenant)
        return [shown(row, self.desk.clock.now()) for row in rows]

    async def read(
        self, actor: Actor, irritant: str, *, since: str | None = None, until: str | None = None
    ) -> dict[str, Any]:
        """Return an irritant with what it costs in a period, and what changed once it was done.

        Raises:
            NotFound: the tenant has none of that id.
            WrongQuestion: a period that is none.
        """
        authorize(actor, "irritant.read")
        row = await self._row(actor.tenant, irritant)
        return await with_figures(self.desk, actor, row, since=since, until=until)

    async def create(
        self, actor: Actor, entry: Entry, *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Put an irritant into the register and return it.

        Raises:
            UnknownMeasure, WrongQuestion, PeopleAreNotRanked: its measure cannot be asked for it,
                or its revision is none.
            WrongReference: something of it is not in its form, its code is in no library, or there
                are as many as may be.
        """
        authorize(actor, "irritant.change")
        entry, due = await self._fit(actor, entry)
        await self._refuse_unheard(actor.tenant, entry)
        if len(await self.service.store.read(s.IRRITANTS, actor.tenant)) >= MOST:
            raise WrongReference(field="title", allowed=f"{MOST} irritants")
        now, unit = self.service.clock.now(), Unit()
        row = (
            actor.tenant, self.service.ids.new("irr"), 1, entry.status, to_text(entry.told()),
            due, 0, actor.by, now, now,
        )  # fmt: skip
        unit.add(s.NEW_IRRITANT, *row)
        await self._note(unit, actor, row[1], entry)
        made = shown(row, now)
        keep(unit, made)
        await self.service.store.commit(unit)
        return made

    async def change(
        self, actor: Actor, irritant: str, *, version: int, change: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Change an irritant as it was at a version, and return it.

        Raises:
            NotFound: the tenant has none of that id.
            IrritantChanged: somebody changed it since.
            UnknownMeasure, WrongQuestion, PeopleAreNotRanked, WrongReference: as `create`.
        """
        authorize(actor, "irritant.change")
        row = await self._row(actor.tenant, irritant)
        entry = entry_of(from_text(row[4])).changed(change)
        entry, due = await self._fit(actor, entry)
        now, unit = self.service.clock.now(), Unit()
        content = to_text(entry.told())
        unit.add(
            s.CHANGE_IRRITANT, actor.tenant, row[1], version, entry.status, content, due, now
        )  # fmt: skip
        await self._note(unit, actor, row[1], entry)
        try:
            await self.service.store.commit(unit)
        except LostRace:
            raise IrritantChanged(version=row[2]) from None
        return shown(await self._row(actor.tenant, irritant), now)

    async def chase(self) -> int:
        """Have listeners told of what is overdue since; return how many there were."""
        store, now, told = self.service.store, self.service.clock.now(), 0
        for tenant, of, content, due in await store.read(s.OVERDUE_IRRITANTS, now, BATCH):
            entry, unit = entry_of(from_text(content)), Unit()
            [(last,)] = await store.read(events.LAST_OF_STREAM, tenant, STREAM, of)
            unit.add(s.IRRITANT_CHASED, tenant, of, due)
            actor = system_actor(tenant)
            await note_decision(store, unit, actor, about=(STREAM, of), what="overdue", at=now)
            data = {
                "irritant": of, "title": entry.title, "axis": entry.axis, "code": entry.code,
                "owner": entry.owner, "action": entry.action, "due": entry.due,
            }  # fmt: skip
            self.service.notices.tell(
                unit, tenant, OVERDUE, about=(of, last + 1), at=now, data=data
            )  # fmt: skip
            try:
                await store.commit(unit)
            except LostRace:
                continue
            told += 1
            self.service.notices.news.set()
        return told

    async def work(self) -> None:
        """Chase what is overdue until cancelled."""
        while True:
            try:
                await self.chase()
            except Failure as failure:
                _log.warning("irritants_wait", extra={"code": failure.code})
            await asyncio.sleep(LOOK_S)

    async def _fit(self, actor: Actor, entry: Entry) -> tuple[Entry, int | None]:
        """Return an entry and when it is overdue, once all of it is seen to be fit.

        A revision is kept by its hash, and was done the day it was published.
        """
        entry.refuse_unfit()
        zone = await self.desk.zone(actor.tenant)
        where = entry.filters
        if entry.revision is not None:
            turning = await self.desk.turning(actor.tenant, entry.revision)
            made = turning.publication
            day = datetime.fromtimestamp(made.at / 1000, ZoneInfo(zone)).date()
            entry = replace(entry, revision=made.hash, done_on=day.isoformat())
            where = f"{where},{turning.filters[1]}"
        asked = Asked(where=where, settings=entry.settings)
        await self.desk.question(actor, entry.measure, asked)
        today = datetime.fromtimestamp(self.service.clock.now() / 1000, ZoneInfo(zone)).date()
        if entry.done_on is not None and date.fromisoformat(entry.done_on) > today:
            raise WrongReference(
                {"fr": "Un jour à venir n'est pas encore celui où c'est fait : voir due.",
                 "en": "A day that is yet to come is not one when it was done: see due."},
                field="done_on", allowed=f"… {today.isoformat()}",
            )  # fmt: skip
        return entry, entry.overdue_at(zone)

    async def _refuse_unheard(self, tenant: str, entry: Entry) -> None:
        """Refuse a code that no live library has: no contact would ever have it."""
        known = await self.desk.codes(tenant, entry.axis) if entry.axis in TREES else set()
        if known and not any(
            one == entry.code or one.startswith(f"{entry.code}.") for one in known
        ):
            raise WrongReference(
                {"fr": f"« {entry.code} » n'est un code d'aucune bibliothèque publiée.",
                 "en": f"'{entry.code}' is a code of no published library."},
                field="code", allowed=sorted(known),
            )  # fmt: skip

    async def _row(self, tenant: str, irritant: str) -> Row:
        rows = await self.service.store.read(s.IRRITANT, tenant, plain(irritant, "irritant"))
        if not rows:
            raise NotFound(irritant=irritant)
        return rows[0]

    async def _note(self, unit: Unit, actor: Actor, of: str, entry: Entry) -> None:
        about, now = (STREAM, of), self.service.clock.now()
        await note_decision(
            self.service.store, unit, actor, about=about, what=entry.status, at=now,
            due=entry.due, done_on=entry.done_on,
        )  # fmt: skip
