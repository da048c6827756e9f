"""How far a walk is: human stops done, and those still to come on the shortest way."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from engine.evolve import PEOPLE
from engine.model import Journey, Library
from engine.state import State


def remaining(journey: Journey) -> Mapping[str, int]:
    """Return, by step, the human stops on the shortest way from there to an end.

    The step itself is counted.
    """
    if journey.remaining is not None:
        return journey.remaining
    back: dict[str, list[str]] = {}
    ends = deque[str]()
    found: dict[str, int] = {}
    for step in journey.steps.values():
        leads_out = step.KIND in ("end", "goto_journey")
        for target in step.targets():
            if target.step is not None:
                back.setdefault(target.step, []).append(step.id)
        if leads_out:
            found[step.id] = 0
            ends.append(step.id)
    # A breadth-first search with weights 0 and 1: a human step is put behind, another before.
    while ends:
        step_id = ends.popleft()
        for before in back.get(step_id, ()):
            weight = 1 if journey.steps[before].HUMAN else 0
            if before not in found or found[step_id] + weight < found[before]:
                found[before] = found[step_id] + weight
                (ends.append if weight else ends.appendleft)(before)
    journey.remaining = found
    return found


def progress(library: Library, state: State) -> dict[str, Any]:
    """Return {done, left, share}.

    Stops done, stops still to come at best, and the share done in [0, 1].
    """
    done = left = 0
    for visit in state.path:
        if visit.how in PEOPLE:
            done += 1
        elif visit.left_order is None and visit.run in state.runs:
            journey = library.journeys[state.runs[visit.run].journey]
            if journey.steps[visit.step].KIND != "say":
                left += remaining(journey).get(visit.step, 0)
    if state.outcome is not None:
        return {"done": done, "left": 0, "share": 1.0}
    total = done + left
    return {"done": done, "left": left, "share": round(done / total, 3) if total else 0.0}
