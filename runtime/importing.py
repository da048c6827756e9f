"""Customers brought from files: each row found among those who exist, or a new one.

A row is held against the store as `merging` matches: keys that are one customer's bring what is
new of them; keys of several, another customer number, or a doubt, change nothing and are told with
their reasons. The same rows again change nothing. Decision 0031.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from engine.answers import BadAnswer
from engine.facts import SEGMENT, is_listed
from engine.model import Fact
from engine.scope import Scope
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.customer_segments import Segments, note_segment
from runtime.customers import Customers
from runtime.errors import WrongReference
from runtime.ids import Ids
from runtime.json_text import from_text, plain, to_text
from runtime.merging import STREAM, Merging
from runtime.revisions import Revisions
from runtime.store import customers as c
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

MOST_ROWS: Final = 200
"""Rows of one request: they are committed together."""
SURE: Final = 0.8
"""Score from which a key that is theirs makes a row somebody's, unless another is asked for."""
TRIES: Final = 3
_SOURCE_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer as a file has them: keys, facts, and when those were true (ms UTC)."""

    keys: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of one source.

    Attributes:
        source: what the file comes from: `crm`; facts carry it as `import:crm`.
        rows: no two share a key.
        language: whose way of writing dates and numbers texts follow.
        sure: score from which a key that is theirs makes a row somebody's.
        near_is_new: whether a row that only nearly matches is a new customer, else left out.
        dry_run: whether nothing is to be written.
    """

    source: str
    rows: Sequence[Row]
    language: str = "fr"
    sure: float = SURE
    near_is_new: bool = False
    dry_run: bool = False

    @property
    def by(self) -> str:
        """What facts say of where they come from."""
        return f"import:{self.source}"


@dataclass(slots=True)
class _Found:
    """A row read: keys in their one spelling, facts in their type's form, what is wrong.

    `segment`: its segment, where that is out of a written list.
    """

    keys: dict[str, str]
    facts: dict[str, Any]
    at: int | None
    wrong: list[dict[str, Any]]
    segment: str | None = None


