"""A role accepts or refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.parts import Target
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.state import Visit
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Approve(Step):
    """Waits for a role's yes or no. `timeout` in milliseconds.

    ```yaml
    - id: gesture
      approve: {role: supervisor, timeout: 2m}
      on: {refused: no_gesture, timeout: ask_later}
    ```
    """

    KIND: ClassVar[str] = "approve"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "approve": {"$ref": "#/$defs/gate"},
        "on": {
            "type": "object",
            "properties": {
                "refused": {"$ref": "#/$defs/stepId"},
                "timeout": {"$ref": "#/$defs/stepId"},
            },
            "additionalProperties": False,
        },
    }

    role: str
    timeout: int | None = None
    refused: str | None = None
    on_timeout: str | None = None

    def targets(self) -> Iterable[Target]:
        """Yield yes, no, and time running out (a no, unless it has its own way)."""
        yield Target("next", self.next)
        yield Target("refused", self.refused or self.next)
        if self.timeout is not None:
            yield Target("timeout", self.on_timeout or self.refused or self.next)
        yield from self.common_targets()

    def arrive(self, walk: Walk, here: Here) -> None:
        """Wait for the role's word."""
        if walk.halts(here) or (not here.entered and self.revisit(walk, here)):
            return
        walk.enter(here, time=self.time or "hold")
        due = None if self.timeout is None else walk.env.now + self.timeout
        walk.sleep(here, "approval", due=due, name=self.role)

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the yes or the no."""
        if command.type != "approve":
            walk.refuse_command(command, here)
        if command.body["accept"]:
            walk.leave(
                here,
                "next",
                self.next,
                how="approved",
                values=self.basis(walk, here),
                codes=self.codes,
                reason=command.body.get("reason"),
            )
        else:
            walk.leave(
                here,
                "refused",
                self.refused or self.next,
                how="declined",
                values=self.basis(walk, here),
                reason=command.body.get("reason"),
            )

    def wake(self, walk: Walk, here: Here, command: Command) -> None:  # noqa: ARG002 - any timer means the same
        """Go on without an answer: time ran out."""
        walk.leave(
            here,
            "timeout",
            self.on_timeout or self.refused or self.next,
            how="timeout",
            values=self.basis(walk, here),
        )

    def revive(self, walk: Walk, here: Here, cached: Visit) -> bool:
        """Keep an approval only while what it was given on is unchanged."""
        if (cached.values or {}) != self.basis(walk, here):
            return False
        return Step.revive(self, walk, here, cached)
