"""Where a walk is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.steps.base import Step


@dataclass(slots=True)
class Here:
    """Where the walk is: a step of a run, at its k-th occurrence, reached from `came`.

    `visit` once it is entered.
    """

    run: str
    step: Step
    occ: int
    came: str
    today: str
    visit: int
    entered: bool = False
