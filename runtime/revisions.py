"""Published libraries: immutable by their SHA-256, numbered, and compiled once.

A session stays on the revision it began with. Publishing is refused when the checker finds errors.
Source: promises.md 7; semantics.md 21.
"""

from __future__ import annotations

import asyncio
import gc
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from authoring.cache import Cache
from authoring.check import check, has_errors
from authoring.findings import Finding
from authoring.load import load, system_files
from authoring.suggest import Searcher, Suggester
from engine.model import Library
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.errors import JourneyTaken, LibraryRefused, NotFound, UnknownJourney
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text, to_text
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

COMPILED: Final = 64
"""Most revisions kept compiled; others are compiled again from their stored files."""
TRIES: Final = 5
LIVE_FRESH: Final = 1_000
"""Milliseconds another process may not yet know of a publication."""


@dataclass(slots=True)
class Revision:
    """One revision, compiled."""

    hash: str
    library: Library
    _searcher: Searcher | None = field(default=None, repr=False)
    _suggester: Suggester | None = field(default=None, repr=False)

    @property
    def searcher(self) -> Searcher:
        """Its index of journeys, steps and motives."""
        if self._searcher is None:
            self._searcher = Searcher(self.library)
        return self._searcher

    @property
    def suggester(self) -> Suggester:
        """Its ranking of declarations by the customer's words."""
        if self._suggester is None:
            self._suggester = Suggester(self.library)
        return self._suggester


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing gave. `number` counts a library's publications; a hash may come back."""

    library: str
    hash: str
    number: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication of a library: its revision, its number, when, and whose it was."""

    library: str
    hash: str
    number: int
    at: int
    actor: str


class Revisions:
    """The published libraries of all tenants."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._compiled: OrderedDict[tuple[str, str], Revision] = OrderedDict()
        self._live: dict[str, tuple[int, tuple[Publication, ...]]] = {}
        self._compiling = asyncio.Lock()
        # An author checks and publishes the same library again and again, little changed.
        self._cache = Cache()

    async def check(self, actor: Actor, files: Mapping[str, str]) -> list[Finding]:
        """Return every finding of a library's files; nothing is kept."""
        authorize(actor, "library.check")
        return await asyncio.to_thread(
            lambda: check(load(files, cache=self._cache), cache=self._cache)
        )

    async def publish(
        self, actor: Actor, files: Mapping[str, str], *, keep: Keep = keep_nothing
    ) -> Published:
        """Make a library live. What was live stays for the sessions that began with it.

        `keep` adds the answer to what is committed; see `Idempotency.answered`.

        Raises:
            LibraryRefused: the checker found errors; nothing is published.
            JourneyTaken: another library of the tenant offers a journey of the same name.
        """
        authorize(actor, "library.publish")
        loaded = await asyncio.to_thread(load, files, cache=self._cache)
        findings = await asyncio.to_thread(check, loaded, cache=self._cache)
        if loaded.library is None or has_errors(findings):
            raise LibraryRefused(findings)
        library = loaded.library
        await self._refuse_taken(actor.tenant, library)
        # The inherited journeys too: a later release brings others, and sessions stay on these.
        kept = to_text({"files": dict(files), "system": system_files()})
        for _ in range(TRIES):
            live = await self._read_live(actor.tenant)
            number = 1 + max((one.number for one in live if one.library == library.name), default=0)
            now = self._clock.now()
            unit = Unit()
            unit.add(
                s.NEW_REVISION, actor.tenant, library.revision, library.name, kept,
                actor.by, now,
            )  # fmt: skip
            unit.add(
                s.NEW_PUBLICATION, actor.tenant, library.name, number, library.revision, actor.by,
                now,
            )  # fmt: skip
            published = Published(library.name, library.revision, number, tuple(findings))
            keep(unit, published)
            try:
                await self._store.commit(unit)
            except LostRace:
                continue
            self._keep(actor.tenant, Revision(library.revision, library))
            self._live.pop(actor.tenant, None)
            return published
        raise LostRace

    async def _refuse_taken(self, tenant: str, library: Library) -> None:
        inherited = set(library.system.values())
        for one in await self._read_live(tenant):
            if one.library == library.name:
                continue
            other = (await self.get(tenant, one.hash)).library
            taken = (other.journeys.keys() & library.journeys.keys()) - inherited
            taken -= set(other.system.values())
            if taken:
                raise JourneyTaken(journeys=sorted(taken), library=one.library)

    async def _read_live(self, tenant: str) -> tuple[Publication, ...]:
        return tuple(Publication(*row) for row in await self._store.read(s.LIVE, tenant))

    async def live(self, tenant: str) -> tuple[Publication, ...]:
        """Return what is live, one publication for each library, by name."""
        now = self._clock.now()
        known = self._live.get(tenant)
        if known is None or not known[0] <= now < known[0] + LIVE_FRESH:
            known = (now, await self._read_live(tenant))
            self._live[tenant] = known
        return known[1]

    async def publications(self, tenant: str) -> list[Publication]:
        """Return every publication of a tenant, by library and number."""
        return [Publication(*row) for row in await self._store.read(s.PUBLICATIONS, tenant)]

    async def get(self, tenant: str, revision: str) -> Revision:
        """Return a revision, compiled.

        Raises:
            NotFound: the tenant never published it.
        """
        known = self._compiled.get((tenant, revision))
        if known is not None:
            self._compiled.move_to_end((tenant, revision))
            return known
        async with self._compiling:
            if (tenant, revision) in self._compiled:
                return self._compiled[(tenant, revision)]
            rows = await self._store.read(s.REVISION, tenant, revision)
            if not rows:
                raise NotFound(revision=revision)
            kept = from_text(rows[0][1])
            loaded = await asyncio.to_thread(load, kept["files"], system=kept["system"])
            if loaded.library is None:
                raise LibraryRefused(loaded.findings)
            # The hash says what was published, whatever a later loader would make of it.
            loaded.library.revision = revision
            compiled = Revision(revision, loaded.library)
            self._keep(tenant, compiled)
            return compiled

    def _keep(self, tenant: str, compiled: Revision) -> None:
        self._compiled[(tenant, compiled.hash)] = compiled
        if len(self._compiled) > COMPILED:
            self._compiled.popitem(last=False)
        # A thousand journeys would make each full collection stop everything for 0.2 s.
        gc.collect()
        gc.freeze()

    async def everywhere(self) -> AsyncIterator[tuple[str, Library]]:
        """Yield every live library with its tenant, compiled one after the other.

        No more than are kept compiled: looking at them is not to push out what is in use.
        """
        left = COMPILED
        for (tenant,) in await self._store.read(s.TENANTS):
            for one in (await self.live(tenant))[:left]:
                left -= 1
                yield tenant, (await self.get(tenant, one.hash)).library

    async def startable(self, tenant: str, journey: str) -> Revision:
        """Return the live revision that offers a journey.

        Raises:
            UnknownJourney: none does, or it is only called by others.
        """
        names: list[str] = []
        for one in await self.live(tenant):
            revision = await self.get(tenant, one.hash)
            found = revision.library.journeys.get(journey)
            if found is not None and found.startable:
                return revision
            names.extend(j.id for j in revision.library.journeys.values() if j.startable)
        raise UnknownJourney(journey=journey, allowed=sorted(names)[:100])

    async def journeys(self, actor: Actor) -> list[tuple[Publication, Revision]]:
        """Return the live revisions of the tenant, to list their journeys, by library name."""
        authorize(actor, "journey.read")
        return [
            (one, await self.get(actor.tenant, one.hash)) for one in await self.live(actor.tenant)
        ]

    async def describe(self, actor: Actor, journey: str) -> tuple[Publication, Revision]:
        """Return the live publication and revision that hold a journey, startable or not.

        Raises:
            NotFound: no live library has it.
        """
        for live, revision in await self.journeys(actor):
            if journey in revision.library.journeys:
                return live, revision
        raise NotFound(journey=journey)

    async def search(
        self, actor: Actor, q: str, *, language: str, limit: int = 20
    ) -> list[dict[str, Any]]:
        """Return journeys, steps and motives that match, best first."""
        authorize(actor, "search")
        found = [
            item
            for one in await self.live(actor.tenant)
            for item in (await self.get(actor.tenant, one.hash)).searcher.search(q, language, limit)
        ]
        return sorted(found, key=lambda item: -item["score"])[:limit]

    async def suggest(
        self, actor: Actor, text: str, *, language: str, limit: int = 5
    ) -> list[dict[str, Any]]:
        """Return the declarations closest to the customer's words, with their journeys."""
        authorize(actor, "declaration.suggest")
        found = [
            item
            for one in await self.live(actor.tenant)
            for item in (await self.get(actor.tenant, one.hash)).suggester.rank(
                text, language, limit
            )
        ]
        return sorted(found, key=lambda item: -item["score"])[:limit]
