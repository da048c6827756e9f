"""Where a session stands: what people and systems resolved, and what follows from it.

The path is the list of visits that are live. Runs, values, codes and the stack follow from it, so
that undoing is cutting the path and folding again. `cache` keeps what was undone, for when its step
becomes live again from the same step. Containers other than those a draft copies are replaced,
never changed in place: a failed commit leaves the committed state as it was. Source: semantics.md
1, 4, 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from engine.events import Coded, Json

ROOT = "main"
"""The id of a session's first run."""


def within(run: str, above: str) -> bool:
    """Return whether a run is another one, or was opened in it, at whatever depth."""
    return run == above or run.startswith(f"{above}/")


# Visits and states are copied at every turn: a plain object's dictionary copies at a tenth of the
# cost of
# `dataclasses.replace` on a slotted one.


@dataclass
class Visit:
    """One stay on one step.

    Times are milliseconds UTC; `order` and `left_order` number entries and exits.
    """

    id: int
    run: str
    step: str
    occ: int
    came: str
    today: str
    at: int
    order: int
    repeats: bool = False
    left_at: int | None = None
    left_order: int | None = None
    how: str | None = None
    exit: str | None = None
    values: dict[str, Json] | None = None
    assigned: dict[str, Json] | None = None
    codes: tuple[Coded, ...] = ()
    source: dict[str, str] | None = None
    reason: str | None = None
    by: str | None = None
    by_hand: str | None = None
    opens: tuple[tuple[str, str, str, dict[str, Json]], ...] = ()
    """Runs opened at this visit: (run id, journey, mode, inputs)."""
    closes: str | None = None
    """The run this visit closed."""
    shown: ClassVar[Mapping[tuple[str, str, str], dict[str, Any]]] = MappingProxyType({})
    """How a visit that was left is shown, by audience, language and length.

    A note that views make; it is no part of the state.
    """

    def copied(self, **changes: Any) -> Visit:
        """Return a copy with some fields changed."""
        visit = Visit.__new__(Visit)
        visit.__dict__.update(self.__dict__)
        visit.__dict__.update(changes)
        visit.__dict__.pop("shown", None)
        return visit

    @property
    def key(self) -> tuple[str, str, int]:
        """What its resolution is kept under: (run, step, occurrence)."""
        return (self.run, self.step, self.occ)


@dataclass(slots=True)
class Run:
    """One invocation of a journey. `mode`: root, call, jump or digression."""

    id: str
    journey: str
    parent: str | None
    host: int | None
    mode: str
    values: dict[str, Json] = field(default_factory=dict)
    ahead: tuple[int, str, str, str] | None = None
    """Of a digression: where its host goes on once what was told there is acknowledged."""


@dataclass(slots=True)
class Effect:
    """One requested action.

    `status`: requested, succeeded, refused, failed, unknown, kept, closed, compensating,
    compensated, compensation_failed.
    """

    id: str
    visit: int
    run: str
    step: str
    occ: int
    generation: int
    operation: str
    effect_class: str
    behind: bool
    inputs: dict[str, Json]
    status: str = "requested"
    reason: str | None = None
    result: Json = None
    compensates: str | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """Where it was asked for: (run, step, occurrence); the visits of that place share it."""
        return (self.run, self.step, self.occ)

    @property
    def is_fruitless(self) -> bool:
        """Whether it came to nothing that anybody knows of; one kept so is not done for it."""
        return self.status in ("refused", "failed", "unknown", "closed") or (
            self.status == "kept" and self.reason == "unknown"
        )


@dataclass(slots=True)
class Wait:
    """What a sleeping session waits for; only a wake-up that names `id` counts."""

    id: str
    visit: int
    what: str
    due: int | None = None
    name: str | None = None
    then: str | None = None


@dataclass
class State:
    """A session, folded from its events.

    `version` is its walk version (the ETag), `seq` its last event's number.
    """

    session: str = ""
    revision: str = ""
    journey: str = ""
    audience: str = "advisor"
    language: str = ""
    channel: str = ""
    contact: str | None = None
    ticket: str | None = None
    customer: str | None = None
    attached: tuple[str, str, int] | None = None
    """(what, why, when) of the session's passing to its ticket; None: the one it was begun with."""
    words: str | None = None
    inputs: dict[str, Json] = field(default_factory=dict)
    status: str = "new"
    outcome: str | None = None
    not_reached: tuple[str, ...] = ()
    version: int = 0
    seq: int = 0
    order: int = 0
    next_visit: int = 1
    automatic: int = 0
    path: list[Visit] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    stack: list[str] = field(default_factory=list)
    occurrences: dict[tuple[str, str], int] = field(default_factory=dict)
    cache: dict[int, Visit] = field(default_factory=dict)
    focus: int | None = None
    effects: dict[str, Effect] = field(default_factory=dict)
    wait: Wait | None = None
    transfer: tuple[str, str, int | None] | None = None
    """(what, to whom, visit) of a transfer or hand-over nobody accepted yet, asked `asked_at`."""
    asked_at: int = 0
    asked_by: str | None = None
    """Who asked it, as events name them; a team that is passed over asks nothing itself."""
    pilot: tuple[str, str, int] | None = None
    """(who, role, what it has resolved) of the robot that goes on by itself, while it does."""
    handed: bool = False
    """Whether the session was handed to somebody who has resolved nothing since."""
    ahead: tuple[int, str, str, str] | None = None
    """(visit told last, run, step, came from): where the walk goes once that is acknowledged."""
    offers: dict[str, Json] = field(default_factory=dict)
    known: dict[str, Json] = field(default_factory=dict)
    held: bool = False
    marks: frozenset[str] = frozenset()
    consulting: str | None = None
    side_call: dict[str, Any] | None = None  # the latest, and who took or declined it
    promises: tuple[dict[str, Any], ...] = ()
    notes: tuple[dict[str, Any], ...] = ()
    undone: tuple[int, ...] = ()
    """Visits undone by corrections and not live again, oldest first; the history keeps them."""
    paused: str | None = None
    tripped: str | None = None
    started_at: int = 0
    ended_at: int | None = None

    def draft(self) -> State:
        """Return a copy that may be evolved without touching this one."""
        draft = State.__new__(State)
        draft.__dict__.update(self.__dict__)
        draft.path = self.path[:]
        draft.runs = dict(self.runs)
        draft.stack = self.stack[:]
        draft.occurrences = dict(self.occurrences)
        return draft

    def visit(self, visit_id: int) -> Visit:
        """Return a live visit.

        Raises:
            KeyError: no live visit has that id.
        """
        for visit in reversed(self.path):
            if visit.id == visit_id:
                return visit
        raise KeyError(visit_id)

    @property
    def current(self) -> Visit | None:
        """The visit the session stands on: the last live one that is still open.

        None before the start and after the end.
        """
        if self.status in ("new", "ended", "failed"):
            return None
        if self.ahead is not None:
            return self.visit(self.ahead[0])
        for visit in reversed(self.path):
            if visit.left_order is None:
                return visit
        return None

    @property
    def codes(self) -> dict[str, list[str]]:
        """The codes of the live path by axis, first taken first, without repeats."""
        taken: dict[str, list[str]] = {"declaration": [], "qualification": [], "action": []}
        for visit in self.path:
            for axis, code, _ in visit.codes:
                if code not in taken[axis]:
                    taken[axis].append(code)
        return taken
