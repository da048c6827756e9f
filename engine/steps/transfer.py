"""A change of team: everything goes along, and it counts as an internal contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.model import Target
from engine.steps.base import Step
from engine.wording import Text


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
        "on": {"type": "object", "properties": {"refused": {"$ref": "#/$defs/stepId"}}, "additionalProperties": False},
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
