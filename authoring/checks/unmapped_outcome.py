"""Calls that do not say where an outcome leads."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.call import Call


class UnmappedOutcome(Check):
    """A called journey may end in a way the caller does not provide for.

    `resolved` goes on below; every other outcome of the called journey needs its way under `on:`.

    Wrong:
    ```yaml
    - {id: identify, call: client.identification}        # which may end refused
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification, on: {refused: not_identified}}
    ```
    """

    code = "graph.unmapped-outcome"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the calls that leave outcomes open."""
        for step in subject.flow.steps:
            if not isinstance(step, Call):
                continue
            called = subject.library.journeys.get(step.journey)
            if called is None:
                continue
            # What it declares, and what it ends in all the same.
            possible = dict.fromkeys(
                (*called.outcomes, *(subject.survey.outcomes(called.id) or ()))
            )
            open_ones = [name for name in possible if name != "resolved" and name not in step.on]
            if open_ones:
                named = ", ".join(open_ones)
                yield self.found(
                    subject,
                    step.id,
                    "on" if step.on else "call",
                    message=(
                        f"'{step.journey}' may end {named}, and step '{step.id}' does not "
                        "say where that leads."
                    ),
                    hint=f"Write `on: {{{open_ones[0]}: …}}`.",
                )
