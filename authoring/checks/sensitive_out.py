"""Sensitive values sent out."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding


class SensitiveOut(Check):
    """A sensitive value is sent to an operation that does not say it takes one.

    Wrong:
    ```yaml
    - {id: card, say: "Votre numéro ?", ask: {number: {type: text, sensitive: true}}}
    - {id: send, do: crm.note, with: {text: number}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: card, say: "Votre numéro ?", ask: {number: {type: text, sensitive: true}}}
    - {id: send, do: crm.note, with: {text: '"vérifié"'}, by_hand: {…}}
    ```
    Where the operation is made for it, declare its input `sensitive` in connectors.yaml.
    """

    code = "safety.sensitive-out"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the inputs of actions that read a sensitive value and are not declared to."""
        secret = {
            question.name
            for step in subject.flow.steps
            for question in step.fields()
            if question.sensitive or step.sensitive
        }
        for _, step in actions(subject):
            operation = step.operation
            secret |= {
                f"{name}.{part}" if source == "result" else name
                for name, source in step.saves.items()
                for part in operation.sensitive
                if source in {"result", f"result.{part}"}
            }
        if not secret:
            return
        for _, step in actions(subject):
            for name, expression in step.inputs.items():
                declared = step.operation.inputs.get(name)
                allowed = name in step.operation.sensitive or (
                    declared is not None and declared.sensitive
                )
                sent = sorted(read for read in expression.reads if read in secret)
                if sent and not allowed:
                    yield self.found(
                        subject,
                        step.id,
                        "with",
                        name,
                        message=(
                            f"Sensitive '{sent[0]}' is sent to '{step.operation.id}' as '{name}'."
                        ),
                        hint=(
                            "Do not send it; or list the input under `sensitive:` of the "
                            "operation in connectors.yaml."
                        ),
                    )
