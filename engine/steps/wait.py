"""A call-back, a date, an external event, a delay: the session sleeps, and resumes on any channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.expressions import Expression
from engine.model import Target
from engine.steps.base import Step


@dataclass(slots=True, kw_only=True, eq=False)
class Wait(Step):
    """Sleeps until something. `what`: delay, until, event or call_back. `delay` and `timeout` in milliseconds.

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
        "on": {"type": "object", "properties": {"timeout": {"$ref": "#/$defs/stepId"}}, "additionalProperties": False},
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
