"""What was asked of systems and of time: actions and their results, waits and what ended them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from engine.events.base import Coded, Event, Json


@dataclass(slots=True)
class Requested(Event):
    """An action is asked of a connector. `effect` is also the idempotency key given to it.

    `given` is what it is given where that is not its inputs: texts are written out.
    `background`: nobody waits for its result, now or later on the walk.
    """

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
    given: dict[str, Json] | None = None
    background: bool = False

    KIND: ClassVar[str] = "requested"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("inputs", "given")


@dataclass(slots=True)
class Settled(Event):
    """What became of a requested action: succeeded, refused, failed, unknown, kept or closed.

    One that came to nothing may succeed later, or be closed by a supervisor.

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

    `wait` guards its timer. `match` is what the content of an awaited event must be for it to be
    this session's (decision 0021).
    """

    visit: int
    wait: str
    what: str
    due: int | None = None
    name: str | None = None
    then: str | None = None
    match: dict[str, Json] | None = None

    KIND: ClassVar[str] = "slept"
    PAYLOAD: ClassVar[tuple[str, ...]] = ("match",)
    MOVES: ClassVar[bool] = True


@dataclass(slots=True)
class Woken(Event):
    """What the open visit waited for is there; it goes on."""

    visit: int

    KIND: ClassVar[str] = "woken"
    MOVES: ClassVar[bool] = True
