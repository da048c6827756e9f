"""Where figures are asked for: by the API, the command line and exports; one answer for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.model import Library
from measures.asking.answer import answer, described
from measures.asking.dimensions import filtered, names_of
from measures.asking.question import Asked, Question, measure_named, question
from measures.asking.revisions import Turning, turning_at
from measures.cut import Reader
from measures.facts.keeper import Keeper
from measures.policy import Policy
from measures.registry import MEASURES
from measures.sql import quoted
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.revisions import Revisions
from runtime.store.port import Store
from runtime.volumes import Volumes
from runtime.wiring import Service

UTC: Final = "UTC"


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers questions about measures, each within the actor's tenant."""

    facts: Keeper
    revisions: Revisions
    clock: Clock
    store: Store

    @classmethod
    def of(cls, service: Service, facts: Keeper) -> Desk:
        """Return the desk of a service."""
        return cls(facts, service.revisions, service.clock, service.store)

    @property
    def volumes(self) -> Volumes:
        """What contacts are divided by."""
        return Volumes(self.store, self.clock)

    def measures(self, actor: Actor, language: str) -> list[dict[str, Any]]:
        """Return every measure: name, label, unit, formula, source, settings, dimensions."""
        authorize(actor, "measure.read")
        return [
            {**described(one, language), "dimensions": names_of(one)} for one in MEASURES.values()
        ]

    async def ask(self, actor: Actor, slug: str, asked: Asked, *, language: str) -> dict[str, Any]:
        """Return the answer to a question, with the moment it stands for (`as_of`).

        Raises:
            UnknownMeasure, WrongQuestion, PeopleAreNotRanked, TooManyGroups: see `measures.errors`.
        """
        authorize(actor, "measure.read")
        wanted = await self.question(actor, slug, asked)

        def work_out(connection: Reader) -> dict[str, Any]:
            return answer(connection, wanted, language)

        found, at = await self.facts.ask(actor.tenant, work_out)
        return {**found, "as_of": at}

    async def behind(
        self, actor: Actor, slug: str, asked: Asked, *, after: str = "", limit: int = 50
    ) -> list[dict[str, str]]:
        """Return the contacts, or demands, that a figure was worked out from, in order of their id.

        Raises:
            UnknownMeasure, WrongQuestion, PeopleAreNotRanked: as `ask`.
        """
        authorize(actor, "measure.drill")
        wanted = await self.question(actor, slug, asked)
        cut = wanted.cut()
        query = (
            f"SELECT DISTINCT {cut.unit} FROM ({cut.kept}) WHERE {cut.unit} > {quoted(after)} "  # noqa: S608 - every text is quoted
            f"ORDER BY 1 LIMIT {limit}"
        )
        found, _ = await self.facts.ask(
            actor.tenant, lambda connection: connection.execute(query).fetchall()
        )
        return [{cut.unit: row[0]} for row in found]

    @staticmethod
    def knows(slug: str, where: str) -> bool:
        """Return whether a measure has every dimension that filters name."""
        return filtered(where) <= set(names_of(measure_named(slug)))

    async def labels(self, actor: Actor, language: str) -> dict[str, str]:
        """Return what the codes of a tenant's libraries are called, by code."""
        authorize(actor, "measure.read")
        found: dict[str, str] = {}
        for one in await self.revisions.live(actor.tenant):
            library = (await self.revisions.get(actor.tenant, one.hash)).library
            first = library.languages[0]
            for codes in library.codes.values():
                for code, entry in codes.items():
                    label = entry.label.pick("*", language, default_language=first)
                    found.setdefault(code, code if label is None else label.source)
        return found

    async def codes(self, tenant: str, axis: str) -> set[str]:
        """Return the codes of an axis (`motive`, `qualification`, `action`) in live libraries."""
        name = "declaration" if axis == "motive" else axis
        said = await self._libraries(tenant)
        return {code for library in said for code in library.codes.get(name, ())}

    async def question(self, actor: Actor, slug: str, asked: Asked) -> Question:
        """Return a question of a tenant, checked, in its zone. Raises as `ask` does."""
        said, now = await self._libraries(actor.tenant), self.clock.now()
        zone, volumes = _zone(said), await self.volumes.known(actor.tenant)
        return question(slug, asked, zone=zone, now=now, policy=Policy(said, volumes, zone))

    async def zone(self, tenant: str) -> str:
        """Return the name of a tenant's time zone."""
        return _zone(await self._libraries(tenant))

    async def turning(self, tenant: str, revision: str) -> Turning:
        """Return the publication of a revision, with what came before it and since.

        Raises:
            WrongQuestion: it is none of the tenant's.
        """
        published = await self.revisions.publications(tenant)
        return turning_at(revision, published, field="revision")

    async def _libraries(self, tenant: str) -> list[Library]:
        live = await self.revisions.live(tenant)
        return [(await self.revisions.get(tenant, one.hash)).library for one in live]


def _zone(said: Sequence[Library]) -> str:
    # A tenant's libraries share its zone; the first one says it.
    return said[0].timezone if said else UTC
