"""Journeys that never resolve anything."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney


class NeverResolved(Check):
    """No path of a journey comes to `resolved`.

    A journey a customer may start should be able to solve what brought them.

    Wrong:
    ```yaml
    - {id: hello, say: "Nous ne pouvons rien pour vous."}
    - {id: sorry, end: refused}
    ```
    Right:
    ```yaml
    - id: known
      say: "Avez-vous votre numéro de commande ?"
      ask: {has_order: {type: yes_no, yes: {next: solved}, no: {next: sorry}}}
    - {id: sorry, end: refused}
    - {id: solved, end: resolved}
    ```
    """

    code = "trace.never-resolved"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the journey itself when none of its reachable ends resolves."""
        journey = subject.journey
        if (
            not journey.startable
            or journey.id in subject.library.system.values()
            or not subject.flow.order
            or subject.left_out
        ):
            return
        steps = [subject.flow.steps[place] for place in subject.flow.order]
        if any(
            isinstance(step, GotoJourney) or (isinstance(step, End) and step.outcome == "resolved")
            for step in steps
        ):
            return
        yield self.found(
            subject,
            None,
            "journey",
            message=f"No path of journey '{journey.id}' comes to `resolved`.",
            hint=(
                "Give it an `end: resolved`; or say `start: false` when it only serves "
                "other journeys."
            ),
        )
