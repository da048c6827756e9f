"""Incidents: what is said while something is broken, by everybody at once, in the same words.

A draft says nothing. Once a person has validated a version it is what every session, page and
outside channel says, until the next one is validated, its period is over, or somebody ends it.
Each version is an event of the incident's own stream. Decision 0027.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.model import Library
from runtime import incident_news
from runtime.access import Actor, authorize, system_actor
from runtime.clock import Clock
from runtime.errors import Failure, NotFound, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.ids import Ids
from runtime.incident_content import Content, Scope, check, is_on, restored
from runtime.incident_errors import IncidentOver, IncidentStale, OwnDraft
from runtime.incident_names import check_names
from runtime.incidents_at_hand import REMEMBERED, AtHand, Row, named
from runtime.json_text import from_text, plain, to_text
from runtime.notices import Notices
from runtime.revisions import Revisions
from runtime.store import affairs as s
from runtime.store import statements
from runtime.store.people import SIGN_IN_ROW
from runtime.store.port import LostRace, Store, Unit
from runtime.store.tables import INCIDENT, SIGN_IN

STREAM: Final = "incident"
OVER: Final = "over"
LOOK_EVERY: Final = 2.0
_log = logging.getLogger("parcours.incidents")
_COLUMNS: Final = tuple(column.name for column in INCIDENT.columns)
_NAME: Final = [column.name for column in SIGN_IN.columns].index("name")


@dataclass(slots=True, kw_only=True)
class Incidents:
    """The incidents of all tenants; each call stays within one.

    `needs_second`: whether somebody other than the author of a version must validate it.
    """

    store: Store
    clock: Clock
    ids: Ids
    revisions: Revisions
    at_hand: AtHand
    notices: Notices
    needs_second: bool

    async def draft(
        self, actor: Actor, content: Mapping[str, Any], *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Write the first version of an incident; it says nothing until it is validated.

        Raises:
            WrongReference, Contradiction: see `incident_content.check` and `incident_names`.
        """
        authorize(actor, "incident.write")
        now = self.clock.now()
        zone = content.get("timezone") or await self._zone(actor.tenant)
        made = Content(
            **{
                "begins": now,
                **{name: value for name, value in content.items() if value is not None},
                "timezone": zone,
                "scope": Scope(**(content.get("scope") or {})),
            }
        )
        check(made)
        self._check_time(content)
        check_names(made, await self._libraries(actor.tenant))
        row: Row = dict.fromkeys(_COLUMNS)
        row |= {
            "tenant": actor.tenant, "id": self.ids.new("inc"), "seq": 1, "version": 1,
            "status": "draft", "draft": to_text(made.stored()), "drafted_by": actor.by,
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        unit = Unit()
        unit.add(s.NEW_INCIDENT, *row.values())
        self._event(unit, row, "drafted", actor, version=1, content=made.stored())
        keep(unit, self._shown(row))
        await self.store.commit(unit)
        return self._shown(row)

    async def amend(
        self, actor: Actor, incident: str, *, version: int, change: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write a further version: what is said stays as it was until this one is validated.

        Raises:
            NotFound, IncidentOver: there is none such, or it has ended.
            IncidentStale: `version` is not the latest one.
            WrongReference, Contradiction: see `incident_content.check` and `incident_names`.
        """
        authorize(actor, "incident.write")
        row = await self._changing(actor, incident, version)
        before = restored(from_text(row["draft"] or row["live"]))
        content = replace(before, **_fields(change))
        check(content)
        self._check_time(change)
        check_names(content, await self._libraries(actor.tenant), before=before)
        version = row["version"] + 1
        moved = {**row, "version": version, "draft": to_text(content.stored())}
        moved["drafted_by"] = actor.by
        return await self._move(actor, moved, "drafted", version=version, content=content.stored())

    async def validate(self, actor: Actor, incident: str, *, version: int) -> dict[str, Any]:
        """Let a version be said, by name: from now on it is what everybody says.

        Validating what is said already changes nothing.

        Raises:
            NotFound, IncidentOver: there is none such, or it has ended.
            IncidentStale: `version` is not the latest one.
            OwnDraft: its author may not, by the settings.
        """
        authorize(actor, "incident.validate")
        row = await self._changing(actor, incident, version)
        if row["draft"] is None:
            return self._shown(row)
        if self.needs_second and row["drafted_by"] == actor.by:
            raise OwnDraft
        now = self.clock.now()
        moved = {
            **row, "status": "live", "live": row["draft"], "live_version": version, "draft": None,
            "validated_by": actor.by, "validator": await self._name(actor), "validated_at": now,
        }  # fmt: skip
        news = "validated" if row["live"] is None else "changed"
        return await self._move(actor, moved, "validated", news=news, version=version)

    async def end(self, actor: Actor, incident: str, *, version: int) -> dict[str, Any]:
        """End an incident: nobody says it any more. Ending what has ended changes nothing.

        Raises:
            NotFound: there is none such.
            IncidentStale: `version` is not the latest one.
        """
        authorize(actor, "incident.end")
        row = await self._row(actor.tenant, incident)
        if row["status"] == "ended":
            return self._shown(row)
        if row["version"] != version:
            raise IncidentStale(version=row["version"])
        moved = {**row, "status": "ended", "ended_at": self.clock.now(), "ended_by": actor.by}
        return await self._move(actor, moved, "ended", news="ended", version=version)

    async def tell_of_ends(self) -> int:
        """Tell subscriptions of the periods that ended by themselves; return how many.

        Each once, whichever process looks: it is an event of its incident, which is as it was.
        """
        now, told = self.clock.now(), 0
        for found in await self.store.read(s.LIVE_INCIDENTS):
            row = named(found)
            ends = restored(from_text(row["live"])).ends
            if ends is None or not now - REMEMBERED < ends <= now or await self._is_told(row):
                continue
            with suppress(IncidentStale):
                system = system_actor(row["tenant"])
                await self._move(system, row, OVER, news="ended", version=row["live_version"])
                told += 1
        return told

    async def _is_told(self, row: Row) -> bool:
        """Return whether it was told that the period of what is said is over."""
        events = await self.store.read(
            statements.EVENTS, row["tenant"], STREAM, row["id"], 0, row["seq"]
        )
        kinds = [kind for _, kind, *_ in events]
        return OVER in kinds and kinds[::-1].index(OVER) < kinds[::-1].index("validated")

    async def work(self) -> None:
        """Tell of periods that ended until cancelled."""
        while True:
            try:
                await self.tell_of_ends()
            except Failure as failure:
                _log.warning("incidents_wait", extra={"code": failure.code})
            await asyncio.sleep(LOOK_EVERY)

    async def get(self, actor: Actor, incident: str) -> dict[str, Any]:
        """Return an incident: what is said, what is written, how many contacts it concerned."""
        authorize(actor, "incident.read")
        row = await self._row(actor.tenant, incident)
        [[contacts, told]] = await self.store.read(s.REACH_OF_INCIDENT, actor.tenant, incident)
        return {**self._shown(row), "contacts": contacts, "told": told}

    async def newest(
        self, actor: Actor, *, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return incidents, newest first; `before` is the last id of the page before."""
        authorize(actor, "incident.read")
        rows = await self.store.read(s.INCIDENTS, actor.tenant, before or "~", limit)
        return [self._shown(named(row)) for row in rows]

    async def _row(self, tenant: str, incident: str) -> Row:
        rows = await self.store.read(s.INCIDENT, tenant, plain(incident, "incident"))
        if not rows:
            raise NotFound(incident=incident)
        return named(rows[0])

    async def _changing(self, actor: Actor, incident: str, version: int) -> Row:
        row = await self._row(actor.tenant, incident)
        if row["status"] == "ended":
            raise IncidentOver
        if row["version"] != version:
            raise IncidentStale(version=row["version"])
        return row

    async def _move(
        self, actor: Actor, row: Row, kind: str, *, news: str | None = None, **said: Any
    ) -> dict[str, Any]:
        moved = {**row, "seq": row["seq"] + 1, "updated_at": self.clock.now()}
        unit = Unit()
        unit.add(
            s.MOVE_INCIDENT, row["tenant"], row["id"], row["seq"], moved["seq"],
            *(moved[name] for name in (
                "version", "status", "draft", "drafted_by", "live", "live_version", "validated_by",
                "validator", "validated_at", "ended_at", "ended_by", "updated_at",
            )),
        )  # fmt: skip
        self._event(unit, moved, kind, actor, **said)
        if news is not None:
            incident_news.tell(self.notices, unit, moved, kind=news, by=actor.by)
        try:
            await self.store.commit(unit)
        except LostRace:
            latest = await self._row(actor.tenant, row["id"])
            raise IncidentStale(version=latest["version"]) from None
        self.at_hand.forget(actor.tenant)
        self.notices.news.set()
        return self._shown(moved)

    def _event(self, unit: Unit, row: Row, kind: str, actor: Actor, **said: Any) -> None:
        unit.add(
            statements.NEW_EVENT, row["tenant"], STREAM, row["id"], row["seq"], kind,
            self.clock.now(), actor.by, to_text(said),
        )  # fmt: skip

    async def _name(self, actor: Actor) -> str:
        """Return what people call whoever validates."""
        if actor.sign_in is not None:
            for row in await self.store.read(SIGN_IN_ROW, actor.tenant, actor.sign_in):
                return str(row[_NAME])
        return actor.id

    def _check_time(self, given: Mapping[str, Any]) -> None:
        """Refuse a next update that was: everybody would be told to expect what is past."""
        if (given.get("next_update") or self.clock.now()) < self.clock.now():
            said = {"fr": "Ce moment est passé.", "en": "This moment is past."}
            raise WrongReference(said, field="next_update")

    async def _libraries(self, tenant: str) -> list[Library]:
        live = await self.revisions.live(tenant)
        return [(await self.revisions.get(tenant, one.hash)).library for one in live]

    async def _zone(self, tenant: str) -> str:
        return next((one.timezone for one in await self._libraries(tenant)), "UTC")

    def _shown(self, row: Row) -> dict[str, Any]:
        shown = {name: row[name] for name in _COLUMNS if name not in {"tenant", "seq"}}
        for name in ("draft", "live"):
            shown[name] = None if row[name] is None else from_text(row[name])
        now = self.clock.now()
        shown["on"] = (
            row["ended_at"] is None
            and row["live"] is not None
            and is_on(restored(shown["live"]), now)
        )
        return shown


def _fields(change: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(change)
    if "scope" in fields:
        fields["scope"] = Scope(**fields["scope"])
    return fields
