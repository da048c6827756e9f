"""Journeys that the library does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from authoring.checks.base import Check
from engine.steps.call import Call
from engine.steps.goto_journey import GotoJourney

if TYPE_CHECKING:
    from authoring.checks.survey import Subject, Survey
    from authoring.findings import Finding
from authoring.checks.nearest import near


class UnknownJourney(Check):
    """A call, a jump, a digression or a declaration leads to a journey the library does not have.

    Wrong:
    ```yaml
    - {id: identify, call: client.identificaton}
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification}
    ```
    """

    code = "graph.unknown-journey"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the calls and jumps to nowhere."""
        for step in subject.flow.steps:
            if (
                isinstance(step, (Call, GotoJourney))
                and step.journey not in subject.library.journeys
            ):
                yield self.found(
                    subject,
                    step.id,
                    step.KIND,
                    message=f"The library has no journey '{step.journey}'.",
                    hint=near(step.journey, subject.library.journeys),
                )

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the entries of library.yaml that name no journey."""
        journeys = survey.library.journeys
        for code, journey in survey.library.declarations.items():
            if journey not in journeys:
                yield self._entry(survey, journey, "declarations", code)
        for place, journey in enumerate(survey.library.digressions):
            if journey not in journeys:
                yield self._entry(survey, journey, "digressions", place)

    def _entry(self, survey: Survey, journey: str, *keys: str | int) -> Finding:
        return self.found_in(
            survey,
            "library.yaml",
            *keys,
            message=f"The library has no journey '{journey}'.",
            hint=near(journey, survey.library.journeys),
        )
