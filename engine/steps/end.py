"""An outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.parts import OUTCOMES, Target
from engine.steps.base import Step

if TYPE_CHECKING:
    from engine.places import Here
    from engine.walk import Walk


@dataclass(slots=True, kw_only=True, eq=False)
class End(Step):
    """How the journey ends; a called journey returns to its caller with this outcome.

    ```yaml
    - {id: solved, end: resolved}
    ```
    """

    KIND: ClassVar[str] = "end"
    SCHEMA: ClassVar[Mapping[str, Any]] = {"end": {"enum": list(OUTCOMES)}}

    outcome: str

    def targets(self) -> Iterable[Target]:
        """Yield nothing but what any step may have."""
        return self.common_targets()

    def arrive(self, walk: Walk, here: Here) -> None:
        """End the run, once what was told has been acknowledged."""
        if walk.halts(here):
            return
        walk.leave(here, self.outcome, None, codes=self.codes)
        walk.close(here.run, self.outcome, here.visit)
