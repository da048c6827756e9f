"""Samples of contacts that trained listeners rate, blind to what the walk's codes say.

Source: measures.md A3, A17.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.ledger import Segment
from measures.asking.question import Asked, Question
from measures.cut import Reader, selected
from measures.desk import Desk
from measures.errors import OwnContact, WrongQuestion
from measures.facts.pseudonyms import Pseudonyms
from measures.facts.rows import Maker
from measures.sampling.drawing import LEAST, Drawn, draw
from measures.sampling.results import Rated, results
from measures.sampling.wording import Wording
from measures.times import LIVE
from runtime.access import Actor, authorize
from runtime.errors import NotFound, WrongReference
from runtime.finished import Batch, Finished
from runtime.idempotency import Keep, keep_nothing
from runtime.json_text import from_text, plain, to_text
from runtime.store import ratings as r
from runtime.store.port import Unit
from runtime.store.tables import SAMPLE
from runtime.wiring import Service

MOST: Final = 5_000
"""Contacts of one sample at most."""
LEAST_TWICE: Final = 0.1
"""Share of a sample that two listeners rate, at least. Source: measures.md A3."""
AUDIBLE: Final = ("ivr", "queue", "hold", "transfer", "idle", "robot_wait")
"""Categories that anybody hears; the others are the walk's own judgement, and not shown."""
_COLUMNS: Final = tuple(column.name for column in SAMPLE.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to draw: how many contacts, of which period and filters, by which strata."""

    name: str
    size: int
    seed: int
    twice: float = LEAST_TWICE
    by: str | None = "motive,channel"
    where: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a listener found: the share of each part that was useful, in per cent, in their order.

    `codes`: what they would have coded, by axis. `recording`: its id where it is kept, with an
    offset after an @ where there is one; it is erased with the person.
    """

    useful: Sequence[int]
    codes: Mapping[str, str]
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of all tenants; each call stays within one."""

    desk: Desk
    service: Service

    async def draw(self, actor: Actor, plan: Plan, *, keep: Keep = keep_nothing) -> dict[str, Any]:
        """Draw a sample and return it: the same plan of the same facts gives the same contacts.

        Raises:
            WrongQuestion: a dimension, filter or period that cannot be, a size that is none or too
                small for the strata, or nothing to draw from.
        """
        authorize(actor, "sample.draw")
        if not 1 <= plan.size <= MOST:
            raise WrongQuestion(field="size", allowed=f"1..{MOST}")
        if not LEAST_TWICE <= plan.twice <= 1:
            raise WrongQuestion(field="twice", allowed=f"{LEAST_TWICE}..1")
        asked = Asked(by=plan.by, where=plan.where, since=plan.since, until=plan.until)
        wanted = await self.desk.question(actor, "contacts", asked)
        found, _ = await self.desk.facts.ask(
            actor.tenant, lambda connection: _population(connection, wanted)
        )
        _refuse_unfit(plan, found)
        drawn = draw(found, size=plan.size, twice=plan.twice, seed=plan.seed)
        told = {
            "by": [one.name for one in wanted.dims],
            "where": plan.where,
            "period": wanted.period.shown(wanted.zone),
            "seed": plan.seed,
            "twice": plan.twice,
            "strata": [
                {"key": from_text(name), "size": len(listed),
                 "drawn": sum(one.stratum == name for one in drawn)}
                for name, listed in sorted(found.items())
            ],
        }  # fmt: skip
        row = (
            actor.tenant, self.service.ids.new("smp"), plain(plan.name, "name"), to_text(told),
            actor.by, self.service.clock.now(),
        )  # fmt: skip
        shown = _told(row)
        await self._record(row, drawn, shown, keep)
        return shown

    async def _record(
        self, row: tuple[Any, ...], drawn: Sequence[Drawn], shown: Mapping[str, Any], keep: Keep
    ) -> None:
        unit = Unit()
        unit.add(r.NEW_SAMPLE, *row)
        for place, one in enumerate(drawn):
            values = (row[0], row[1], one.contact, place, one.stratum, one.raters)
            unit.add(r.NEW_SAMPLE_CONTACT, *values)
        keep(unit, shown)
        await self.service.store.commit(unit)

    async def newest(
        self, actor: Actor, *, before: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return samples, newest first; `before` is the last id of the page before."""
        authorize(actor, "sample.read")
        rows = await self.service.store.read(r.SAMPLES, actor.tenant, before or "~", limit)
        return [_told(row) for row in rows]

    async def read(self, actor: Actor, sample: str) -> dict[str, Any]:
        """Return a sample with what its ratings come to so far.

        Raises:
            NotFound: the tenant has none of that id.
        """
        authorize(actor, "sample.read")
        row = await self._row(actor, sample)
        listed = await self._listed(actor, sample)
        found = await self.service.store.read(r.RATINGS_OF_SAMPLE, actor.tenant, sample)
        shown = _told(row)
        strata = {to_text(one["key"]): one["size"] for one in shown["strata"]}
        rated = [
            Rated(contact, rater, [(a, b, c, d) for a, b, c, d in from_text(parts)],
                  from_text(codes))
            for contact, rater, parts, codes, _ in found
        ]  # fmt: skip
        come_to = results(strata, {one[0]: one[2] for one in listed}, rated)
        return {**shown, "contacts": len(listed), **come_to}

    async def to_rate(self, actor: Actor, sample: str) -> list[dict[str, Any]]:
        """Return the contacts that somebody may still rate, in order, without who rated them.

        Raises:
            NotFound: the tenant has no such sample.
        """
        authorize(actor, "sample.rate")
        await self._row(actor, sample)
        found = await self.service.store.read(r.RATINGS_OF_SAMPLE, actor.tenant, sample)
        mine = {row[0] for row in found if row[1] == actor.by}
        counts: dict[str, int] = {}
        for row in found:
            counts[row[0]] = counts.get(row[0], 0) + 1
        return [
            {"contact": contact, "position": position, "raters": raters,
             "rated": counts.get(contact, 0)}
            for contact, position, _, raters in await self._listed(actor, sample)
            if contact not in mine and counts.get(contact, 0) < raters
        ]  # fmt: skip

    async def timeline(
        self, actor: Actor, sample: str, contact: str, *, language: str = "en"
    ) -> dict[str, Any]:
        """Return the parts of a contact that its customer lived through, to be rated one by one.

        What the walk judged of them is not shown, nor are its codes: a listener judges by what is
        heard, and gives codes among all that there are (`codes`). Times are milliseconds after the
        contact began; `title` is what a step is called.

        Raises:
            NotFound: it is not in that sample.
            OwnContact: the one who asks handled it.
        """
        authorize(actor, "sample.rate")
        batch, parts = await self._parts(actor, sample, contact)
        row = batch.contacts[contact]
        words = await Wording.of(self.service.revisions, batch, contact, language=language)
        return {
            "contact": contact,
            "channel": row["channel"],
            "direction": row["direction"],
            "offered": row["offered"],
            "parts": [
                {"begins": one.start - row["offered"], "ends": one.end - row["offered"],
                 "step": one.step, "title": words.title(one),
                 "heard": one.category if one.category in AUDIBLE else None}
                for one in parts
            ],
            "codes": words.codes(),
        }  # fmt: skip

    async def rate(
        self, actor: Actor, sample: str, contact: str, *, verdict: Verdict,
        keep: Keep = keep_nothing,
    ) -> dict[str, Any]:  # fmt: skip
        """Keep what a listener found in a contact; said again it takes the place of the first.

        Raises:
            NotFound, OwnContact: as `timeline`.
            WrongReference: not one share for each part, or a code that the library does not have.
        """
        authorize(actor, "sample.rate")
        batch, parts = await self._parts(actor, sample, contact)
        if len(verdict.useful) != len(parts) or not all(0 <= one <= 100 for one in verdict.useful):
            raise WrongReference(
                {"fr": f"Donnez un nombre de 0 à 100 par partie, dans l'ordre : {len(parts)}.",
                 "en": f"Give a number from 0 to 100 for each part, in order: {len(parts)}."},
                field="useful", parts=len(parts), given=len(verdict.useful),
            )  # fmt: skip
        await self._refuse_unknown(batch, contact, verdict.codes)
        recording = None if verdict.recording is None else plain(verdict.recording, "recording")
        offered, now = batch.contacts[contact]["offered"], self.service.clock.now()
        kept = [
            [one.start - offered, one.end - offered, one.category, share]
            for one, share in zip(parts, verdict.useful, strict=True)
        ]
        unit = Unit()
        unit.add(
            r.KEEP_RATING, actor.tenant, sample, contact, actor.by, to_text(kept),
            to_text(dict(verdict.codes)), recording, now,
        )  # fmt: skip
        shown = {"sample": sample, "contact": contact, "parts": len(kept), "at": now}
        keep(unit, shown)
        await self.service.store.commit(unit)
        self.service.contacts.tell(actor.tenant, contact)
        return shown

    async def _parts(self, actor: Actor, sample: str, contact: str) -> tuple[Batch, list[Segment]]:
        if all(row[0] != contact for row in await self._listed(actor, sample)):
            raise NotFound(contact=contact)
        batch = await Finished(self.service.store).batch(actor.tenant, [contact])
        maker = Maker(batch, Pseudonyms(b""))
        walks = [maker.session(one) for one in batch.served[contact]]
        handled = {walk.advisors.get(contact) for walk in walks}
        if actor.by in handled | {batch.contacts[contact]["actor"]}:
            raise OwnContact(contact=contact)
        lived = [one for one in maker.time(contact) if one.category in LIVE]
        return batch, [one for one in lived if one.end > one.start]

    async def _refuse_unknown(self, batch: Batch, contact: str, codes: Mapping[str, str]) -> None:
        for axis, code in codes.items():
            known: set[str] = set()
            for session in batch.served[contact]:
                row, _ = batch.sessions[session]
                revision = await self.service.revisions.get(batch.tenant, row["revision"])
                known |= set(revision.library.codes.get(axis, ()))
            if code not in known:
                raise WrongReference(field=f"codes.{axis}", given=code)

    async def _row(self, actor: Actor, sample: str) -> Sequence[Any]:
        rows = await self.service.store.read(r.SAMPLE, actor.tenant, plain(sample, "sample"))
        if not rows:
            raise NotFound(sample=sample)
        return rows[0]

    async def _listed(self, actor: Actor, sample: str) -> Sequence[Sequence[Any]]:
        named = plain(sample, "sample")
        return await self.service.store.read(r.CONTACTS_OF_SAMPLE, actor.tenant, named)


def _told(row: Sequence[Any]) -> dict[str, Any]:
    named = dict(zip(_COLUMNS, row, strict=True))
    return {
        "id": named["id"],
        "name": named["name"],
        **from_text(named["plan"]),
        "drawn_by": named["actor"],
        "created_at": named["created_at"],
    }


def _population(connection: Reader, wanted: Question) -> dict[str, list[str]]:
    """Return the contacts that can be drawn, by stratum: over, answered, served by a journey."""
    cut = wanted.cut().grouped(*(one.sql for one in wanted.dims))
    names = [one.name for one in wanted.dims]
    query = (
        f"SELECT {selected(cut.dims)}contact FROM ({cut.kept}) "  # noqa: S608 - our own parts
        "WHERE NOT abandoned AND sessions > 0 ORDER BY contact"
    )
    found: dict[str, list[str]] = {}
    for *key, contact in connection.execute(query).fetchall():
        found.setdefault(to_text(dict(zip(names, key, strict=True))), []).append(contact)
    return found


def _refuse_unfit(plan: Plan, found: Mapping[str, Sequence[str]]) -> None:
    if not found:
        raise WrongQuestion(
            {"fr": "Aucun contact à tirer dans cette période avec ces filtres.",
             "en": "There is no contact to draw in that period with those filters."},
            field="where",
        )  # fmt: skip
    least = sum(min(LEAST, len(listed)) for listed in found.values())
    if plan.size < least:
        raise WrongQuestion(
            {"fr": f"Il y a {len(found)} strates : tirez au moins {least} contacts, "
                   "ou prenez moins de dimensions.",
             "en": f"There are {len(found)} strata: draw at least {least} contacts, "
                   "or take fewer dimensions."},
            field="size",
        )  # fmt: skip
