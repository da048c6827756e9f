"""Writes reports and tables when they are due, and tells what became of each.

Source: issue 6 (scheduled exports).
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from measures.desk import Desk
from measures.exporting.plan import Export
from measures.reporting.content import report
from measures.reporting.forms import answer_as, report_as, stream_as
from measures.streams.asking import Asked as AskedStream
from measures.streams.asking import value_stream
from runtime.access import Actor, authorize, system_actor
from runtime.decided import note_decision
from runtime.errors import Failure
from runtime.json_text import from_text
from runtime.putting import put, stamp
from runtime.runs import Run, Runs
from runtime.store import statements as events
from runtime.store.port import Unit
from runtime.wiring import Service

STREAM: Final = "export"
WRITTEN: Final = "export.written"
FAILED: Final = "export.failed"
LEASE: Final = 600_000
"""Milliseconds after which another process writes what this one was writing."""
LOOK_S: Final = 5.0
NOT_WRITTEN: Final = "export.not-written"

_log = logging.getLogger("parcours.exports")


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports of a deployment."""

    exports: Sequence[Export]
    desk: Desk
    service: Service

    @property
    def runs(self) -> Runs:
        """Which of them is due, and whose it is."""
        return Runs(store=self.service.store, clock=self.service.clock, lease=LEASE)

    async def all(self, actor: Actor) -> list[dict[str, Any]]:
        """Return the tenant's exports in the order of their file, each with how it went last.

        `last`: `{state, due, at, file, bytes, code}`; None of one that was never due yet.
        """
        authorize(actor, "export.read")
        return [
            {"name": one.name, "measure": one.measure, "journey": one.journey,
             "format": one.form, "period": one.period, "last": await self._last(one)}
            for one in self.exports
            if one.tenant == actor.tenant
        ]  # fmt: skip

    async def _last(self, export: Export) -> dict[str, Any] | None:
        place = (export.tenant, STREAM, export.name)
        [(last,)] = await self.service.store.read(events.LAST_OF_STREAM, *place)
        rows = await self.service.store.read(events.EVENTS, *place, last - 1, 1)
        return (
            None if not rows else {"state": rows[0][1], "at": rows[0][2], **from_text(rows[0][4])}
        )

    async def work(self) -> None:
        """Write what is due until cancelled."""
        while True:
            for export in self.exports:
                try:
                    await self.tick(export)
                except Failure as failure:
                    about = {"export": export.name, "code": failure.code}
                    _log.warning("export_waits", extra=about)
            await asyncio.sleep(LOOK_S)

    async def tick(self, export: Export) -> bool:
        """Write an export if it is due and no other process has it; return whether it was."""
        name, runs = f"{STREAM}:{export.name}", self.runs
        run = await runs.left(export.tenant, name)
        zone = ZoneInfo(await self.desk.zone(export.tenant))
        if run is None:
            run = await runs.due(export.tenant, name, when=export.when, zone=zone)
        if run is None:
            return False
        try:
            told = await self._write(export, run.due, zone)
        except Failure as failure:
            told = {"code": failure.code}
        except OSError as error:
            told = {"code": NOT_WRITTEN, "why": error.strerror}
        if await runs.ended(run, "failed" if "code" in told else "done", 1):
            await self._tell(export, run, told)
        return True

    async def _write(self, export: Export, due: int, zone: ZoneInfo) -> dict[str, Any]:
        """Write one export and return what is told of it."""
        actor, asked = system_actor(export.tenant), export.question(due, zone)
        if export.journey is not None:
            walks = AskedStream(
                journey=export.journey, since=asked.since, until=asked.until, compare=asked.compare
            )
            found = await value_stream(self.desk, actor, walks, language=export.language)
            made = await asyncio.to_thread(stream_as, found, export.form)
        elif export.measure is None:
            found = await report(self.desk, actor, asked, language=export.language)
            made = await asyncio.to_thread(report_as, found, export.form)
        else:
            found = await self.desk.ask(
                actor, export.measure, asked, language=export.language
            )  # fmt: skip
            made = await asyncio.to_thread(answer_as, found, export.form)
        path = export.folder / f"{export.name}-{stamp(due)}.{export.form}"
        await asyncio.to_thread(put, path, made)
        await asyncio.to_thread(_clear, export)
        return {"file": path.name, "bytes": len(made), "period": found["period"]}

    async def _tell(self, export: Export, run: Run, told: dict[str, Any]) -> None:
        """Keep what became of a run, and have listeners told."""
        kind = FAILED if "code" in told else WRITTEN
        about = {"due": run.due, **told}
        if kind == FAILED:
            _log.error("export_failed", extra={"export": export.name, **about})
        now, unit, store = self.service.clock.now(), Unit(), self.service.store
        place = (STREAM, export.name)
        [(last,)] = await store.read(events.LAST_OF_STREAM, export.tenant, *place)
        await note_decision(
            store, unit, system_actor(export.tenant), about=place, what=kind.partition(".")[2],
            at=now, **about,
        )  # fmt: skip
        data = {
            "export": export.name,
            "measure": export.measure,
            "journey": export.journey,
            **about,
        }
        self.service.notices.tell(
            unit, export.tenant, kind, about=(f"{STREAM}:{export.name}", last + 1), at=now,
            data=data,
        )  # fmt: skip
        await store.commit(unit)
        self.service.notices.news.set()


def _clear(export: Export) -> None:
    """Take the oldest files of an export away, where only so many are kept."""
    if export.keep is None:
        return
    ours = re.compile(rf"{re.escape(export.name)}-[0-9]{{8}}T[0-9]{{6}}Z\.{export.form}")
    found = sorted(one for one in export.folder.iterdir() if ours.fullmatch(one.name))
    for path in found[: -export.keep]:
        path.unlink(missing_ok=True)
