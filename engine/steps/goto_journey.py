"""A jump to another journey that does not return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.expressions import Expression
from engine.parts import Target
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.places import Here
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class GotoJourney(Step):
    """Goes on in another journey, in place of this one: its outcome is this one's.

    ```yaml
    - id: to_refund
      goto_journey: remboursement
      with: {order_id: order_id}
    ```
    """

    KIND: ClassVar[str] = "goto_journey"
    SCHEMA: ClassVar[Mapping[str, Any]] = {
        "goto_journey": {"$ref": "#/$defs/journeyId"},
        "with": {"$ref": "#/$defs/with"},
    }

    journey: str
    inputs: Mapping[str, Expression]

    def targets(self) -> Iterable[Target]:
        """Yield the other journey."""
        yield Target("journey", None, self.journey)
        yield from self.common_targets()

    def expressions(self) -> Iterable[Expression]:
        """Yield what is given to the journey."""
        return self.inputs.values()

    def arrive(self, walk: Walk, here: Here) -> None:
        """Go on in the other journey."""
        inputs = {
            name: value
            for name, value in walk.evaluate(here, self.inputs).items()
            if value is not None
        }
        walk.leave(here, "journey", None, codes=self.codes)
        walk.open(here, self.journey, "jump", inputs=inputs)
