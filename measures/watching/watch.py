"""Looks at thresholds by the clock, and has listeners told of each crossing and each return.

What is told is recorded with the crossing in one transaction, so that it is told once whichever
process looks. A measure of which too little is known, or that is withheld, stays where it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from measures.desk import Desk
from measures.watching.thresholds import BACK, CROSSED, STREAM, Plan, plan_of
from runtime.access import system_actor
from runtime.errors import Failure
from runtime.json_text import from_text, to_text
from runtime.store import statements as events
from runtime.store import thresholds as s
from runtime.store.port import LostRace, Unit
from runtime.wiring import Service

EVERY: Final = 60_000
"""Milliseconds between two looks at one threshold."""
LOOK_S: Final = 5.0
BATCH: Final = 50

_log = logging.getLogger("parcours.thresholds")


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the thresholds of all tenants."""

    desk: Desk
    service: Service

    async def work(self) -> None:
        """Look at what is due until cancelled."""
        while True:
            try:
                await self.look()
            except Failure as failure:
                _log.warning("thresholds_wait", extra={"code": failure.code})
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """Look at the thresholds that are due; return how many crossings and returns there were."""
        now, store, found = self.service.clock.now(), self.service.store, 0
        for tenant, of, plan, due, problem in await store.read(s.DUE_THRESHOLDS, now, BATCH):
            if not await store.change(s.TAKE_THRESHOLD, tenant, of, due, now + EVERY):
                continue
            try:
                found += await self._look_at(tenant, of, plan_of(from_text(plan)), problem)
            except LostRace:
                continue
            except Failure as failure:
                await store.change(s.SAY_PROBLEM, tenant, of, failure.code)
                _log.warning("threshold_fails", extra={"threshold": of, "code": failure.code})
        return found

    async def _look_at(self, tenant: str, of: str, plan: Plan, problem: str | None) -> int:
        store, actor = self.service.store, system_actor(tenant)
        # Read first: whoever changes it meanwhile takes the number that follows.
        [(last,)] = await store.read(events.LAST_OF_STREAM, tenant, STREAM, of)
        rows = await store.read(s.BEYOND_ONE, tenant, of)
        was = dict(map(tuple, rows))
        asked = plan.asked(self.service.clock.now())
        answer = await self.desk.ask(actor, plan.measure, asked, language="en")
        groups = answer["groups"] if plan.by else [{**answer["total"], "key": {}}]
        unit = Unit()
        unit.add(s.WORKED_OUT, tenant, of)
        moved = [
            (group, before, side)
            for group in groups
            if group["value"] is not None and (group["n"] or 0) >= plan.least_n
            for before in [was.get(to_text(group["key"]))]
            for side in [plan.bounds.side(group["value"], before)]
            if side != before
        ]
        for number, (group, before, side) in enumerate(moved, last + 1):
            self._move(unit, (tenant, of, number), {**answer, **group}, plan, (before, side))
        if moved or problem is not None:
            await store.commit(unit)
            self.service.notices.news.set()
        return len(moved)

    def _move(
        self, unit: Unit, place: tuple[str, str, int], found: Mapping[str, Any], plan: Plan,
        sides: tuple[str | None, str | None],
    ) -> None:  # fmt: skip
        """Add to a unit that a group crossed a bound, or came back."""
        (tenant, of, number), (before, side) = place, sides
        now, key = self.service.clock.now(), to_text(found["key"])
        value = {"value": found["value"], "n": found["n"]}
        if side is None:
            unit.add(s.DROP_BEYOND, tenant, of, key)
        else:
            unit.add(s.NOW_BEYOND, tenant, of, key, side, now, to_text(value))
        kind, which = (BACK, before) if side is None else (CROSSED, side)
        assert which is not None
        data = {
            "threshold": of, "name": plan.name, "measure": plan.measure,
            "unit": found["unit"], "group": found["key"], "where": plan.where,
            "window": plan.window, "period": found["period"], "side": which,
            "bound": plan.bounds.bound(which), **value, "low": found["low"],
            "high": found["high"], "marks": found["marks"], "seq": number,
        }  # fmt: skip
        unit.add(
            events.NEW_EVENT, tenant, STREAM, of, number, kind.partition(".")[2], now, "system",
            to_text({"group": found["key"], "side": which, **value}),
        )  # fmt: skip
        self.service.notices.tell(unit, tenant, kind, about=(of, number), at=now, data=data)
