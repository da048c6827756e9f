"""The three axes, proved on every path."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.flow import AXIS_BIT
from authoring.checks.survey import Subject
from authoring.checks.ways import Way
from authoring.findings import Finding

VERB = {"declaration": "declares", "qualification": "qualifies", "action": "acts"}


class MissingAxis(Check):
    """A path reaches `resolved` or `refused` without a declaration, a qualification or an action.

    What the customer declared, what was found and what was done are coded from the path; on this
    one, nobody would know. Other outcomes say by themselves that an axis was not reached, and
    journeys that are only called need not code. An option without a code is a path without.

    Wrong:
    ```yaml
    - id: motive
      declares: livraison.suivi
      say: "Que se passe-t-il ?"
      ask:
        complaint:
          type: choice
          options:
            - {id: late, label: En retard, qualifies: transport.retard}
            - {id: damaged, label: Abîmé}
    - {id: told, say: "C'est noté.", acts: livraison.information}
    - {id: solved, end: resolved}
    ```
    Right:
    ```yaml
    - id: motive
      declares: livraison.suivi
      say: "Que se passe-t-il ?"
      ask:
        complaint:
          type: choice
          options:
            - {id: late, label: En retard, qualifies: transport.retard}
            - {id: damaged, label: Abîmé, qualifies: transport.casse}
    - {id: told, say: "C'est noté.", acts: livraison.information}
    - {id: solved, end: resolved}
    ```
    """

    code = "trace.missing-axis"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield one finding an end and axis, with a path that lacks it."""
        if not subject.journey.startable:
            return
        for place, way, missing in subject.lacks():
            step = subject.flow.steps[place]
            for axis, bit in AXIS_BIT.items():
                if not missing & bit:
                    continue
                path = " → ".join(_without(subject, place, bit))
                where = f"'{step.id}'" if way is None else f"'{way.journey}' through '{step.id}'"
                yield self.found(
                    subject,
                    step.id,
                    message=f"A path comes to {where} without a code of the {axis} axis: {path}.",
                    hint=f"Give `{VERB[axis]}` to a step, an option or a rule of this path.",
                )


def _without(subject: Subject, goal: int, bit: int) -> list[str]:
    """Return the shortest path to a step none of whose ways codes an axis.

    Its steps, with the exits that matter.
    """
    flow = subject.flow
    came: dict[int, Way] = {}
    todo = [flow.start]
    seen = {flow.start}
    for place in todo:
        if place == goal:
            break
        for way in flow.out[place]:
            if way.target >= 0 and way.target not in seen and not way.marks & bit:
                seen.add(way.target)
                came[way.target] = way
                todo.append(way.target)
    path: list[str] = [flow.steps[goal].id]
    place = goal
    while place in came:
        way = came[place]
        place = way.source
        plain = way.exit in {"next", "resolved"}
        # An action behind comes to nothing where its result is read.
        whose = "" if way.of is None else f"{flow.steps[way.of].id} "
        path.append(
            flow.steps[place].id if plain else f"{flow.steps[place].id} ({whose}{way.exit})"
        )
    path.reverse()
    return [*path[:3], "…", *path[-3:]] if len(path) > 7 else path
