"""What operations require and are not given."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding


class MissingParameter(Check):
    """An action is not given what its operation requires.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, saves: {order: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    ```
    """

    code = "safety.missing-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the required parameters left out."""
        for _, step in actions(subject):
            left_out = [
                name
                for name, question in step.operation.inputs.items()
                if question.required and question.default is None and name not in step.inputs
            ]
            if left_out:
                yield self.found(
                    subject,
                    step.id,
                    "with" if step.inputs else "do",
                    message=f"'{step.operation.id}' requires {', '.join(left_out)}.",
                    hint=f"Write `with: {{{left_out[0]}: …}}`.",
                )
