"""Irreversible actions before anybody was identified."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.flow import IDENTIFIED
from authoring.checks.survey import Subject
from authoring.findings import Finding


class Unidentified(Check):
    """An irreversible action may be done before anybody was identified.

    What cannot be undone should not be done for somebody else. A question or a call whose `time` is
    `identification`, or an invariant on the step, counts as identification.

    Wrong:
    ```yaml
    - {id: refund, do: bank.refund, with: {id: order_id}, irreversible: true, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: identify, call: client.identification, time: identification, on: {refused: sorry}}
    - {id: refund, do: bank.refund, with: {id: order_id}, irreversible: true, by_hand: {…}}
    ```
    """

    code = "safety.unidentified"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the irreversible actions that some path reaches without identification."""
        assured = {invariant.reach for invariant in subject.journey.invariants}
        reached = set(subject.flow.order)
        for place, step in actions(subject):
            final = step.irreversible or step.operation.irreversible
            if not final or step.id in assured or step.requires is not None or place not in reached:
                continue
            if not subject.sure[place] & IDENTIFIED:
                yield self.found(
                    subject,
                    step.id,
                    "do",
                    message=(
                        f"Irreversible action '{step.id}' may be done before anybody was "
                        "identified."
                    ),
                    hint=(
                        "Identify first (a step with `time: identification`), or state "
                        "an invariant."
                    ),
                )
