"""Values read before they are set."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding


class Unassigned(Check):
    """A step reads a value that some path to it does not set.

    On that path the value would be missing: a text with a hole, an action without its order number.
    Set it on every path, or say that it may be missing with `known(x)`, `default(x, …)` or a `when:
    known(x)`.

    Wrong:
    ```yaml
    - id: have
      ask: {has_order: {type: yes_no, yes: {next: number}, no: {next: answer}}}
    - {id: number, ask: {order_id: text}}
    - {id: answer, say: "Commande {order_id}."}      # not set when the answer was no
    ```
    Right:
    ```yaml
    - id: have
      ask: {has_order: {type: yes_no, yes: {next: number}, no: {next: answer}}}
    - {id: number, ask: {order_id: text}}
    - {id: answer, when: known(order_id), say: "Commande {order_id}."}
    ```
    """

    code = "data.unassigned"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield each value a reachable step reads without its being surely set."""
        for place in sorted(subject.flow.order):
            lacking = subject.robot.needs[place] & ~subject.sure[place]
            if not lacking:
                continue
            step = subject.flow.steps[place]
            said: set[str] = set()
            for read in subject.reads[place]:
                if read.name in said or read.name not in subject.names:
                    continue
                if subject.names.read(read.name) & lacking:
                    said.add(read.name)
                    yield self.found(
                        subject,
                        step.id,
                        *read.keys,
                        message=(
                            f"'{read.name}' is read here, and some path to step "
                            f"'{step.id}' does not set it."
                        ),
                        hint=(
                            f"Set it on every path, or guard it: `known({read.name})`, "
                            f"`default({read.name}, …)`."
                        ),
                    )
