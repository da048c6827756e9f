"""What a session's events say to measures: its codes, its visits, what happened in which contact.

Pure, and blind to what people said: a session that was erased gives the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from engine import events as e
from engine.evolve import evolve
from engine.ledger import machine_time
from engine.model import AXES
from engine.state import State, Visit

PEOPLE: Final = ("advisor", "supervisor")
_HOWS: Final = {"skipped": "skips", "none": "none_of_these", "by_hand": "by_hand"}
_BY_HOW: Final = {"succeeded", "refused", "failed", "behind"}


@dataclass
class Walked:
    """One session, folded: where it stands, and counts of what happened in each contact."""

    row: dict[str, Any]
    state: State
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    entered_in: dict[int, str] = field(default_factory=dict)
    flags: Counter[int] = field(default_factory=Counter)
    teams: dict[str, str] = field(default_factory=dict)
    advisors: dict[str, str] = field(default_factory=dict)
    ended_in: str | None = None
    ended_at: int | None = None
    machine: list[tuple[str, int, int, bool]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The session's id."""
        return str(self.row["id"])

    def count(self, contact: str, what: str) -> int:
        """Return how often something happened while a contact went on."""
        return self.counts.get(contact, Counter())[what]

    def codes(self, axis: str) -> list[str]:
        """Return the codes of the live path on an axis, once each, in the order they were taken."""
        return list(dict.fromkeys(c for v in self.state.path for a, c, _ in v.codes if a == axis))

    def principal(self, axis: str) -> str | None:
        """Return the code that stands for the session: the last one so marked, else the last."""
        taken = [(c, p) for v in self.state.path for a, c, p in v.codes if a == axis]
        marked = [code for code, is_principal in taken if is_principal]
        every = marked or [code for code, _ in taken]
        return every[-1] if every else None

    @cached_property
    def visits(self) -> list[tuple[Visit, bool]]:
        """Every visit and whether a correction undid it, in the order of their ids."""
        live = {visit.id: (visit, False) for visit in self.state.path}
        undone = {one: (self.state.cache[one], True) for one in self.state.undone
                  if one in self.state.cache}  # fmt: skip
        return [found for _, found in sorted({**undone, **live}.items())]

    @cached_property
    def _visit_of(self) -> dict[int, Visit]:
        return {visit.id: visit for visit, _ in self.visits}

    def visit(self, one: int) -> Visit | None:
        """Return a visit by its id; None when it is not known."""
        return self._visit_of.get(one)

    def delays(self) -> dict[int, int]:
        """Return by visit the time from the end of the step before to its own, milliseconds.

        Of visits of the live path that are over; the first counts from the start of its session.
        """
        live = [visit for visit, is_undone in self.visits if not is_undone]
        ends = sorted((v.left_at, v.id) for v in live if v.left_at is not None)
        before = min((v.at for v in live if v.left_at is not None), default=0)
        found = {}
        for at, visit in ends:
            found[visit], before = at - before, at
        return found

    def journey_of(self, visit: Visit) -> str:
        """Return the journey a visit's step belongs to."""
        run = self.state.runs.get(visit.run)
        return self.state.journey if run is None else run.journey


def walked(row: dict[str, Any], events: Sequence[e.Event]) -> Walked:
    """Return a session as measures see it, from its row and its events."""
    found = Walked(row, State(), machine=machine_time(events))
    for event in events:
        evolve(found.state, event)
        contact = found.state.contact
        if contact is not None:
            _note(found, event, contact)
    return found


def _note(found: Walked, event: e.Event, contact: str) -> None:
    """Count one event for the contact in which it happened."""
    counted = found.counts.setdefault(contact, Counter())
    role, _, _ = event.by.partition(":")
    if role in PEOPLE:
        found.advisors[contact] = event.by
    match event:
        case e.Entered() | e.Passed():
            found.entered_in.setdefault(event.visit, contact)
            if isinstance(event, e.Entered) and event.repeats:
                counted["repeats"] += 1
        case e.Left():
            if event.how in _HOWS:
                counted[_HOWS[event.how]] += 1
        case e.TransferAsked(what="transfer"):
            counted["transfers"] += 1
            found.teams[contact] = event.to
        case e.Consulted(on=True, visit=None):
            counted["consults"] += 1
        case e.Held(on=True):
            counted["holds"] += 1
        case e.Slept(what="call_back"):
            counted["deferrals"] += 1
        case e.Promised():
            counted["promises"] += 1
        case e.Flagged():
            counted["flags"] += 1
            if event.visit is not None:
                found.flags[event.visit] += 1
        case e.Amended():
            counted["amends"] += 1
        case e.Settled(status="succeeded"):
            counted["robot_done"] += 1
        case e.Settled(status="failed" | "unknown" | "refused"):
            counted["robot_failed"] += 1
        case e.Ended():
            found.ended_in, found.ended_at = contact, event.at
        case _:
            pass


def is_robot(visit: Visit) -> bool:
    """Return whether a system did what a visit was for."""
    return visit.how in _BY_HOW


def codes_of(found: Sequence[Walked]) -> dict[str, list[str]]:
    """Return the codes of several sessions by axis, once each."""
    return {
        axis: list(dict.fromkeys(code for one in found for code in one.codes(axis)))
        for axis in AXES
    }
