"""Questions whose answers serve nothing."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.model import Field
from engine.steps.ask import Ask
from engine.steps.transfer import Transfer

MEASURED = frozenset({"rating", "consent", "file"})
"""Answers that serve by being given: measured, proved, or kept."""


class Waste(Check):
    """A question is asked whose answer is never read, nor routes, nor codes.

    Each costs the customer seconds that nothing gives back. Use the answer, or do not ask.

    Wrong:
    ```yaml
    - {id: colour, say: "Quelle couleur ?", ask: {colour: text}}
    - {id: solved, end: resolved}
    ```
    Right:
    ```yaml
    - {id: colour, say: "Quelle couleur ?", ask: {colour: text}}
    - {id: noted, say: "C'est noté : {colour}."}
    - {id: solved, end: resolved}
    ```
    """

    code = "data.waste"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the fields of asks that serve nothing."""
        journey = subject.journey
        if subject.left_out or journey.id in subject.library.system.values():
            # Satisfaction, incidents and the like are asked to be measured.
            return
        used = set(journey.outputs or ())
        used |= subject.survey.saved_by_callers.get(journey.id, frozenset())
        for invariant in journey.invariants:
            used |= {name.partition(".")[0] for name in invariant.requires.reads}
        for step in subject.flow.steps:
            used |= step.needs | step.qualified
            if isinstance(step, Transfer):
                used |= {name.partition(".")[0] for name in step.context}
        for step in subject.flow.steps:
            if not isinstance(step, Ask) or step.offer is not None or step.id in used:
                continue
            for question in step.questions:
                if question.name not in used and not _serves(question, step):
                    yield self.found(
                        subject,
                        step.id,
                        "ask",
                        question.name,
                        message=(
                            f"'{question.name}' is asked, and nothing reads it: it "
                            "neither routes nor codes."
                        ),
                        hint="Use the answer, or remove the question.",
                    )


def _serves(question: Field, step: Ask) -> bool:
    if question.fact is not None or question.type.name in MEASURED or question.name == step.router:
        return True
    return any(option.codes or option.next for option in question.options)
