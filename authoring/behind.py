"""Where a walk takes the ways out of an action behind.

The action goes on while questions are asked. That it was refused, or could not be done, is dealt
with at the first step that reads its result, and never where nobody reads it.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.parts import Target
from engine.steps.base import Step
from engine.steps.do import Do
from engine.steps.end import End

AT_ITS_PLACE = frozenset({"next", "skipped", "again", "declined"})
"""Ways that are taken where the action stands: an approval comes before it."""


def taken_later(step: Step) -> list[Target]:
    """Return the ways out of a step that a walk takes from the first reader of its result."""
    if not isinstance(step, Do) or not step.behind:
        return []
    return [target for target in step.targets() if target.exit not in AT_ITS_PLACE]


def reads_result(step: Step, action: Step, saved: Collection[str]) -> bool:
    """Return whether a step waits for an action behind.

    `saved` names the values that callers save of the journey: its ends read those.
    """
    needs = saved if isinstance(step, End) else step.needs
    return any(name in needs for name in action.writes())
