"""What a session contributes to its customer and ticket.

The values of fields bound to a fact of the library.

Only these are shared beyond the session; what a correction undoes is contributed no longer. Source:
semantics.md 6.
"""

from __future__ import annotations

from typing import Final

from engine.answers.choice import Choice
from engine.events import Json
from engine.model import Fact, Library
from engine.state import State

SEGMENT: Final = "customer.segment"
"""The fact that says in which segment a customer is: figures are cut by it."""


def is_listed(fact: Fact) -> bool:
    """Return whether a fact takes the codes of a written list alone, so that none is a name."""
    return isinstance(fact.type, Choice) and fact.type.options is not None


def contributed(library: Library, state: State) -> dict[str, tuple[Json, int]]:
    """Return fact name -> (value, when it was given, ms UTC) of the live path.

    The last one given holds.

    Values that were only taken over from what was known are not contributions.
    """
    found: dict[str, tuple[Json, int]] = {}
    for visit in state.path:
        if not visit.values or visit.run not in state.runs:
            continue
        step = library.journeys[state.runs[visit.run].journey].steps.get(visit.step)
        if step is None:
            continue
        for field in step.fields():
            if field.fact is None or field.name not in visit.values:
                continue
            if (visit.source or {}).get(field.name) != "known":
                found[field.fact] = (visit.values[field.name], visit.left_at or visit.at)
    return found
