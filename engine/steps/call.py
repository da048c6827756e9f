"""A sub-journey that returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.expressions import Expression
from engine.parts import Target
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.places import Here
    from engine.state import Run
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class Call(Step):
    """Walks another journey and comes back; its outcomes are exits.

    ```yaml
    - id: identify
      call: client.identification
      saves: [client]
      on: {refused: not_identified}
    ```
    """

    KIND: ClassVar[str] = "call"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "call": {"$ref": "#/$defs/journeyId"},
        "with": {"$ref": "#/$defs/with"},
        "saves": {
            "anyOf": [
                {"type": "array", "items": {"$ref": "#/$defs/name"}},
                {"type": "object", "additionalProperties": {"$ref": "#/$defs/name"}},
            ]
        },
        "on": {"type": "object", "additionalProperties": {"$ref": "#/$defs/stepId"}},
    }

    journey: str
    inputs: Mapping[str, Expression]
    saves: Mapping[str, str]
    """Own name -> the called journey's name."""
    on: Mapping[str, str]

    def targets(self) -> Iterable[Target]:
        """Yield `resolved` and each mapped outcome."""
        if "resolved" not in self.on:
            yield Target("resolved", self.next)
        for outcome, step in self.on.items():
            yield Target(outcome, step)
        yield from self.common_targets()

    def expressions(self) -> Iterable[Expression]:
        """Yield what is given to the journey."""
        return self.inputs.values()

    def may_write(self) -> Iterable[str]:
        """Yield the names saved: the called journey may not have assigned them on every way."""
        return self.saves.keys()

    def arrive(self, walk: Walk, here: Here) -> None:
        """Open a run of the journey."""
        inputs = {
            name: value
            for name, value in walk.evaluate(here, self.inputs).items()
            if value is not None
        }
        walk.enter(here)
        walk.open(here, self.journey, "call", inputs=inputs)

    def returned(self, walk: Walk, here: Here, run: Run, *, outcome: str) -> None:
        """Take what is saved of the run's values, and leave by its outcome."""
        assigned = {
            mine: run.values[theirs]
            for mine, theirs in self.saves.items()
            if run.values.get(theirs) is not None
        }
        if outcome == "resolved" or outcome in self.on:
            to = self.on.get(outcome, self.next)
            walk.leave(
                here,
                outcome,
                to,
                how="returned",
                assigned=walk.assigned(here, assigned),
                codes=self.codes,
            )
        else:
            walk.trip("walk.outcome-unmapped", f"{self.id}: {outcome}")
