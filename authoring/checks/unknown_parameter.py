"""What operations do not take or answer."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.nearest import near
from authoring.checks.survey import Subject
from authoring.findings import Finding


class UnknownParameter(Check):
    """An action is given something its operation does not take.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, with: {ident: order_id}, saves: {o: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {o: result}, by_hand: {…}}
    ```
    """

    code = "safety.unknown-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the parameters that operations and called journeys do not declare."""
        for _, step in actions(subject):
            for name in step.inputs:
                if name not in step.operation.inputs:
                    yield self.found(
                        subject,
                        step.id,
                        "with",
                        name,
                        message=f"'{step.operation.id}' takes no '{name}'.",
                        hint=near(name, step.operation.inputs),
                    )
            for name, source in step.saves.items():
                part = source.partition(".")[2]
                if part and part not in step.operation.output:
                    yield self.found(
                        subject,
                        step.id,
                        "saves",
                        name,
                        message=f"'{step.operation.id}' answers no '{part}'.",
                        hint=near(part, step.operation.output),
                    )
            for reason in step.refused:
                if reason != "else" and reason not in step.operation.refusals:
                    yield self.found(
                        subject,
                        step.id,
                        "on",
                        "refused",
                        reason,
                        message=f"'{step.operation.id}' never refuses with '{reason}'.",
                        hint=near(reason, step.operation.refusals),
                    )
