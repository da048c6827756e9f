"""A role accepts or refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.model import Target
from engine.steps.base import Step


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
            "properties": {"refused": {"$ref": "#/$defs/stepId"}, "timeout": {"$ref": "#/$defs/stepId"}},
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
