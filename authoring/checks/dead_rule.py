"""Rules that can never fire."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.decide import Decide


class DeadRule(Check):
    """A rule of a decision can never fire, whatever the path.

    It stands after `else`, or repeats a condition that fired before it: the case it was written for
    is treated otherwise.

    Wrong:
    ```yaml
    - id: cause
      decide:
        - {when: 'order.status == "suspended"', next: card}
        - {when: 'order.status == "suspended"', next: carrier}
        - {else: true, next: reassure}
    ```
    Right:
    ```yaml
    - id: cause
      decide:
        - {when: 'order.status == "suspended"', next: card}
        - {when: 'order.status == "in_transit"', next: carrier}
        - {else: true, next: reassure}
    ```
    """

    code = "data.dead-rule"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the rules after an `else`, and those whose condition stands above."""
        for step in subject.flow.steps:
            if not isinstance(step, Decide):
                continue
            above: set[str] = set()
            closed = False
            for place, rule in enumerate(step.rules):
                text = None if rule.when is None else " ".join(rule.when.text.split())
                if closed or (text is not None and text in above):
                    why = "it stands after `else`" if closed else "its condition stands above"
                    yield self.found(
                        subject,
                        step.id,
                        "decide",
                        place,
                        message=f"Rule {place + 1} of '{step.id}' can never fire: {why}.",
                        hint="Remove it, or correct its condition.",
                    )
                if text is None:
                    closed = True
                else:
                    above.add(text)
