"""Journeys opened by themselves that may only be called."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Survey
from authoring.findings import Finding


class NotStartable(Check):
    """A declaration leads to a journey that may only be called.

    A customer who declares it could not be served: `start: false` keeps the journey for calls.

    Wrong:
    ```yaml
    declarations: {compte.acces: client.identification}   # client.identification says `start:
    false`
    ```
    Right:
    ```yaml
    declarations: {compte.acces: compte.acces}
    ```
    """

    code = "graph.not-startable"
    severity = "error"

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the declarations whose journey cannot be started."""
        for code, journey_id in survey.library.declarations.items():
            journey = survey.library.journeys.get(journey_id)
            if journey is not None and not journey.startable:
                yield self.found_in(
                    survey,
                    "library.yaml",
                    "declarations",
                    code,
                    message=(
                        f"Declaration '{code}' leads to '{journey_id}', which may only be "
                        "called (`start: false`)."
                    ),
                    hint="Name a journey that may be started.",
                )
