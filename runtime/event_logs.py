"""Contacts that other systems logged, brought in with their own times and every event of theirs.

A contact from a log serves no session: its time is classed by what its events were, as `observed`
events of its own stream. An event without a time has that of the one before it, and one from before
it counts as from then, its time flagged. Source: measures.md A1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from authoring.schema.parts import CHANNELS
from engine.ledger import CATEGORIES, Contact, Observed, segments, totals
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.contacts import DIRECTIONS, STREAM, Contacts
from runtime.customers import Customers
from runtime.errors import WrongReference
from runtime.ids import named
from runtime.json_text import canonical, from_text, plain, to_text
from runtime.observed import KIND
from runtime.store import statements as s
from runtime.store.port import LostRace, Store, Unit

MOST_EVENTS: Final = 10_000
"""Events of one contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One event of a log.

    `at` in milliseconds UTC, None where the log has no time; `time` is the class of the time that
    follows it, None where nothing is known of it; `by` is a role, or a role and a name; `data` is
    all else the log says, kept as it is.
    """

    what: str
    at: int | None = None
    by: str = "system"
    time: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One contact of a log, its events in the log's order.

    `answered` is the place of the event by which somebody answered, 0 when it was at once, None
    when nobody did; `advisor` is what the log calls whoever answered.
    """

    case: str
    channel: str
    events: Sequence[Seen]
    direction: str = "inbound"
    customer: Mapping[str, str] = field(default_factory=dict)
    advisor: str | None = None
    answered: int | None = 0


class EventLogs:
    """Brings logged contacts to all tenants; each call stays within one."""

    def __init__(
        self, store: Store, clock: Clock, *, contacts: Contacts, customers: Customers
    ) -> None:
        self._store = store
        self._clock = clock
        self._contacts = contacts
        self._customers = customers

    async def bring(
        self, actor: Actor, source: str, cases: Sequence[Case], *, dry_run: bool = False
    ) -> list[dict[str, Any]]:
        """Return what becomes of each contact, in order, and do it unless it is a dry run.

        `{case, did, contact, events, untimed, late, duration_ms, totals_ms}`: `did` is new,
        unchanged (it is there, with these events) or conflict (there with others: nothing is
        changed). `untimed` counts events that had no time, `late` those from before the one before.

        Raises:
            WrongReference: what says where it is wrong: no event has a time, a class that is none,
                a moment that is yet to come, a key of the customer that is malformed. Nothing of
                any contact is brought then.
        """
        authorize(actor, "contact.import")
        plain(source, "source", longest=32)
        for place, case in enumerate(cases):
            _check(case, f"contacts.{place}", latest=self._clock.now())
            for kind, value in case.customer.items():
                self._customers.normalised(kind, value)
        return [await self._one(actor, source, case, dry_run=dry_run) for case in cases]

    async def _one(self, actor: Actor, source: str, case: Case, *, dry_run: bool) -> dict[str, Any]:
        ats = placed([one.at for one in case.events])
        answered = None if case.answered is None else ats[case.answered]
        row: dict[str, Any] = {
            "tenant": actor.tenant, "id": named("ctc", ats[0], f"{source}\0{case.case}"),
            "seq": len(case.events) + (2 if answered is None else 3), "channel": case.channel,
            "direction": case.direction, "status": "abandoned" if answered is None else "ended",
            "customer": None, "implied": 0, "offered": ats[0], "answered": answered,
            "ended": ats[-1], "wrapped": None,
            "actor": f"import:{source}" if case.advisor is None
            else f"advisor:{source}.{case.advisor}",
            "updated_at": self._clock.now(), "dropped": 0,
        }  # fmt: skip
        told = _told(case, row, ats)
        digest = hashlib.sha256(canonical([source, *_facts_of(case)])).hexdigest()
        there = await self._store.read(s.EVENTS, actor.tenant, STREAM, row["id"], 0, 1)
        if there:
            is_same = from_text(there[0][4]).get("digest") == digest
            return {**told, "did": "unchanged" if is_same else "conflict"}
        if not dry_run:
            unit = Unit()
            if case.customer:
                row["customer"] = await self._customers.resolve(
                    actor, case.customer, unit=unit, now=row["updated_at"]
                )
            self._write(unit, row, case, ats=ats, log={"log": source, "case": case.case,
                        "digest": digest, "brought_by": actor.by})  # fmt: skip
            try:
                await self._store.commit(unit)
            except LostRace:
                # Somebody else brought it, or named its customer, at this very moment.
                return await self._one(actor, source, case, dry_run=dry_run)
            self._contacts.tell(actor.tenant, row["id"])
        return {**told, "did": "new"}

    def _write(
        self, unit: Unit, row: dict[str, Any], case: Case, *, ats: Sequence[int],
        log: Mapping[str, Any],
    ) -> None:  # fmt: skip
        tenant, contact, by = row["tenant"], row["id"], row["actor"]
        unit.add(s.NEW_CONTACT, *row.values())
        phases = {"channel": row["channel"], "direction": row["direction"]}
        seq = 1

        def note(kind: str, at: int, *, who: str, header: Mapping[str, Any]) -> None:
            nonlocal seq
            unit.add(s.NEW_EVENT, tenant, STREAM, contact, seq, kind, at, who, to_text(header))
            seq += 1

        note("offered", row["offered"], who=by, header={**phases, **log})
        for place, (one, at) in enumerate(zip(case.events, ats, strict=True)):
            if place == case.answered:
                note("answered", at, who=by, header=phases)
            header = {"what": one.what, "time": one.time, "at": one.at}
            if one.data:
                unit.add(s.NEW_PAYLOAD, tenant, STREAM, contact, seq, to_text(one.data))
            note(KIND, at, who=one.by, header=header)
        note(row["status"], row["ended"], who=by, header=phases)


