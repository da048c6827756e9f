"""Stops that tell nothing."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.consult import Consult
from engine.steps.say import Say
from engine.steps.transfer import Transfer


class SilentStop(Check):
    """Somebody is stopped with nothing to read: no saying, no label, no title.

    Wrong:
    ```yaml
    - {id: email, ask: {email: email}}
    ```
    Right:
    ```yaml
    - {id: email, say: "Quelle est votre adresse ?", ask: {email: email}}
    ```
    """

    code = "people.silent-stop"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the stops without any wording."""
        for place in sorted(subject.flow.order):
            step = subject.flow.steps[place]
            if step.say is not None or step.title is not None or not _silent(step):
                continue
            if _told_before(subject, place):
                continue
            yield self.found(
                subject,
                step.id,
                step.KIND,
                message=f"Step '{step.id}' stops somebody and tells them nothing.",
                hint="Give it a `say`, a `title`, or a label.",
            )


def _silent(step: Step) -> bool:
    match step:
        case Ask():
            return any(question.label is None for question in step.questions)
        case Consult():
            return step.question is None and any(reply.label is None for reply in step.replies)
        case Transfer():
            return step.reason is None
        case Approve():
            return True
        case _:
            return False


def _told_before(subject: Subject, place: int) -> bool:
    """Return whether every way to a step comes from something said, which is shown with it."""
    sources = [
        way.source for source in subject.flow.order for way in subject.flow.out[source] if
        way.target == place
    ]  # fmt: skip
    return bool(sources) and all(isinstance(subject.flow.steps[source], Say) for source in sources)
