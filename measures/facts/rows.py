"""The rows of facts, worked out from events: pure, so that a rebuild at any time gives the same.

Source: measures.md A1; semantics.md 25.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from engine.events import Event
from engine.ledger import CATEGORIES, Contact, Segment, segments, totals
from measures.facts.judged import opinion_columns, rating_columns, rating_rows
from measures.facts.pseudonyms import Pseudonyms
from measures.facts.schema import TABLES
from measures.facts.walked import PEOPLE, Walked, codes_of, is_robot, walked
from measures.times import HANDLING, LIVE, SUMS
from runtime.finished import Batch
from runtime.workplaces import NOWHERE, workplace_at

OWN = ("customer", "bot")
"""Who begins a contact that nobody of the house is in."""
RECONNECT = 300_000
"""Milliseconds within which a contact goes on with one whose line broke."""
Rows = dict[str, list[tuple[Any, ...]]]
COUNTED = (
    "transfers", "consults", "holds", "deferrals", "repeats", "promises", "flags", "skips",
    "none_of_these", "by_hand", "amends", "robot_done", "robot_failed",
)  # fmt: skip


@dataclass(slots=True)
class Maker:
    """Makes the rows of one batch."""

    batch: Batch
    names: Pseudonyms
    merged: Mapping[str, str] = field(default_factory=dict)
    folded: dict[str, Walked] = field(default_factory=dict)
    parts: dict[str, list[Segment]] = field(default_factory=dict)

    def rows(self) -> Rows:
        """Return the rows of all tables, of the contacts asked for and of their tickets.

        A contact that goes on has one row, so that one nobody answers yet can be seen to wait; its
        time, segments and visits come when it is over.
        """
        made: Rows = {name: [] for name in TABLES}
        for contact in self.batch.contacts:
            self._contact(made, contact)
        for contact in self.batch.going_on:
            made["contact"].append(self._row("contact", self._begun(contact)))
        for ticket in self.batch.tickets:
            made["ticket"].append(self._row("ticket", self._ticket(ticket)))
        return made

    def session(self, session: str) -> Walked:
        """Return a session of the batch, folded once."""
        if session not in self.folded:
            row, events = self.batch.sessions[session]
            self.folded[session] = walked(row, events)
        return self.folded[session]

    def time(self, contact: str) -> list[Segment]:
        """Return the partition of a contact's time, as the ledger has it."""
        if contact not in self.parts:
            row = self.batch.contact(contact)
            phases = Contact(
                row["id"], row["channel"], row["direction"], row["offered"], row["answered"],
                row["ended"], row["wrapped"],
            )  # fmt: skip
            walks: list[list[Event]] = [
                self.batch.sessions[one][1] for one in self.batch.served[contact]
            ]
            seen = self.batch.observed.get(contact, ())
            self.parts[contact] = segments(phases, walks, observed=seen)
        return self.parts[contact]

    def _row(self, table: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.get(column) for column in TABLES[table])

    def _advisor(self, by: str | None) -> str | None:
        role = (by or "").partition(":")[0]
        return self.names.of(self.batch.tenant, "advisor", by) if role in PEOPLE else None

    def _workplace(self, by: str | None, contact: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return where whoever had a contact worked then."""
        if by is None or contact is None:
            return asdict(NOWHERE)
        at = contact["answered"] or contact["offered"]
        return asdict(workplace_at(self.batch.workplaces.get(by, ()), at))

    def _contact(self, made: Rows, contact: str) -> None:
        row = self.batch.contacts[contact]
        walks = [self.session(one) for one in self.batch.served[contact]]
        parts = self.time(contact)
        head = {"tenant": row["tenant"], "contact": contact, "offered": row["offered"]}
        by = next((w.advisors[contact] for w in reversed(walks) if contact in w.advisors), None)
        common = {
            **head,
            "channel": row["channel"],
            "actor_kind": (by or row["actor"]).partition(":")[0],
            "advisor": self._advisor(by or row["actor"]),
            **self._workplace(by or row["actor"], row),
            "customer_segment": self.batch.segments.at(_customer(row, walks), row["offered"]),
        }
        # Where nobody said it of whoever had it, the team that it was passed to.
        passed = (w.teams[contact] for w in reversed(walks) if contact in w.teams)
        common["team"] = common["team"] or next(passed, None)
        wide = self._wide(row, walks, common=common)
        made["contact"].append(self._row("contact", wide))
        rated = self.batch.ratings.get(contact, ())
        for values in rating_rows(rated, wide, names=self.names, tenant=self.batch.tenant):
            made["rating"].append(self._row("rating", values))
        for place, part in enumerate(parts):
            made["segment"].append(self._row("segment", self._segment(part, place, common)))
        for walk in walks:
            for values in self._visits(walk, common, parts):
                made["visit"].append(self._row("visit", values))

    def _begun(self, contact: str) -> dict[str, Any]:
        row = self.batch.others[contact]
        names = ("tenant", "offered", "answered", "channel", "direction", "status")
        return {
            **{name: row[name] for name in names},
            "contact": contact,
            "responded": self.batch.responded(row),
            "abandoned": False,
            "implied": bool(row["implied"]),
            "dropped": bool(row["dropped"]),
            "customer": self.names.of_customer(self.batch.tenant, row["customer"], self.merged),
            "customer_segment": self.batch.segments.at(row["customer"], row["offered"]),
            "actor_kind": row["actor"].partition(":")[0],
        }

    def _wide(
        self, row: Mapping[str, Any], walks: Sequence[Walked], *, common: Mapping[str, Any]
    ) -> dict[str, Any]:
        contact, parts = row["id"], self.time(row["id"])
        spent = totals(parts)
        first = walks[0] if walks else None
        codes = codes_of(walks)
        machine = [one for walk in walks for one in walk.machine if _during(one[1], row)]
        ended = [walk for walk in walks if walk.ended_in == contact]
        customer = _customer(row, walks)
        return {
            **common,
            **{name: row[name] for name in ("answered", "ended", "wrapped", "direction", "status")},
            "closed": row["wrapped"] or row["ended"],
            "responded": self.batch.responded(row),
            "abandoned": row["answered"] is None,
            "implied": bool(row["implied"]),
            "dropped": bool(row["dropped"]),
            "customer": self.names.of_customer(self.batch.tenant, customer, self.merged),
            "audience": first and first.state.audience,
            "language": first and first.state.language,
            "ticket": first and first.row["ticket"],
            "journey": first and first.state.journey,
            "revision": first and first.state.revision,
            "outcome": ended[-1].state.outcome if ended else None,
            "motive": _first(codes["declaration"]),
            "qualification": _last(w.principal("qualification") for w in walks),
            "action": _last(w.principal("action") for w in walks),
            "declarations": codes["declaration"],
            "qualifications": codes["qualification"],
            "actions": codes["action"],
            "sessions": len(walks),
            "visits": sum(one == contact for w in walks for one in w.entered_in.values()),
            **{what: sum(w.count(contact, what) for w in walks) for what in COUNTED},
            "robot_ms": sum(until - at for _, at, until, _ in machine),
            "behind_ms": sum(until - at for _, at, until, behind in machine if behind),
            "doubtful_ms": sum(part.end - part.start for part in parts if part.flag),
            **{f"ms_{category}": ms for category, ms in spent.items()},
            **{name: sum(spent[one] for one in summed) for name, summed in SUMS.items()},
            **opinion_columns(self.batch.opinions.get(contact)),
            **rating_columns(self.batch.ratings.get(contact, ())),
        }

    def _segment(self, part: Segment, place: int, common: Mapping[str, Any]) -> dict[str, Any]:
        walk = self.session(part.session) if part.session else None
        visit = walk.visit(part.visit) if walk is not None and part.visit is not None else None
        return {
            **common,
            "position": place,
            "begins": part.start,
            "ends": part.end,
            "ms": part.end - part.start,
            "category": part.category,
            "raw": part.raw,
            "flag": part.flag,
            "session": part.session,
            "visit": part.visit,
            "step": part.step,
            "journey": walk and (walk.journey_of(visit) if visit else walk.state.journey),
            "revision": walk and walk.state.revision,
        }

    def _visits(
        self, walk: Walked, common: Mapping[str, Any], parts: Sequence[Segment]
    ) -> list[dict[str, Any]]:
        contact = common["contact"]
        motive = _first(walk.codes("declaration"))
        delays = walk.delays()
        spent: defaultdict[int | None, list[Segment]] = defaultdict(list)
        for part in parts:
            if part.session == walk.id:
                spent[part.visit].append(part)
        found = []
        for visit, is_undone in walk.visits:
            if walk.entered_in.get(visit.id) != contact:
                continue
            own = spent[visit.id]
            found.append(
                {
                    **common,
                    "session": walk.id,
                    "visit": visit.id,
                    "journey": walk.journey_of(visit),
                    "revision": walk.state.revision,
                    "step": visit.step,
                    "occurrence": visit.occ,
                    "motive": motive,
                    "entered": visit.at,
                    "finished": visit.left_at,
                    "how": visit.how,
                    "exit": visit.exit,
                    "undone": is_undone,
                    "repeats": visit.repeats,
                    "person": (visit.by or "").partition(":")[0] in PEOPLE,
                    "robot": is_robot(visit),
                    "flags": walk.flags[visit.id],
                    "ms": sum(p.end - p.start for p in own),
                    "useful_ms": sum(p.end - p.start for p in own if p.category == "useful"),
                    "delay_ms": delays.get(visit.id),
                    "root": walk.state.journey,
                    "ended": walk.ended_at,
                }
            )
        return found

    def _part(self, ms: int, ticket: str, contact: str) -> int:
        """Return a ticket's part of a contact's time: equal among its tickets, and exact."""
        named = {self.batch.sessions[one][0]["ticket"] for one in self.batch.served[contact]}
        sharing = sorted(one for one in named if one)
        whole, rest = divmod(ms, len(sharing))
        return whole + (rest if sharing[0] == ticket else 0)

    def _ticket(self, ticket: str) -> dict[str, Any]:
        row = self.batch.tickets[ticket]
        walks = [self.session(one) for one in self.batch.of_ticket[ticket]]
        listed = [self.batch.contact(one) for one in self.batch.contacts_of.get(ticket, ())]
        contacts = sorted(listed, key=lambda one: (one["offered"], one["id"]))
        outside = [one for one in contacts if one["direction"] != "internal"]
        again = [one for before, one in pairwise(outside) if _is_reconnect(before, one)]
        channels = [one["channel"] for one in outside if one not in again]
        codes = codes_of(walks)
        sums, internal = dict.fromkeys(CATEGORIES, 0), 0
        for one in contacts:
            # A contact that goes on has no time yet that would not change.
            if one["ended"] is not None:
                for category, ms in totals(self.time(one["id"])).items():
                    part = self._part(ms, ticket, one["id"])
                    sums[category] += part
                    if one["direction"] == "internal" and category in HANDLING:
                        internal += part
        by, had = next(((w.advisors[c["id"]], c) for c in contacts for w in walks
                        if c["id"] in w.advisors), (None, None))  # fmt: skip
        customer = row["customer"] or next((c["customer"] for c in contacts), None)
        return {
            **{name: row[name] for name in ("tenant", "status", "outcome", "journey", "motive")},
            "ticket": ticket,
            "opened": row["opened_at"],
            "closed": row["closed_at"],
            "revision": walks[0].state.revision if walks else None,
            "qualification": _last(w.principal("qualification") for w in walks),
            "action": _last(w.principal("action") for w in walks),
            "qualifications": codes["qualification"],
            "actions": codes["action"],
            "customer": self.names.of_customer(self.batch.tenant, customer, self.merged),
            "advisor": self._advisor(by),
            **self._workplace(by, had),
            "customer_segment": self.batch.segments.at(
                customer, contacts[0]["offered"] if contacts else row["opened_at"]
            ),
            "self_care": bool(outside) and outside[0]["actor"].partition(":")[0] in OWN,
            "channel": _first(channels),
            "first_contact": outside[0]["id"] if outside else None,
            "channels": channels,
            "contacts": sum(one["direction"] == "inbound" and one not in again for one in outside),
            "reconnects": len(again),
            "internal": len(contacts) - len(outside),
            "outbound": sum(one["direction"] == "outbound" and one not in again for one in outside),
            "switches": sum(a != b for a, b in pairwise(channels)),
            "transfers": sum(w.count(c["id"], "transfers") for w in walks for c in contacts),
            "deferrals": sum(w.count(c["id"], "deferrals") for w in walks for c in contacts),
            "reopened": _reopened(walks),
            "sessions": len(walks),
            "first_offered": outside[0]["offered"] if outside else row["opened_at"],
            "last_over": max((c["ended"] for c in contacts if c["ended"]), default=None),
            "handling_ms": sum(sums[category] for category in HANDLING),
            "internal_ms": internal,
            "useful_ms": sums["useful"],
            "live_ms": sum(sums[category] for category in LIVE),
            "robot_runs": sum(w.count(c["id"], what) for w in walks for c in contacts
                              for what in ("robot_done", "robot_failed")),
            "robot_ms": sum(until - at for w in walks for _, at, until, _ in w.machine),
        }  # fmt: skip


def _customer(contact: Mapping[str, Any], walks: Sequence[Walked]) -> str | None:
    return contact["customer"] or next((walk.row["customer"] for walk in walks), None)


def _is_reconnect(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether a contact goes on with the one before it, whose line broke.

    Source: measures.md A8: five minutes at most, by the same channel, for the same motive.
    """
    if not before["dropped"] or before["ended"] is None or before["channel"] != after["channel"]:
        return False
    return bool(0 <= after["offered"] - before["ended"] <= RECONNECT)


def _reopened(walks: Sequence[Walked]) -> int:
    """Return how often a ticket went on after one of its sessions had settled it."""
    ends = [w.ended_at for w in walks if w.state.outcome in ("resolved", "refused")]
    settled = [at for at in ends if at is not None]
    return sum(any(at <= w.state.started_at for at in settled) for w in walks)


def _during(at: int, row: Mapping[str, Any]) -> bool:
    until = row["wrapped"] or row["ended"]
    return bool(row["offered"] <= at and (until is None or at <= until))


def _first(codes: Sequence[str]) -> str | None:
    return codes[0] if codes else None


def _last(codes: Any) -> str | None:
    return next((code for code in reversed(list(codes)) if code is not None), None)
