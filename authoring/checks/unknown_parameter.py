"""What operations and journeys do not take or answer."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.nearest import near
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.call import Call
from engine.steps.goto_journey import GotoJourney


class UnknownParameter(Check):
    """An action is given what its operation does not take, or a call what its journey does not.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, with: {ident: order_id}, saves: {o: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {o: result}, by_hand: {…}}
    ```
    """

    code = "safety.unknown-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the parameters that operations and called journeys do not declare."""
        for _, action in actions(subject):
            for name in action.inputs:
                if name not in action.operation.inputs:
                    yield self.found(
                        subject,
                        action.id,
                        "with",
                        name,
                        message=f"'{action.operation.id}' takes no '{name}'.",
                        hint=near(name, action.operation.inputs),
                    )
            for name, source in action.saves.items():
                part = source.partition(".")[2]
                if part and part not in action.operation.output:
                    yield self.found(
                        subject,
                        action.id,
                        "saves",
                        name,
                        message=f"'{action.operation.id}' answers no '{part}'.",
                        hint=near(part, action.operation.output),
                    )
            for reason in action.refused:
                if reason != "else" and reason not in action.operation.refusals:
                    yield self.found(
                        subject,
                        action.id,
                        "on",
                        "refused",
                        reason,
                        message=f"'{action.operation.id}' never refuses with '{reason}'.",
                        hint=near(reason, action.operation.refusals),
                    )
        for step in subject.flow.steps:
            if isinstance(step, Call | GotoJourney) and step.journey in subject.library.journeys:
                called = subject.library.journeys[step.journey]
                for name in step.inputs:
                    if name not in called.inputs:
                        yield self.found(
                            subject,
                            step.id,
                            "with",
                            name,
                            message=f"'{called.id}' takes no '{name}'.",
                            hint=near(name, called.inputs),
                        )
