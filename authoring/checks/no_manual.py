"""A person behind every robot."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.do import Do


class NoManual(Check):
    """An action has no manual procedure behind it.

    When the connector fails, somebody must be able to do it by hand: the customer does not wait for
    a system to come back.

    Wrong:
    ```yaml
    - {id: resend, do: oms.resend, with: {id: order_id}, effect: keyed}
    ```
    Right:
    ```yaml
    - id: resend
      do: oms.resend
      with: {id: order_id}
      effect: keyed
      by_hand: {say: {advisor: "Créez la réexpédition dans l'OMS."}}
    ```
    """

    code = "safety.no-manual"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions with neither `by_hand` nor `otherwise`."""
        for step in subject.flow.steps:
            if isinstance(step, Do) and step.by_hand is None and step.otherwise is None:
                yield self.found(
                    subject,
                    step.id,
                    "do",
                    message=(
                        f"Action '{step.id}' has no manual procedure: nobody can do it "
                        f"when '{step.operation.id}' fails."
                    ),
                    hint=(
                        "Write `by_hand: {say: …, fills: […]}`, or name the step to go "
                        "to with `otherwise:`."
                    ),
                )
