"""What people do around the walk: hand over, pause, hold, offer values, note, promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from engine.events.base import Event, Json


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
class Piloted(Event):
    """A robot goes on by itself from here (`pilot`, with the rights of `role`), or stops (None).

    `reason` says why it stopped: a stable code, such as `answer` or `consent`.
    """

    pilot: str | None
    role: str | None = None
    reason: str | None = None

    KIND: ClassVar[str] = "piloted"


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
class Recognised(Event):
    """Who the customer is was found out: from here on, `known` is what is known of them.

    fact name -> {value, at, source}; a customer nobody knows anything of yet has none.
    """

    customer: str | None = None
    known: dict[str, Json] = field(default_factory=dict)

    KIND: ClassVar[str] = "recognised"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("known",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Attached(Event):
    """Which ticket the session belongs to from here on, and why; `was` is the one before.

    `what`: attach, reopen, new; `reason`: a code of `engine.tickets.REASONS`. `known` is all that
    is known from here on: fact name -> {value, at, source}.
    """

    ticket: str
    what: str
    reason: str
    was: str | None = None
    known: dict[str, Json] = field(default_factory=dict)

    KIND: ClassVar[str] = "attached"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("known",)
    MOVES: ClassVar[bool] = True


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
    """A side call began (`on`) or ended while the customer waits.

    `visit` is that of the consult step that asks for it; None for one outside any.
    """

    team: str
    on: bool
    question: str | None = None
    visit: int | None = None

    KIND: ClassVar[str] = "consulted"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("question",)


@dataclass(slots=True)
class PassedOn(Event):
    """The team asked did not answer in time: another is asked. `what`: transfer, consult."""

    what: str
    to: str
    was: str

    KIND: ClassVar[str] = "passed_on"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class ConsultAnswered(Event):
    """Somebody of the team asked takes a side call (`accepted`), or declines it."""

    team: str
    accepted: bool
    reason: str | None = None

    KIND: ClassVar[str] = "consult_answered"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason",)


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
    """Something was promised to the customer, by a date, by a team.

    `keeps` says what keeps it by itself: `contact`, an outbound contact that is answered, or
    `resolution`, the end of the request; None: a step that `keeps` it, or a person. `begins`: when
    the slot of the team begins that it takes; its end is then when it is due.
    """

    what: str
    due: int | None
    team: str | None
    visit: int | None = None
    keeps: str | None = None
    begins: int | None = None

    KIND: ClassVar[str] = "promised"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("what",)


@dataclass(slots=True)
class PromiseMoved(Event):
    """A promise, the session's `promise`th, takes another slot: of a team, from when to when."""

    promise: int
    team: str
    begins: int
    due: int

    KIND: ClassVar[str] = "promise_moved"


@dataclass(slots=True)
class PromiseFollowed(Event):
    """What became of a promise, the session's `promise`th: a state of `engine.promising.STATES`.

    `how`: clock, walk, contact, resolution, correction, hand.
    """

    promise: int
    state: str
    how: str
    reason: str | None = None

    KIND: ClassVar[str] = "promise_followed"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("reason",)


@dataclass(slots=True)
class Erased(Event):
    """What people said here was erased: the values before it are gone, codes and times stay."""

    KIND: ClassVar[str] = "erased"
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class ClockJumped(Event):
    """The wall clock and the monotonic clock parted by `ms` since the last event.

    Times across it are flagged.
    """

    ms: int

    KIND: ClassVar[str] = "clock_jumped"
