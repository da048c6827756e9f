"""What operations and journeys require and are not given."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from authoring.checks.base import Check
from authoring.checks.do_steps import actions
from authoring.checks.survey import Subject, Survey
from authoring.findings import Finding
from engine.model import Field
from engine.steps.call import Call
from engine.steps.goto_journey import GotoJourney


class MissingParameter(Check):
    """An action is not given what its operation requires, or a call what the journey requires.

    A digression and a system journey are given nothing: theirs must all be optional.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, saves: {order: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    ```
    """

    code = "safety.missing-parameter"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the required parameters left out."""
        for _, action in actions(subject):
            left_out = _required(action.operation.inputs, action.inputs)
            if left_out:
                yield self._finding(subject, action.id, of=action.operation.id, left_out=left_out)
        for step in subject.flow.steps:
            if isinstance(step, Call | GotoJourney) and step.journey in subject.library.journeys:
                called = subject.library.journeys[step.journey]
                left_out = _required(called.inputs, step.inputs)
                if left_out:
                    yield self._finding(subject, step.id, of=called.id, left_out=left_out)

    def _finding(self, subject: Subject, step_id: str, *, of: str, left_out: list[str]) -> Finding:
        step = subject.journey.steps[step_id]
        return self.found(
            subject,
            step_id,
            "with" if getattr(step, "inputs", None) else step.KIND,
            message=f"'{of}' requires {', '.join(left_out)}.",
            hint=f"Write `with: {{{left_out[0]}: …}}`.",
        )

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the journeys opened by an actor or the engine that require something."""
        given_nothing = [
            ("digressions", at, one) for at, one in enumerate(survey.library.digressions)
        ]
        named: list[tuple[str, str | int, str]] = [*given_nothing]
        named += [("system", role, one) for role, one in survey.library.system.items()]
        for key, place, journey_id in named:
            journey = survey.library.journeys.get(journey_id)
            left_out = [] if journey is None else _required(journey.inputs, ())
            if left_out:
                yield self.found_in(
                    survey,
                    "library.yaml",
                    key,
                    place,
                    message=f"'{journey_id}' requires {', '.join(left_out)}, and is given nothing.",
                    hint=f"Say `required: false` of {left_out[0]} in that journey.",
                )


def _required(inputs: Mapping[str, Field], given: Container[str]) -> list[str]:
    """Return the names that must be given and are not."""
    return [name for name, question in inputs.items() if question.required and name not in given]