class Importing:
    """Brings the customers of files to all tenants; each call stays within one."""

    def __init__(
        self, merging: Merging, *, revisions: Revisions, store: Store, clock: Clock, ids: Ids,
        customers: Customers,
    ) -> None:  # fmt: skip
        self._merging = merging
        self._revisions = revisions
        self._store = store
        self._clock = clock
        self._ids = ids
        self._customers = customers

    async def bring(self, actor: Actor, batch: Batch) -> list[dict[str, Any]]:
        """Return what becomes of each row, in order, and do it unless it is a dry run.

        `{did, customer, keys, facts, differs, matches, wrong}`: `did` is new, updated, unchanged,
        conflict, doubtful or wrong; `keys` and `facts` name what the row adds; `differs` names
        facts of which something else is known, with its source and age; `matches` is as
        `Merging.match`; `wrong` lists `{field, code, message}`. Values are not repeated.

        Raises:
            WrongReference: the source, the score, a fact that no live library declares for
                customers, two rows that share a key.
        """
        authorize(actor, "customer.import")
        plain(batch.source, "source", longest=_SOURCE_LENGTH)
        known = await self._facts(actor.tenant)
        rows = [self._read(row, known, batch) for row in batch.rows]
        _refuse_shared(rows)
        for _ in range(TRIES):
            unit = Unit()
            told = [await self._one(actor, batch, row, unit) for row in rows]
            if batch.dry_run:
                # Who would be new has no id that anybody will ever find.
                return [one | {"customer": None} if one["did"] == "new" else one for one in told]
            if not unit.writes:
                return told
            try:
                await self._store.commit(unit)
            except LostRace:
                # Somebody else was given one of these keys meanwhile: they are looked up again.
                continue
            if any(row.segment is not None for row in rows):
                self._customers.tell()
            return told
        raise LostRace

    async def _facts(self, tenant: str) -> dict[str, Fact]:
        known: dict[str, Fact] = {}
        for one in await self._revisions.live(tenant):
            library = (await self._revisions.get(tenant, one.hash)).library
            known |= {n: fact for n, fact in library.facts.items() if fact.holder == "customer"}
        return known

    def _read(self, row: Row, known: Mapping[str, Fact], batch: Batch) -> _Found:
        found = _Found({}, {}, row.at, [])
        for kind, value in row.keys.items():
            try:
                found.keys[kind] = self._customers.normalised(kind, value)
            except WrongReference as wrong:
                found.wrong.append(_wrong(f"keys.{kind}", wrong.code, wrong.message))
        now = self._clock.now()
        if row.at is not None and not 0 <= row.at <= now:
            found.at = None
            message = {"fr": "Ce moment est à venir.", "en": "This moment is yet to come."}
            found.wrong.append(_wrong("at", "import.not-yet", message))
        scope = Scope({}, datetime.fromtimestamp(now / 1000, UTC).date().isoformat(), {})
        for name, value in row.facts.items():
            fact = known.get(name)
            if fact is None:
                raise WrongReference(
                    {
                        "fr": f"Aucune bibliothèque ne connaît de client le fait « {name} ».",
                        "en": f"No library has a fact '{name}' of customers.",
                    },
                    field=f"facts.{name}",
                    allowed=sorted(known),
                )
            try:
                raw = value
                if isinstance(value, str):
                    raw = fact.type.parse_spoken(value, batch.language)
                found.facts[name] = fact.type.accept(raw, scope)
                if name == SEGMENT and is_listed(fact):
                    found.segment = str(found.facts[name])
            except BadAnswer as bad:
                found.wrong.append(_wrong(f"facts.{name}", bad.code, bad.message))
        return found

    async def _one(self, actor: Actor, batch: Batch, row: _Found, unit: Unit) -> dict[str, Any]:
        if not row.keys:
            return _told("wrong", row, matches=[])
        matches = await self._merging.match(actor, row.keys, facts=row.facts)
        same = [one for one in matches if any(r["what"] == "same" for r in one["reasons"])]
        others = [one for one in matches if one not in same]
        if len(same) > 1 or any(_is_at_odds(one) for one in same):
            return _told("conflict", row, matches=matches)
        if same and same[0]["score"] < batch.sure:
            return _told("doubtful", row, matches=matches)
        if same:
            return await self._update(actor, batch, row, unit, of=same[0]["customer"])
        if others and not batch.near_is_new:
            return _told("doubtful", row, matches=matches)
        customer = self._ids.new("cus")
        unit.add(c.NEW_CUSTOMER, actor.tenant, customer, self._clock.now(), None)
        told = _told("new", row, matches=others, customer=customer)
        return self._write(actor, batch, unit, told=told, row=row, seq=1)

    async def _update(
        self, actor: Actor, batch: Batch, row: _Found, unit: Unit, *, of: str
    ) -> dict[str, Any]:
        """Add to a customer what is not known of it, and say what differs."""
        tenant = actor.tenant
        held = {
            (kind, value) for kind, value, _ in await self._store.read(c.CUSTOMER_KEYS, tenant, of)
        }
        told = _told("updated", row, matches=[], customer=of)
        keys = {kind: one for kind, one in row.keys.items() if (kind, one) not in held}
        fresh = _Found(keys, {}, row.at, [])
        rows = await self._store.read(c.FACTS_OF_CUSTOMER, tenant, of)
        for name, value in row.facts.items():
            ours = [one for one in rows if one[0] == name and one[4] == batch.by]
            text = to_text(value)
            # Of one source the newest holds; of two values of one moment, the one that is there.
            is_newer = not ours or (ours[0][1] != text if row.at is None else row.at > ours[0][3])
            if is_newer:
                fresh.facts[name] = value
                ours = []
            others = [one for one in rows if one[0] == name and one[4] != batch.by]
            for one in (*ours, *others[-1:]):
                if from_text(one[1]) != value:
                    told["differs"].append({"fact": name, "source": one[2], "at": one[3]})
        fresh.segment = await self._segment(tenant, row, of=of, is_newer=SEGMENT in fresh.facts)
        if not fresh.keys and not fresh.facts and fresh.segment is None:
            return {**told, "did": "unchanged"}
        [[last]] = await self._store.read(s.LAST_OF_STREAM, tenant, STREAM, of)
        return self._write(actor, batch, unit, told=told, row=fresh, seq=last + 1)

    async def _segment(
        self, tenant: str, row: _Found, *, of: str, is_newer: bool
    ) -> str | None:  # fmt: skip
        """Return the segment that a row says anew of its own moment, which may be an earlier one.

        One that was brought before segments were kept with their moment is new, too.
        """
        if row.segment is None:
            return None
        held = Segments(await self._store.read(c.SEGMENTS, tenant, to_text([of])))
        now = self._clock.now()
        known = held.at(of, now if row.at is None else row.at)
        is_new = known != row.segment if row.at is not None else is_newer or known is None
        return row.segment if is_new else None

    def _write(
        self, actor: Actor, batch: Batch, unit: Unit, *, told: dict[str, Any], row: _Found,
        seq: int,
    ) -> dict[str, Any]:  # fmt: skip
        tenant, customer, now = actor.tenant, told["customer"], self._clock.now()
        for kind, value in sorted(row.keys.items()):
            unit.add(c.NEW_CUSTOMER_KEY, tenant, kind, value, customer, None)
        at = now if row.at is None else row.at
        for name, value in sorted(row.facts.items()):
            unit.add(
                s.PUT_FACT, tenant, "customer", customer, name, batch.by, to_text(value), batch.by,
                at,
            )  # fmt: skip
        segment = set() if row.segment is None else {SEGMENT}
        if row.segment is not None:
            note_segment(unit, tenant, customer, code=row.segment, since=at, at=now)
        told |= {"keys": sorted(row.keys), "facts": sorted(segment | row.facts.keys())}
        said = {"source": batch.source, "keys": told["keys"], "facts": told["facts"]}
        unit.add(
            s.NEW_EVENT, tenant, STREAM, customer, seq, "imported", now, actor.by, to_text(said)
        )
        return told


def _refuse_shared(rows: Sequence[_Found]) -> None:
    """Refuse rows that share a key: which of them is the customer's is for the file to say."""
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(rows):
        for pair in row.keys.items():
            if pair in seen:
                raise WrongReference(
                    {
                        "fr": "Deux lignes ont la même coordonnée : envoyez-les à part.",
                        "en": "Two rows share a key: send one after the other.",
                    },
                    field=f"rows.{place}.keys.{pair[0]}",
                )
            seen.add(pair)


def _is_at_odds(match: Mapping[str, Any]) -> bool:
    return any(reason["what"] == "differs" for reason in match["reasons"])


def _wrong(name: str, code: str, message: Mapping[str, str]) -> dict[str, Any]:
    return {"field": name, "code": code, "message": dict(message)}


def _told(
    did: str, row: _Found, *, matches: list[dict[str, Any]], customer: str | None = None
) -> dict[str, Any]:
    return {
        "did": did, "customer": customer, "keys": [], "facts": [], "differs": [],
        "matches": matches, "wrong": row.wrong,
    }  # fmt: skip
