"""Calls that provide for an outcome that cannot come."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.call import Call


class UnknownOutcome(Check):
    """A call provides for an outcome the called journey does not have.

    The way can never be taken: the outcome was renamed, or is misspelt.

    Wrong:
    ```yaml
    - {id: identify, call: client.identification, on: {refused: a, deferred: b}}
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification, on: {refused: a}}
    ```
    """

    code = "graph.unknown-outcome"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the outcomes mapped in vain."""
        for step in subject.flow.steps:
            called = subject.library.journeys.get(step.journey) if isinstance(step, Call) else None
            if called is None or not isinstance(step, Call):
                continue
            possible = set(called.outcomes) | set(subject.survey.outcomes(called.id) or ())
            for outcome in step.on:
                if possible and outcome not in possible:
                    yield self.found(
                        subject,
                        step.id,
                        "on",
                        outcome,
                        message=(
                            f"'{step.journey}' never ends {outcome}: it may end "
                            f"{', '.join(sorted(possible))}."
                        ),
                        hint="Remove this way, or correct its name.",
                    )
