"""A value stream asked for: which journey, which period, before and after; one answer for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from measures.asking.periods import Period, compared, period
from measures.asking.revisions import revision_named
from measures.asking.withheld import SMALLEST
from measures.cut import Reader
from measures.desk import Desk
from measures.sql import quoted
from measures.streams.reading import Walks
from measures.streams.table import stream
from runtime.access import Actor, authorize
from runtime.errors import NotFound

IN_REPORT: Final = 3
"""Value streams that a report shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was written: see `GET /v1/value-streams/{journey}`."""

    journey: str
    since: str | None = None
    until: str | None = None
    compare: str | None = None
    revision: str | None = None
    compare_revision: str | None = None


async def value_stream(desk: Desk, actor: Actor, asked: Asked, *, language: str) -> dict[str, Any]:
    """Return the value stream of a journey's walks that ended in a period, beside another one.

    The other is that of another period (`compare`), or of another revision over the same period.
    `{journey, title, unit, zone, period, revision, compared_with, compared_revision, steps, total,
    comparison, as_of}`; see `measures.streams.table`.

    Raises:
        NotFound: no library of the tenant has it, and nobody ever walked it.
        WrongQuestion: a period that ends before it begins, a revision that never was.
        FactsAway: see `Keeper.ask`.
    """
    authorize(actor, "measure.read")
    zone, now = await desk.zone(actor.tenant), desk.clock.now()
    when = period(asked.since, asked.until, zone=zone, now=now)
    earlier = compared(asked.compare, when, zone=zone, now=now)
    journey = asked.journey
    titles, library = await _titles(desk, actor.tenant, language), None
    if journey in titles:
        library = titles[journey][0]
    published = [
        one for one in await desk.revisions.publications(actor.tenant)
        if library is None or one.library == library
    ]  # fmt: skip
    revision, other = (
        None if text is None else revision_named(text, published, field=field)
        for field, text in (
            ("revision", asked.revision), ("compare_revision", asked.compare_revision)
        )
    )  # fmt: skip
    walks = _walks(journey, when, revision)
    before = None
    if earlier is not None or other is not None:
        before = _walks(journey, earlier or when, other or revision)

    def work_out(reader: Reader) -> dict[str, Any] | None:
        if journey not in titles and not _was_walked(reader, journey):
            return None
        return stream(reader, walks, before)

    found, at = await desk.facts.ask(actor.tenant, work_out)
    if found is None:
        raise NotFound(journey=journey, allowed=sorted(titles)[:100])
    for one in found["steps"]:
        one["title"] = titles.get(one["journey"], (None, one["journey"]))[1]
    return {
        "journey": journey, "title": titles.get(journey, (None, journey))[1], "unit": "s",
        "zone": zone, "period": when.shown(zone), "revision": revision,
        "compared_with": before and (earlier or when).shown(zone),
        "compared_revision": before and before.revision, **found, "as_of": at,
    }  # fmt: skip


async def longest(
    desk: Desk, actor: Actor, *, since: str | None, until: str | None, most: int = IN_REPORT
) -> list[str]:
    """Return the journeys whose walks that ended in a period took most time, the longest first.

    Those of fewer than five contacts are left out.

    Raises:
        WrongQuestion: a period that ends before it begins.
    """
    authorize(actor, "measure.read")
    zone, now = await desk.zone(actor.tenant), desk.clock.now()
    when = period(since, until, zone=zone, now=now)
    query = (
        f"SELECT root FROM visit WHERE ended >= {when.since} AND ended < {when.until} "  # noqa: S608 - our own numbers
        f"GROUP BY root HAVING count(DISTINCT contact) >= {SMALLEST} "
        f"ORDER BY sum(ms) DESC, root LIMIT {most}"
    )
    found, _ = await desk.facts.ask(actor.tenant, lambda reader: reader.execute(query).fetchall())
    return [str(root) for (root,) in found]


def _walks(journey: str, when: Period, revision: str | None) -> Walks:
    return Walks(journey, when.since, when.until, revision)


async def _titles(desk: Desk, tenant: str, language: str) -> dict[str, tuple[str, str]]:
    """Return the library and the title of each journey that is live."""
    found: dict[str, tuple[str, str]] = {}
    for one in await desk.revisions.live(tenant):
        library = (await desk.revisions.get(tenant, one.hash)).library
        for journey in library.journeys.values():
            title = journey.title.pick("*", language, default_language=library.languages[0])
            shown = journey.id if title is None else title.source
            found.setdefault(journey.id, (library.name, shown))
    return found


def _was_walked(reader: Reader, journey: str) -> bool:
    query = f"SELECT count(*) FROM visit WHERE root = {quoted(journey)}"  # noqa: S608 - the text is quoted
    [(count,)] = reader.execute(query).fetchall()
    return bool(count)
