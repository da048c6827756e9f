"""Steps no walk can reach."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding


class Unreachable(Check):
    """No path from the first step leads to this one.

    Either something should lead there and does not, or the step can go: it would be read,
    translated and maintained for nothing.

    Wrong:
    ```yaml
    - {id: hello, say: "Bonjour.", next: solved}
    - {id: details, say: "Voici le détail."}
    - {id: solved, end: resolved}
    ```
    Right:
    ```yaml
    - {id: hello, say: "Bonjour."}
    - {id: details, say: "Voici le détail."}
    - {id: solved, end: resolved}
    ```
    """

    code = "graph.unreachable"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first step of every stretch that no path reaches."""
        if subject.left_out:
            return
        reached = set(subject.flow.order)
        led_to = {
            way.target for place, ways in enumerate(subject.flow.out) if place not in reached for
            way in ways
        }  # fmt: skip
        for place, step in enumerate(subject.flow.steps):
            if place in reached or (place in led_to and place - 1 not in reached):
                continue
            yield self.found(
                subject,
                step.id,
                message=f"No path leads to step '{step.id}'.",
                hint="Lead to it with a `next`, an option or a rule; or remove it.",
            )
