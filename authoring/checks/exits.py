"""Where a way out of a step is written."""

from __future__ import annotations

from authoring.checks.reads import Keys
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.decide import Decide
from engine.steps.do import Do

KEYS: dict[str, Keys] = {
    "next": ("next",),
    "resolved": ("next",),
    "none": ("none",),
    "skipped": ("else",),
    "again": ("otherwise",),
    "failed": ("otherwise",),
}


def exit_keys(step: Step, exit_name: str) -> Keys:
    """Return the keys that lead from a step to one of its ways out, by the exit's name."""
    if isinstance(step, Ask):
        for question in step.questions:
            for place, option in enumerate(question.options):
                if question.name == step.router and option.exit == exit_name:
                    yes_no = question.type.name == "yes_no"
                    where: Keys = (option.id,) if yes_no else ("options", place)
                    return ("ask", question.name, *where, "next")
    if isinstance(step, Decide):
        for place, rule in enumerate(step.rules):
            if rule.exit == exit_name:
                return ("decide", place, "next")
        if exit_name == "none":
            return ("on", "none")
    if isinstance(step, Do) and exit_name == "declined":
        return ("approve", "otherwise")
    if isinstance(step, Do) and exit_name.startswith("refused"):
        reason = exit_name.partition(":")[2]
        return ("on", "refused", reason) if reason else ("on", "refused")
    if isinstance(step, Approve) and exit_name == "refused":
        return ("on", "refused")
    return KEYS.get(exit_name, ("on", exit_name))
