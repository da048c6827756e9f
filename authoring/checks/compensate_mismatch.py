"""Actions whose undoing makes no sense."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject
from authoring.findings import Finding


class CompensateMismatch(Check):
    """What undoes an action does not fit it.

    `on_amend: compensate` needs a `compensate:` operation; one that only reads undoes nothing; and
    an irreversible action cannot be undone.

    Wrong:
    ```yaml
    - {id: resend, do: oms.resend, with: {id: order_id}, on_amend: compensate, by_hand: {…}}
    ```
    Right:
    ```yaml
    - id: resend
      do: oms.resend
      with: {id: order_id}
      compensate: oms.cancel_resend
      on_amend: compensate
      by_hand: {…}
    ```
    """

    code = "safety.compensate"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the actions whose undoing makes no sense."""
        for _, step in actions(subject):
            why = None
            if step.on_amend == "compensate" and step.compensate is None:
                why, key = "says `on_amend: compensate` and names no operation to do it", "on_amend"
            elif step.compensate is not None and step.compensate.effect == "read":
                why, key = f"is undone by '{step.compensate.id}', which only reads", "compensate"
            elif step.compensate is not None and step.irreversible:
                why, key = "is irreversible, and names an operation to undo it", "compensate"
            elif step.compensate is not None and step.effect == "read":
                why, key = "only reads, and names an operation to undo it", "compensate"
            else:
                continue
            yield self.found(
                subject,
                step.id,
                key,
                message=f"Action '{step.id}' {why}.",
                hint="Correct `compensate:` or `on_amend:`.",
            )
