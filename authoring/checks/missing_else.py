"""Decisions that may have no rule to follow."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.expressions import nodes
from engine.steps.decide import Decide


class MissingElse(Check):
    """A decision whose rules may all fail to hold.

    A value may be missing, and then no comparison is true. A list of rules ends in `else`, unless
    one rule is exactly the contrary of another and cannot be missing (`known(x)`, `not known(x)`).

    Wrong:
    ```yaml
    - id: cause
      decide:
        - {when: 'order.status == "suspended"', next: card}
        - {when: 'order.status != "suspended"', next: carrier}
    ```
    Right:
    ```yaml
    - id: cause
      decide:
        - {when: 'order.status == "suspended"', next: card}
        - {else: true, next: carrier}
    ```
    """

    code = "graph.missing-else"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the decisions that are neither closed by `else` nor complete."""
        for step in subject.flow.steps:
            if not isinstance(step, Decide) or step.table is not None or _complete(step):
                continue
            yield self.found(
                subject,
                step.id,
                "decide",
                message=(
                    f"Decision '{step.id}' has no `else`: when no rule holds, or a value "
                    "is missing, it leads nowhere."
                ),
                hint="End its rules with `- {else: true, next: …}`.",
            )


def _complete(step: Decide) -> bool:
    known: set[str] = set()
    unknown: set[str] = set()
    for rule in step.rules:
        if rule.when is None:
            return True
        ast = rule.when.ast
        negated = isinstance(ast, nodes.Not)
        inner = ast.operand if isinstance(ast, nodes.Not) else ast
        if (
            isinstance(inner, nodes.Call)
            and inner.function == "known"
            and isinstance(inner.arguments[0], nodes.Name)
        ):
            (unknown if negated else known).add(inner.arguments[0].dotted)
        elif isinstance(inner, nodes.Literal) and inner.value is True and not negated:
            return True
    return bool(known & unknown)
