"""Values given to what takes values of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.expressions import Expression
from engine.kinds import Kind, joins
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.decide import Decide
from engine.steps.do import Do
from engine.steps.goto_journey import GotoJourney

WRITTEN_AS_TEXT = frozenset({"text", "choice", "date", "time"})
"""Kinds whose values are texts in JSON: they may be given where a text is taken."""


class WrongType(Check):
    """An action, a journey or a table is given a value of another kind than it takes.

    Nothing looks at it again before the other system does, which then refuses it or, worse, takes
    it for something else.

    Wrong:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: 'weight + 1'}, saves: {o: result}, by_hand: {…}}
    ```
    Right:
    ```yaml
    - {id: order, do: oms.get_order, with: {id: order_id}, saves: {o: result}, by_hand: {…}}
    ```
    """

    code = "data.wrong-type"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield what is given where no value of its kind fits."""
        for step in subject.flow.steps:
            for keys, of, given, taken in _handed(subject, step):
                for name, value in given.items():
                    kind = taken.get(name)
                    if kind is not None and not _fits(value.kind, kind):
                        yield self.found(
                            subject,
                            step.id,
                            *keys,
                            name,
                            message=(
                                f"'{name}' of '{of}' takes a {kind.describe()}, and is given a "
                                f"{value.kind.describe()}."
                            ),
                            hint=(
                                "Write it as a text with `text(…)`."
                                if kind.name == "text"
                                else f"Give it a value that is a {kind.describe()}."
                            ),
                        )


def _handed(
    subject: Subject, step: Step
) -> Iterator[tuple[tuple[str, ...], str, Mapping[str, Expression], dict[str, Kind]]]:
    """Yield what a step hands over: under which keys, to what, the values, the kinds taken."""
    if isinstance(step, Do):
        kinds = {name: one.type.kind for name, one in step.operation.inputs.items()}
        yield ("with",), step.operation.id, step.inputs, kinds
    elif isinstance(step, Call | GotoJourney) and step.journey in subject.library.journeys:
        called = subject.library.journeys[step.journey]
        kinds = {name: one.type.kind for name, one in called.inputs.items()}
        yield ("with",), called.id, step.inputs, kinds
    elif isinstance(step, Decide) and step.table is not None:
        kinds = {one.name: one.kind for one in step.table.table.inputs}
        yield ("decide", "with"), step.table.table.id, step.table.inputs, kinds


def _fits(given: Kind, taken: Kind) -> bool:
    if taken.name == "text" and given.name in WRITTEN_AS_TEXT:
        return True
    return joins(given, taken) is not None
