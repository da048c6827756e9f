"""Journeys that call themselves."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.components import circles
from authoring.checks.survey import Survey
from authoring.findings import Finding
from engine.steps.call import Call
from engine.steps.goto_journey import GotoJourney


class Recursion(Check):
    """A journey calls itself, directly or through others.

    Calls wait for one another, so that such a conversation goes deeper until its bound trips. A
    jump (`goto_journey`) takes the place of its journey and may well lead back.

    Wrong:
    ```yaml
    journey: client.identification
    steps:
      - {id: retry, call: client.identification}
      - {id: done, end: resolved}
    ```
    Right:
    ```yaml
    journey: client.identification
    steps:
      - {id: name, say: "Votre nom ?", ask: {name: text}, again: 2, otherwise: unknown}
      - {id: done, end: resolved}
      - {id: unknown, end: refused}
    ```
    """

    code = "graph.recursion"
    severity = "error"

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield every call that lies on a circle of calls and jumps."""
        journeys = list(survey.library.journeys)
        number = {journey: place for place, journey in enumerate(journeys)}
        edges: dict[int, list[int]] = {}
        for journey in survey.library.journeys.values():
            edges[number[journey.id]] = [
                number[step.journey]
                for step in journey.steps.values()
                if isinstance(step, (Call, GotoJourney)) and step.journey in number
            ]
        for group in circles(edges):
            members = {journeys[place] for place in group}
            for journey_id in sorted(members):
                subject = survey.subject(journey_id)
                for step in subject.journey.steps.values():
                    if isinstance(step, Call) and step.journey in members:
                        yield self.found(
                            subject,
                            step.id,
                            "call",
                            message=(
                                f"'{journey_id}' calls '{step.journey}', which leads back to it."
                            ),
                            hint=(
                                "Go round inside one journey, with `again:` as a bound; "
                                "or jump with `goto_journey`."
                            ),
                        )
