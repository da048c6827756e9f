"""An outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.model import OUTCOMES, Target
from engine.steps.base import Step


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
