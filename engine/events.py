"""What happened in a session, in the order it happened.

Every event says when (`at`, integer milliseconds UTC, from the runtime's clock) and by whom (`by`,
such as `advisor:ana`, `robot`, `system`). Events are slotted and immutable by convention: they cost
a quarter of frozen ones, and a house test forbids assignment to them outside their constructor.

Fields named in `PAYLOAD` hold what a person said or a system answered: they are stored apart from
the header, so that they can be erased while codes, times and the chain stay. Source: semantics.md
1, 28; promises.md 2.7.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

Json = Any
"""A value in its JSON form: text, number, boolean, None, list or dict."""

Coded = tuple[str, str, bool]
"""One code taken on the path: (axis, code, whether it is the principal one)."""


@dataclass(slots=True)
class Event:
    """The base of all events."""

    at: int
    by: str

    KIND: ClassVar[str] = ""
    PAYLOAD: ClassVar[tuple[str, ...]] = ()
    MOVES: ClassVar[bool] = False
    """Whether position or resolutions change, which raises the walk version (the ETag)."""


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
class Requested(Event):
    """An action is asked of a connector. `effect` is also the idempotency key given to it."""

    effect: str
    visit: int
    run: str
    step: str
    occ: int
    generation: int
    operation: str
    effect_class: str
    behind: bool
    timeout: int
    retries: int = 0
    compensates: str | None = None
    inputs: dict[str, Json] = field(default_factory=dict)

    KIND: ClassVar[str] = "requested"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("inputs",)


@dataclass(slots=True)
class Settled(Event):
    """What became of a requested action: succeeded, refused, failed, unknown, kept or late.

    A `behind` action assigns and codes here, at its own place in the path (`visit`).
    """

    effect: str
    status: str
    reason: str | None = None
    result: Json = None
    assigned: dict[str, Json] | None = None
    codes: tuple[Coded, ...] = ()
    visit: int | None = None

    KIND: ClassVar[str] = "settled"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("result", "assigned")


@dataclass(slots=True)
class FellBack(Event):
    """An automated action is now to be done by hand."""

    visit: int
    reason: str

    KIND: ClassVar[str] = "fell_back"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Slept(Event):
    """The session waits: for a delay, a date, an event, a call-back, or somebody's approval.

    `wait` guards its timer.
    """

    visit: int
    wait: str
    what: str
    due: int | None = None
    name: str | None = None
    then: str | None = None

    KIND: ClassVar[str] = "slept"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Woken(Event):
    """What the open visit waited for is there; it goes on."""

    visit: int

    KIND: ClassVar[str] = "woken"
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
class TransferAsked(Event):
    """Another team or role is asked to take the session over. `what`: transfer, hand_over."""

    what: str
    to: str
    visit: int | None = None
    reason: str | None = None
    context: dict[str, Json] | None = None

    KIND: ClassVar[str] = "transfer_asked"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason", "context")
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Accepted(Event):
    """Somebody took the session: after a transfer, a hand-over, or by taking over."""

    audience: str
    contact: str | None = None
    channel: str | None = None

    KIND: ClassVar[str] = "accepted"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Declined(Event):
    """The team asked did not take the session; its actor keeps it."""

    reason: str | None = None

    KIND: ClassVar[str] = "declined"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Offered(Event):
    """Values were brought in any order; each serves once, when its field is reached."""

    values: dict[str, Json] = field(default_factory=dict)

    KIND: ClassVar[str] = "offered"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("values",)


@dataclass(slots=True)
class Paused(Event):
    """The actor put the session down."""

    reason: str | None = None

    KIND: ClassVar[str] = "paused"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Resumed(Event):
    """The session goes on, maybe on another channel, for another audience, in another contact."""

    channel: str
    audience: str
    language: str
    contact: str | None = None

    KIND: ClassVar[str] = "resumed"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Held(Event):
    """The customer was put on hold (`on`) or taken back."""

    on: bool
    reason: str | None = None

    KIND: ClassVar[str] = "held"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason",)


@dataclass(slots=True)
class Marked(Event):
    """The actor says what the time is spent on: searching, consulting, filler, wrap_up."""

    mark: str
    on: bool

    KIND: ClassVar[str] = "marked"


@dataclass(slots=True)
class Consulted(Event):
    """A side call began (`on`) or ended while the customer waits, outside any consult step."""

    team: str
    on: bool
    question: str | None = None

    KIND: ClassVar[str] = "consulted"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("question",)


@dataclass(slots=True)
class Noted(Event):
    """A free note."""

    text: str

    KIND: ClassVar[str] = "noted"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("text",)


@dataclass(slots=True)
class Flagged(Event):
    """The actor says something is wrong with a step, for its author."""

    visit: int | None
    category: str
    text: str | None = None

    KIND: ClassVar[str] = "flagged"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("text",)


@dataclass(slots=True)
class Promised(Event):
    """Something was promised to the customer, by a date, by a team."""

    what: str
    due: int | None
    team: str | None
    visit: int | None = None

    KIND: ClassVar[str] = "promised"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("what",)


@dataclass(slots=True)
class Tripped(Event):
    """A bound or a rule broke: the session goes to the library's failure journey."""

    code: str
    detail: str
    visit: int | None = None

    KIND: ClassVar[str] = "tripped"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class ClockJumped(Event):
    """The wall clock and the monotonic clock parted by `ms` since the last event.

    Times across it are flagged.
    """

    ms: int

    KIND: ClassVar[str] = "clock_jumped"


@dataclass(slots=True)
class Ended(Event):
    """The session is over. `status` is ended, or failed when the failure journey ended it."""

    outcome: str
    status: str
    not_reached: tuple[str, ...] = ()

    KIND: ClassVar[str] = "ended"
    MOVES: ClassVar[bool] = True


EVENTS: dict[str, type[Event]] = {
    kind.KIND: kind
    for kind in (
        Started, Entered, Passed, Left, Restored, Opened, Closed, Rewound, Amended, Focused, Requested, Settled,
        FellBack, Slept, Woken, Halted, TransferAsked, Accepted, Declined, Offered, Paused, Resumed, Held, Marked, Consulted, Noted, Flagged,
        Promised, Tripped, ClockJumped, Ended,
    )
}  # fmt: skip
"""Every event of the session stream, by kind. A new one needs a decision record and a golden
file."""
