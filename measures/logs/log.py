"""What an event log holds: objects, events and how they belong together, of contacts of a period.

Customers stand under their pseudonyms; advisors are in no log: only what kind of actor it was.
No measure is worked out from a log: a contact on two tickets is in both. Source: measures.md A15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from measures.asking.question import Asked, Question
from measures.cut import Reader
from measures.desk import Desk
from runtime.access import Actor, authorize
from runtime.finished import Finished

OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": (),
    "ticket": ("motive", "outcome", "status"),
    "contact": ("channel", "direction"),
    "session": ("outcome",),
    "journey_version": (),
}
"""Each type of object and its attributes."""
EVENT: Final = ("ends", "how", "actor", "channel")
"""Attributes of an event: when it ended, how, by which kind of actor, on which channel."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the log; `related` are (object, qualifier)."""

    id: str
    kind: str
    at: int
    attributes: Mapping[str, str]
    related: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its beginning and its end, milliseconds UTC; `related` as of a thing."""

    id: str
    kind: str
    begins: int
    ends: int
    attributes: Mapping[str, str]
    related: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Log:
    """An event log: things by id, happenings in order of time."""

    things: dict[str, Thing] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)

    def add(self, thing: Thing) -> None:
        """Add a thing, once."""
        self.things.setdefault(thing.id, thing)


async def event_log(desk: Desk, finished: Finished, actor: Actor, *, asked: Asked) -> Log:
    """Return the log of the contacts that were over in a period.

    Raises:
        WrongQuestion, PeopleAreNotRanked: as for a measure.
    """
    authorize(actor, "log.export")
    wanted = await desk.question(actor, "contacts", asked)
    found, _ = await desk.facts.ask(actor.tenant, lambda connection: _facts(connection, wanted))
    tickets_of = await finished.tickets_of(actor.tenant)
    return _log(*found, tickets_of)


Rows = list[dict[str, Any]]


def _facts(connection: Reader, wanted: Question) -> tuple[Rows, Rows, Rows]:
    kept = wanted.cut().kept
    of_kept = f"contact IN (SELECT contact FROM ({kept}))"  # noqa: S608 - our own parts

    def read(query: str) -> Rows:
        cursor = connection.execute(query)
        names = [one[0] for one in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return (
        read(f"SELECT * FROM ({kept}) ORDER BY offered, contact"),  # noqa: S608 - our own parts
        read(f"SELECT * FROM visit WHERE {of_kept} ORDER BY entered, session, visit"),  # noqa: S608 - our own parts
        read("SELECT ticket, motive, outcome, status, opened, customer FROM ticket"),
    )


def _log(contacts: Rows, visits: Rows, tickets: Rows, tickets_of: Mapping[str, str]) -> Log:
    log = Log()
    known = {one["ticket"]: one for one in tickets}
    by_contact: dict[str, list[str]] = {}
    for one in visits:
        ticket = tickets_of.get(one["session"])
        listed = by_contact.setdefault(one["contact"], [])
        if ticket in known and ticket not in listed:
            listed.append(str(ticket))
    for one in contacts:
        own = by_contact.get(one["contact"], [one["ticket"]] if one["ticket"] in known else [])
        _add_contact(log, one, [known[ticket] for ticket in own])
    for one in visits:
        _add_visit(log, one, tickets_of.get(one["session"]))
    log.happenings.sort(key=lambda one: (one.begins, one.id))
    return log


def _add_contact(log: Log, row: Mapping[str, Any], tickets: Sequence[Mapping[str, Any]]) -> None:
    for ticket in tickets:
        if ticket["customer"]:
            log.add(Thing(ticket["customer"], "customer", ticket["opened"], {}))
        whose = ((ticket["customer"], "customer"),) if ticket["customer"] else ()
        texts = {name: ticket[name] or "" for name in OBJECTS["ticket"]}
        log.add(Thing(ticket["ticket"], "ticket", ticket["opened"], texts, whose))
    about = tuple((ticket["ticket"], "ticket") for ticket in tickets)
    who = dict.fromkeys(ticket["customer"] for ticket in tickets if ticket["customer"])
    texts = {name: row[name] for name in OBJECTS["contact"]}
    log.add(Thing(row["contact"], "contact", row["offered"], texts, about))
    ends = row["closed"] or row["offered"]
    how = "abandoned" if row["abandoned"] else "answered"
    log.happenings.append(
        Happening(
            f"{row['contact']}:contact", "contact", row["offered"], ends,
            {"ends": moment(ends), "how": how, "actor": row["actor_kind"] or "",
             "channel": row["channel"]},
            ((row["contact"], "contact"), *about, *((one, "customer") for one in who)),
        )
    )  # fmt: skip


def _add_visit(log: Log, row: Mapping[str, Any], ticket: str | None) -> None:
    version = f"{row['journey']}@{row['revision'][:12]}"
    log.add(Thing(version, "journey_version", row["entered"], {}))
    about = ((ticket, "ticket"),) if ticket in log.things else ()
    walks = ((version, "journey_version"), *about)
    log.add(Thing(row["session"], "session", row["entered"], {"outcome": ""}, walks))
    ends = row["entered"] if row["finished"] is None else row["finished"]
    log.happenings.append(
        Happening(
            f"{row['session']}:{row['visit']}", f"{row['journey']}/{row['step']}",
            row["entered"], ends,
            {"ends": moment(ends), "how": row["how"] or "", "actor": row["actor_kind"] or "",
             "channel": row["channel"]},
            ((row["session"], "session"), (row["contact"], "contact"),
             (version, "journey_version"), *about),
        )
    )  # fmt: skip


def moment(ms: int) -> str:
    """Return a time as logs write it: ISO 8601 in UTC, with milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