def placed(ats: Sequence[int | None]) -> list[int]:
    """Return when each event counts as having been: never before the one before it.

    One without a time has that of the one before; those before the first time have that one.

    Raises:
        ValueError: none has a time.
    """
    last = next((at for at in ats if at is not None), None)
    if last is None:
        raise ValueError
    found = []
    for at in ats:
        last = last if at is None else max(last, at)
        found.append(last)
    return found


def _facts_of(case: Case) -> list[Any]:
    events = [[one.what, one.at, one.by, one.time, dict(one.data)] for one in case.events]
    return [case.case, case.channel, case.direction, case.advisor, case.answered, events]


def _told(case: Case, row: Mapping[str, Any], ats: Sequence[int]) -> dict[str, Any]:
    contact = Contact(
        row["id"], row["channel"], row["direction"], row["offered"], row["answered"], row["ended"]
    )
    seen = [
        Observed(at if one.at is None else one.at, one.time, one.what)
        for one, at in zip(case.events, ats, strict=True)
    ]
    sums = totals(segments(contact, (), observed=seen))
    late = sum(
        one.at is not None and one.at < before
        for one, before in zip(case.events[1:], ats, strict=False)
    )
    return {
        "case": case.case, "contact": row["id"], "events": len(case.events),
        "untimed": sum(one.at is None for one in case.events), "late": late,
        "duration_ms": row["ended"] - row["offered"],
        "totals_ms": {category: ms for category, ms in sums.items() if ms},
    }  # fmt: skip


def _check(case: Case, where: str, *, latest: int) -> None:
    """Refuse what cannot be a contact, naming the part that is wrong."""
    plain(case.case, f"{where}.case")
    if case.channel not in CHANNELS:
        raise WrongReference(field=f"{where}.channel", allowed=sorted(CHANNELS))
    if case.direction not in DIRECTIONS:
        raise WrongReference(field=f"{where}.direction", allowed=list(DIRECTIONS))
    if not case.events or all(one.at is None for one in case.events):
        raise WrongReference(
            {"fr": "Aucun événement n'a d'heure.", "en": "No event has a time."},
            field=f"{where}.events",
        )
    if case.answered is not None and not 0 <= case.answered < len(case.events):
        raise WrongReference(field=f"{where}.answered", latest=len(case.events) - 1)
    for place, one in enumerate(case.events):
        here = f"{where}.events.{place}"
        plain(one.what, f"{here}.what")
        plain(one.by, f"{here}.by")
        if one.time is not None and one.time not in CATEGORIES:
            raise WrongReference(field=f"{here}.time", allowed=list(CATEGORIES))
        if one.at is not None and not 0 <= one.at <= latest:
            said = {"fr": "Ce moment est à venir.", "en": "This moment is yet to come."}
            raise WrongReference(said, field=f"{here}.at", latest=latest)
