"""What supervisors want to be told of: a measure, a window up to now, and its bounds.

The safeguards of every question hold: none is by person, and a group that is withheld from whoever
asks crosses nothing. Source: issue 6; measures.md A14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from engine.expressions.units import parse_duration
from measures.asking.dimensions import SPANS
from measures.asking.question import Asked, measure_named
from measures.asking.withheld import SMALLEST
from measures.desk import Desk
from measures.errors import WrongQuestion
from measures.statistics.estimate import FEW
from measures.watching.bounds import Bounds
from runtime.access import Actor, authorize
from runtime.decided import note_decision
from runtime.errors import NotFound, WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text, plain, to_text
from runtime.store import thresholds as s
from runtime.store.port import LostRace, Unit
from runtime.wiring import Service

STREAM: Final = "threshold"
CROSSED: Final = "threshold.crossed"
BACK: Final = "threshold.back"
MOST: Final = 200
"""Thresholds of one tenant."""
LONGEST_S: Final = 366 * 86_400
SHORTEST_S: Final = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A threshold as it is asked for.

    `by`, `where`, `settings` are those of a measure; `window` says how far back from now it is
    worked out over (`24h`, `7 days`); of fewer than `least_n` nothing is concluded.
    """

    name: str
    measure: str
    bounds: Bounds
    window: str
    by: str | None = None
    where: str | None = None
    settings: str | None = None
    least_n: int = FEW

    @property
    def window_ms(self) -> int:
        """Its window in milliseconds.

        Raises:
            WrongReference: it is no duration, or one of less than an hour or more than a year.
        """
        found = parse_duration(self.window)
        if found is None or not SHORTEST_S <= found <= LONGEST_S:
            raise WrongReference(
                {"fr": "window est une durée d'une heure à un an : 24h, 7 days, 4 weeks.",
                 "en": "window is a duration from an hour to a year: 24h, 7 days, 4 weeks."},
                field="window", given=self.window,
            )  # fmt: skip
        return found * 1_000

    def asked(self, now: int) -> Asked:
        """Return what is asked of the measure at a moment, in milliseconds UTC."""
        begun = datetime.fromtimestamp((now - self.window_ms) / 1_000, UTC)
        return Asked(
            by=self.by, where=self.where, since=begun.isoformat(), settings=self.settings
        )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """Return it as it is kept and shown."""
        return {
            "name": self.name, "measure": self.measure, "by": self.by, "where": self.where,
            "with": self.settings, "window": self.window, "low": self.bounds.low,
            "high": self.bounds.high, "margin": self.bounds.margin, "least_n": self.least_n,
        }  # fmt: skip


def plan_of(kept: Mapping[str, Any]) -> Plan:
    """Return a plan from what is kept of it."""
    bounds = Bounds(low=kept["low"], high=kept["high"], margin=kept["margin"])
    return Plan(
        name=kept["name"], measure=kept["measure"], bounds=bounds, window=kept["window"],
        by=kept["by"], where=kept["where"], settings=kept["with"], least_n=kept["least_n"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds of all tenants; each call stays within one."""

    desk: Desk
    service: Service

    async def all(self, actor: Actor, language: str = "en") -> list[dict[str, Any]]:
        """Return the tenant's thresholds, oldest first, with what is beyond its bounds now.

        `beyond`: each group that is, `{key, side, since, value, n}` as it was when it crossed.
        `problem`: the code of why it could not be worked out last; None when it could.
        """
        authorize(actor, "threshold.read")
        rows = await self.service.store.read(s.THRESHOLDS, actor.tenant)
        out: dict[str, list[dict[str, Any]]] = {}
        for of, key, side, since, told in await self.service.store.read(s.BEYOND, actor.tenant):
            group = {"key": from_text(key), "side": side, "since": since, **from_text(told)}
            out.setdefault(of, []).append(group)
        return [self._shown(row, out.get(row[1], []), language) for row in rows]

    async def create(
        self, actor: Actor, plan: Plan, *, language: str = "en", keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Set a threshold and return it; it is looked at within seconds, then every minute.

        Raises:
            UnknownMeasure, WrongQuestion, PeopleAreNotRanked: as the measure's question.
            WrongReference: bounds, window or name cannot be, or there are as many as may be.
        """
        authorize(actor, "threshold.change")
        plain(plan.name, "name")
        plan.bounds.refuse_unfit()
        if plan.least_n < SMALLEST:
            raise WrongReference(field="least_n", allowed=f"{SMALLEST} …")
        now = self.service.clock.now()
        wanted = await self.desk.question(actor, plan.measure, plan.asked(now))
        spans = sorted({one.name for one in wanted.dims} & set(SPANS))
        if spans:
            raise WrongQuestion(
                {"fr": "Un seuil porte sur une fenêtre jusqu'à maintenant : pas de jour, semaine "
                       "ni mois dans by.",
                 "en": "A threshold is over a window up to now: no day, week or month in by."},
                field="by", given=spans[0],
            )  # fmt: skip
        if len(await self.service.store.read(s.THRESHOLDS, actor.tenant)) >= MOST:
            raise WrongReference(field="name", allowed=f"{MOST} thresholds")
        row = (
            actor.tenant, self.service.ids.new("thr"), to_text(plan.told()), actor.by, now, now,
            None,
        )  # fmt: skip
        unit = Unit()
        unit.add(s.NEW_THRESHOLD, *row)
        await self._note(unit, actor, row[1], "created", measure=plan.measure)
        shown = self._shown(row, [], language)
        keep(unit, shown)
        await self.service.store.commit(unit)
        return shown

    async def remove(self, actor: Actor, threshold: str) -> None:
        """Take a threshold away: nobody is told of it any more.

        Raises:
            NotFound: the tenant has none of that id.
        """
        authorize(actor, "threshold.change")
        named, unit = plain(threshold, "threshold"), Unit()
        unit.add(s.DROP_THRESHOLD, actor.tenant, named)
        unit.add(s.DROP_ALL_BEYOND, actor.tenant, named)
        await self._note(unit, actor, named, "deleted")
        try:
            await self.service.store.commit(unit)
        except LostRace:
            raise NotFound(threshold=threshold) from None

    async def _note(self, unit: Unit, actor: Actor, of: str, what: str, **header: Any) -> None:
        now = self.service.clock.now()
        await note_decision(
            self.service.store, unit, actor, about=(STREAM, of), what=what, at=now, **header
        )

    def _shown(self, row: Any, beyond: list[dict[str, Any]], language: str) -> dict[str, Any]:
        _, named, plan, by, at, _, problem = row
        told = from_text(plan)
        measure = measure_named(told["measure"])
        heard = self.service.notices.heard_by(row[0], CROSSED)
        return {
            "id": named, **told, "label": measure.label.get(language, measure.label["en"]),
            "unit": measure.unit, "created_by": by, "created_at": at, "problem": problem,
            "subscriptions": [one.id for one in heard], "beyond": beyond,
        }  # fmt: skip
