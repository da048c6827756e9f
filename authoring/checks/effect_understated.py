"""Actions said to be safer than they are."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding

STRENGTH = ("read", "idempotent", "keyed", "unsafe")
"""Effects, the one that may be repeated most freely first."""


class EffectUnderstated(Check):
    """A step says an action may be repeated more freely than its operation declares.

    Here `bank.refund` is declared unsafe in connectors.yaml.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: read, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, by_hand: {…}}
    ```
    """

    code = "safety.effect-understated"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions said to be safer than they are.

        `keyed` may be said of any operation.
        """
        for _, step in actions(subject):
            said, declared = step.effect, step.operation.effect
            if said in {"read", "idempotent"} and STRENGTH.index(said) < STRENGTH.index(declared):
                yield self.found(
                    subject,
                    step.id,
                    "effect",
                    message=(
                        f"'{step.operation.id}' is declared {declared}, and step "
                        f"'{step.id}' says {said}."
                    ),
                    hint="Remove `effect`, or correct connectors.yaml.",
                )
