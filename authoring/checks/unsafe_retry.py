"""Actions that must not be repeated."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding


class UnsafeRetry(Check):
    """An action that may not be repeated is told to retry.

    When the answer is lost, the action may have been done: trying again would do it twice.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: unsafe, retries: 2, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, effect: unsafe, by_hand: {…}}
    ```
    """

    code = "safety.unsafe-retry"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the unsafe actions with retries."""
        for _, step in actions(subject):
            if step.effect == "unsafe" and step.says_retries:
                yield self.found(
                    subject,
                    step.id,
                    "retries",
                    message=(
                        f"Action '{step.id}' is unsafe and must not be retried: it might "
                        "be done twice."
                    ),
                    hint=(
                        "Remove `retries`; or say `effect: keyed` if the connector takes "
                        "an idempotency key."
                    ),
                )
