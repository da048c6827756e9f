"""Where the walk went: steps entered and left, journeys opened and closed, corrections, the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from engine.events.base import Coded, Event, Json


@dataclass(slots=True)
class Started(Event):
    """A session began on one revision of a library."""

    session: str
    revision: str
    journey: str
    audience: str
    language: str
    channel: str
    contact: str | None = None
    ticket: str | None = None
    customer: str | None = None
    inputs: dict[str, Json] = field(default_factory=dict)
    known: dict[str, Json] = field(default_factory=dict)
    words: str | None = None

    KIND: ClassVar[str] = "started"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("inputs", "known", "words")
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Entered(Event):
    """A step was reached that takes time, or a person, or a system to leave."""

    visit: int
    run: str
    step: str
    occ: int
    came: str
    today: str
    time: str | None = None
    repeats: bool = False

    KIND: ClassVar[str] = "entered"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Passed(Event):
    """A step was reached and left at once by the engine.

    It may be a decision, a skipped step, or an end of a called journey.
    """

    visit: int
    run: str
    step: str
    occ: int
    came: str
    today: str
    exit: str
    assigned: dict[str, Json] | None = None
    codes: tuple[Coded, ...] = ()

    KIND: ClassVar[str] = "passed"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("assigned",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Left(Event):
    """A visit got its resolution. `how` says which; `exit` names the way out taken.

    how: answered, acknowledged, skipped, none, succeeded, refused, failed, not_done, by_hand,
    behind, woken, timeout, transferred, consulted, approved, declined, returned, jumped.
    """

    visit: int
    how: str
    exit: str
    values: dict[str, Json] | None = None
    assigned: dict[str, Json] | None = None
    codes: tuple[Coded, ...] = ()
    source: dict[str, str] | None = None
    reason: str | None = None

    KIND: ClassVar[str] = "left"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("values", "assigned", "reason")
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Restored(Event):
    """A pruned visit is live again, with the resolution it had (kept in the state's cache)."""

    visit: int
    exit: str
    assigned: dict[str, Json] | None = None
    codes: tuple[Coded, ...] = ()

    KIND: ClassVar[str] = "restored"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("assigned",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Opened(Event):
    """A run of a journey began: called, jumped to, or a digression. `visit` is its host."""

    run: str
    journey: str
    parent: str
    visit: int
    mode: str
    inputs: dict[str, Json] = field(default_factory=dict)

    KIND: ClassVar[str] = "opened"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("inputs",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Closed(Event):
    """A called run or a digression came to its outcome; the run below it on the stack goes on."""

    run: str
    outcome: str
    visit: int | None

    KIND: ClassVar[str] = "closed"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Rewound(Event):
    """An earlier visit is open again; those after it are pruned to the cache."""

    visit: int
    reason: str

    KIND: ClassVar[str] = "rewound"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Amended(Event):
    """What a correction did.

    Which visits it undid, which it brought back, what became of executed effects.
    """

    visit: int
    pruned: tuple[int, ...]
    restored: tuple[int, ...]
    kept: tuple[str, ...] = ()
    compensated: tuple[str, ...] = ()

    KIND: ClassVar[str] = "amended"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Focused(Event):
    """The actor looks at an earlier visit (`back`), or at the current one again (None)."""

    visit: int | None

    KIND: ClassVar[str] = "focused"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Halted(Event):
    """What was told is a stop of its own.

    The walk goes on to `step` of `run` once it is acknowledged.
    """

    visit: int
    run: str
    step: str
    came: str

    KIND: ClassVar[str] = "halted"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Tripped(Event):
    """A bound or a rule broke: the session goes to the library's failure journey."""

    code: str
    detail: str
    visit: int | None = None

    KIND: ClassVar[str] = "tripped"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Ended(Event):
    """The session is over. `status` is ended, or failed when the failure journey ended it."""

    outcome: str
    status: str
    not_reached: tuple[str, ...] = ()

    KIND: ClassVar[str] = "ended"
    MOVES: ClassVar[bool] = True
