"""A change of team: everything goes along, and it counts as an internal contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.events import TransferAsked
from engine.parts import Target
from engine.steps.base import Step
from engine.wording import Text

if TYPE_CHECKING:
    from engine.commands import Command
    from engine.places import Here
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Transfer(Step):
    """Asks another team to take over; once somebody accepts, the journey goes on with them.

    ```yaml
    - id: to_seller
      transfer: {team: seller, reason: {fr: Question produit, en: Product question}}
    ```
    """

    KIND: ClassVar[str] = "transfer"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "transfer": {
            "type": "object",
            "properties": {
                "team": {"$ref": "#/$defs/name"},
                "reason": {"$ref": "#/$defs/text"},
                "context": {"type": "array", "items": {"$ref": "#/$defs/name"}},
            },
            "required": ["team"],
            "additionalProperties": False,
        },
        "on": {
            "type": "object",
            "properties": {"refused": {"$ref": "#/$defs/stepId"}},
            "additionalProperties": False,
        },
    }

    team: str
    reason: Text | None = None
    context: tuple[str, ...] = ()
    refused: str | None = None

    def targets(self) -> Iterable[Target]:
        """Yield accepted (`next`) and refused."""
        yield Target("next", self.next)
        if self.refused is not None:
            yield Target("refused", self.refused)
        yield from self.common_targets()

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the wording and the reason the other team reads."""
        yield from Step.texts(self)
        if self.reason is not None:
            yield "transfer.reason", self.reason

    def arrive(self, walk: Walk, here: Here) -> None:
        """Ask the team; the session waits for somebody to accept."""
        if walk.halts(here) or (not here.entered and self.revisit(walk, here)):
            return
        walk.enter(here, time=self.time or "transfer")
        values = walk.state.runs[here.run].values
        context = {name: values[name] for name in self.context if values.get(name) is not None}
        reason = walk.text(self.reason, here)
        walk.emit(
            TransferAsked(
                walk.env.now,
                walk.env.by,
                "transfer",
                self.team,
                here.visit,
                reason or None,
                context or None,
            )
        )

    def resolve(self, walk: Walk, here: Here, command: Command) -> None:
        """Take the other team's word."""
        if command.type == "accept":
            walk.leave(here, "next", self.next, how="transferred", codes=self.codes)
        elif command.type == "decline":
            exit_name = "refused" if self.refused is not None else "next"
            walk.leave(
                here,
                exit_name,
                self.refused or self.next,
                how="refused",
                reason=command.body.get("reason"),
            )
        else:
            walk.refuse_command(command, here)
