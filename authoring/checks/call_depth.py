"""Journeys that open one another deeper than a walk may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from authoring.checks.base import Check
from authoring.checks.components import circles
from authoring.checks.survey import Survey
from authoring.findings import Finding
from engine.steps.call import Call
from engine.steps.goto_journey import GotoJourney
from engine.walk import DEPTH_BOUND

Opening = Call | GotoJourney


class CallDepth(Check):
    """A journey opens another, which opens another, and so on deeper than a walk may go.

    A session holds sixteen journeys open at once, called or jumped to; one more and it ends in the
    failure journey. Circles of calls are told by `graph.recursion`.

    Wrong:
    ```yaml
    journey: delivery          # calls delivery.late, which calls … seventeen deep
    steps:
      - {id: late, call: delivery.late}
      - {id: done, end: resolved}
    ```
    Right:
    ```yaml
    journey: delivery          # what delivery.late asked is asked here
    steps:
      - {id: late, ask: {late: {type: yes_no, label: "Est-il en retard ?"}}}
      - {id: done, end: resolved}
    ```
    """

    code = "graph.call-depth"
    severity = "error"

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield one finding a chain, where it becomes too deep."""
        journeys = survey.library.journeys
        openings = {
            name: [
                step
                for step in journey.steps.values()
                if isinstance(step, Opening) and step.journey in journeys
            ]
            for name, journey in journeys.items()
        }
        depths = _depths(openings)
        for name, depth in depths.items():
            if depth != DEPTH_BOUND + 1:
                continue
            step = next(one for one in openings[name] if depths[one.journey] == DEPTH_BOUND)
            yield self.found(
                survey.subject(name),
                step.id,
                "call" if isinstance(step, Call) else "goto_journey",
                message=(
                    f"From '{name}' on, {depth} journeys open one another; a walk holds "
                    f"{DEPTH_BOUND} at once."
                ),
                hint="Put the steps of some of them into the journeys that open them.",
            )


def _depths(openings: Mapping[str, Sequence[Opening]]) -> dict[str, int]:
    """Return how many journeys are open at most from each on; one on a circle counts alone."""
    number = {name: place for place, name in enumerate(openings)}
    names = list(openings)
    edges = {number[a]: [number[one.journey] for one in b] for a, b in openings.items()}
    turning = {names[place] for group in circles(edges) for place in group}
    depths = dict.fromkeys(turning, 1)
    for first in names:
        todo = [first]
        while todo:
            below = [one.journey for one in openings[todo[-1]]]
            unknown = [name for name in below if name not in depths]
            if todo[-1] in depths:
                todo.pop()
            elif unknown:
                todo += unknown
            else:
                depths[todo.pop()] = 1 + max((depths[name] for name in below), default=0)
    return depths
