"""Steps that keep a promise nobody made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from authoring.checks.base import Check
from authoring.checks.nearest import near

if TYPE_CHECKING:
    from authoring.checks.survey import Subject
    from authoring.findings import Finding


class UnknownPromise(Check):
    """A step keeps the promise of a step that promises nothing, or is not of this journey.

    What was promised would stay owed, and be chased for ever.

    Wrong:
    ```yaml
    - {id: later, say: "On vous rappelle.", promise: {what: "Rappeler", within: 24h}}
    - {id: called, say: "Bonjour.", keeps: latter}
    ```
    Right:
    ```yaml
    - {id: later, say: "On vous rappelle.", promise: {what: "Rappeler", within: 24h}}
    - {id: called, say: "Bonjour.", keeps: later}
    ```
    """

    code = "graph.unknown-promise"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the steps that keep nothing."""
        promising = [step.id for step in subject.flow.steps if step.promise is not None]
        for step in subject.flow.steps:
            name = step.keeps
            if name is not None and name not in promising and name not in subject.left_out:
                yield self.found(
                    subject,
                    step.id,
                    "keeps",
                    message=f"Step '{name}' promises nothing that '{step.id}' could keep.",
                    hint=near(name, promising),
                )
