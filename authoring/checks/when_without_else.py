"""Actions under a condition that do not say where else to go."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding


class WhenWithoutElse(Check):
    """An action under a condition does not say where to go when the condition is not true.

    Somebody reading the journey could not tell whether an action left out on purpose is one
    forgotten.

    Wrong:
    ```yaml
    - {id: resend, when: 'amount > 10 EUR', do: oms.resend, with: {id: x}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: resend, when: 'amount > 10 EUR', else: a, do: oms.resend, with: {id: x}, by_hand: {…}}
    ```
    """

    code = "safety.when-without-else"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions with `when` and without `else`."""
        for _, step in actions(subject):
            if step.when is not None and step.otherwise_when is None:
                yield self.found(
                    subject,
                    step.id,
                    "when",
                    message=(
                        f"Action '{step.id}' has a `when` and does not say where to go "
                        "when it is not true."
                    ),
                    hint="Write `else:` with the id of a step.",
                )
