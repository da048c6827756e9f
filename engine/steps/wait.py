"""A call-back, a date, an external event, a delay.

The session sleeps, and resumes on any channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, ClassVar

from engine.calendar import after, date_of
from engine.events import TransferAsked
from engine.expressions import Expression
from engine.parts import Target
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Wait(Step):
    """Sleeps until something.

    `what`: delay, until, event or call_back. `delay` and `timeout` in milliseconds.

    ```yaml
    - id: sleep
      wait: {event: parcel.delivered, timeout: 5 days}
      then: advisor
      on: {timeout: chase}
    ```
    """

    KIND: ClassVar[str] = "wait"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "wait": {
            "type": "object",
            "properties": {
                "delay": {"$ref": "#/$defs/duration"},
                "until": {"$ref": "#/$defs/expression"},
                "event": {"type": "string"},
                "call_back": {"type": "boolean"},
                "timeout": {"$ref": "#/$defs/duration"},
                "working": {"type": "boolean"},
                "with": {"$ref": "#/$defs/with"},
                "saves": {"type": "object", "additionalProperties": {"const": "event"}},
            },
            "additionalProperties": False,
        },
        "then": {"enum": ["advisor", "customer", "robot"]},
        "on": {
            "type": "object",
            "properties": {"timeout": {"$ref": "#/$defs/stepId"}},
            "additionalProperties": False,
        },
    }

    what: str
    delay: int | None = None
    until: Expression | None = None
    event: str | None = None
    timeout: int | None = None
    working: bool = False
    inputs: Mapping[str, Expression]
    saves: tuple[str, ...] = ()
    then: str = "advisor"
    on_timeout: str | None = None

    def targets(self) -> Iterable[Target]:
        """Yield waking, and time running out."""
        yield Target("next", self.next)
        if self.timeout is not None:
            yield Target("timeout", self.on_timeout or self.next)
        yield from self.common_targets()

    def expressions(self) -> Iterable[Expression]:
        """Yield the date waited for and what the event must match."""
        if self.until is not None:
            yield self.until
        yield from self.inputs.values()

    def may_write(self) -> Iterable[str]:
        """Yield the names the event is saved under."""
        return self.saves

    def arrive(self, walk: Walk, here: Here) -> None:
        """Sleep until what is waited for."""
        if walk.halts(here) or (not here.entered and self.revisit(walk, here)):
            return
        walk.enter(here, time=self.time or "deferral")
        match = walk.evaluate(here, self.inputs)
        walk.sleep(
            here,
            self.what,
            due=self.due(walk, here),
            name=self.event,
            then=self.then,
            match=match or None,
        )

    def due(self, walk: Walk, here: Here) -> int | None:
        """Return when the wait is over by itself, in milliseconds UTC."""
        zone, calendar = walk.env.zone, walk.library.calendar if self.working else None
        if self.delay is not None:
            return after(walk.env.now, self.delay, zone, calendar=calendar)
        if self.until is not None:
            value = self.until.evaluate(walk.scope(here))
            day = date_of(value)
            if day is None:
                return walk.env.now
            opens = walk.library.calendar.opens if walk.library.calendar is not None else time()
            return round(datetime.combine(day, opens, zone).timestamp() * 1000)
        if self.timeout is not None:
            return after(walk.env.now, self.timeout, zone, calendar=calendar)
        return None

    def wake(self, walk: Walk, here: Here, command: Command) -> None:
        """Go on: what was waited for came, or the time ran out."""
        # Only a `timeout` runs out; the day of a call-back is what was waited for, as a delay is.
        ran_out = command.body.get("timeout") is True and self.delay is None and self.until is None
        if ran_out:
            to = self.on_timeout or self.next
            walk.leave(here, "timeout", to, how="timeout", codes=self.codes)
        else:
            event = command.body.get("event")
            assigned = dict.fromkeys(self.saves, event) if event is not None else {}
            walk.leave(
                here, "next", self.next, how="woken", assigned=assigned or None, codes=self.codes
            )
        if (
            self.then != walk.state.audience
            and walk.env.role == "system"
            and walk.state.status == "active"
        ):
            walk.emit(TransferAsked(walk.env.now, walk.env.by, "hand_over", self.then))
