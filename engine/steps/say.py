"""Something to tell the customer, or for the advisor to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.model import Target
from engine.steps.base import Step
from engine.wording import Text


@dataclass(slots=True, kw_only=True, eq=False)
class Say(Step):
    """Told with the next question rather than costing a key of its own, unless `verbatim`.

    ```yaml
    - id: legal
      say: {fr: "Cet appel est enregistré.", en: "This call is recorded."}
      verbatim: true
    ```
    """

    KIND: ClassVar[str] = "say"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "say": {"$ref": "#/$defs/text"},
        "goal": {"$ref": "#/$defs/text"},
        "verbatim": {"type": "boolean"},
    }

    verbatim: bool = False
    goal: Text | None = None

    def targets(self) -> Iterable[Target]:
        """Yield `next`."""
        yield Target("next", self.next)
        yield from self.common_targets()

    def texts(self) -> Iterable[tuple[str, Text]]:
        """Yield the wording, and the goal where it stands in for one."""
        if self.goal is not None:
            yield "goal", self.goal
        yield from Step.texts(self)
