"""Codes that are not leaves of their list."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.checks.taken_codes import taken
from authoring.findings import Finding


class NotLeaf(Check):
    """A code is taken that has finer ones below it.

    Only leaves are taken: a parent would count apart from its children, and its share would mean
    nothing.

    Wrong:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison}
    ```
    Right:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison.information}
    ```
    """

    code = "trace.not-a-leaf"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the parents taken as codes."""
        for step in subject.flow.steps:
            for one in taken(step):
                entries = subject.library.codes.get(one.code.axis, {})
                entry = entries.get(one.code.code)
                if entry is None or entry.leaf:
                    continue
                below = sorted(code for code in entries if code.startswith(f"{entry.code}."))
                yield self.found(
                    subject,
                    step.id,
                    *one.keys,
                    message=f"'{entry.code}' has finer codes below it: one of them must be taken.",
                    hint=f"There are: {', '.join(below[:6])}{' …' if len(below) > 6 else ''}.",
                )
