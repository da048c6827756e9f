"""A way that leads to a step that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from authoring.checks.base import Check
from authoring.checks.exits import exit_keys
from authoring.checks.survey import Subject
from authoring.findings import Finding


class UnknownTarget(Check):
    """A step, an option or a rule leads to a step the journey does not have.

    Nobody could go on from there: the session would end in the failure journey.

    Wrong:
    ```yaml
    - {id: hello, say: "Bonjour.", next: goodby}
    - {id: goodbye, end: resolved}
    ```
    Right:
    ```yaml
    - {id: hello, say: "Bonjour.", next: goodbye}
    - {id: goodbye, end: resolved}
    ```
    """

    code = "graph.unknown-target"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the ways out that name no step."""
        steps = subject.journey.steps
        said: set[tuple[str, str]] = set()
        for ways in subject.flow.out:
            for way in ways:
                name = way.target_id
                step = subject.flow.steps[way.source].id
                if name is None or name in steps or name in subject.left_out:
                    continue
                if (step, name) in said:
                    continue
                said.add((step, name))
                near = get_close_matches(name, steps, 1)
                yield self.found(
                    subject,
                    step,
                    *exit_keys(subject.flow.steps[way.source], way.exit),
                    message=(
                        f"'{way.exit}' of step '{step}' leads to '{name}', which is not a "
                        "step of this journey."
                    ),
                    hint=f"Did you mean '{near[0]}'?"
                    if near
                    else "Write the id of a step of this journey.",
                )
