"""Paths that fall off the end of a journey."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.flow import OFF
from authoring.checks.survey import Subject
from authoring.findings import Finding


class DeadEnd(Check):
    """A path comes to the bottom of the journey without an outcome.

    A step without `next` goes on to the one below; below the last there is nothing. The session
    would end in the failure journey.

    Wrong:
    ```yaml
    - {id: hello, say: "Bonjour."}
    ```
    Right:
    ```yaml
    - {id: hello, say: "Bonjour."}
    - {id: solved, end: resolved}
    ```
    """

    code = "graph.dead-end"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the reachable steps with a way to nowhere."""
        for place in sorted(subject.flow.order):
            lost = [
                way.exit
                for way in subject.flow.out[place]
                if way.target == OFF and way.target_id is None and way.journey is None
            ]
            if not lost:
                continue
            step = subject.flow.steps[place]
            hint = "Write an `end` step below it, or give it a `next`."
            if lost == ["again"]:
                hint = "Say with `otherwise` where it leads once `again` is used up."
            yield self.found(
                subject,
                step.id,
                message=(
                    f"Step '{step.id}' falls off the end of the journey "
                    f"({', '.join(dict.fromkeys(lost))})."
                ),
                hint=hint,
            )
