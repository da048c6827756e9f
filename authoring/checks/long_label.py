"""Labels too long for a short channel."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.audiences import readers
from authoring.checks.base import Check
from authoring.checks.reads import text_keys
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.model import Field
from engine.steps.ask import Ask

SHORT_LABEL = 24
"""Letters an option may have on a channel that shows them as buttons.

Source: quick replies of the common messengers.
"""


class LongLabel(Check):
    """An option's label is too long for a channel that shows it short, and it has no `short`.

    Wrong:
    ```yaml
    short_channels: [sms]
    - {id: late, label: "Mon colis devait arriver hier et n'est pas là"}
    ```
    Right:
    ```yaml
    short_channels: [sms]
    - {id: late, label: "Mon colis devait arriver hier et n'est pas là", short: "En retard"}
    ```
    """

    code = "people.long-label"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the options whose shortest label is too long."""
        audiences = {"customer", "bot"} & set(readers(subject))
        if not subject.library.short_channels or not audiences:
            return
        for step in subject.flow.steps:
            if not isinstance(step, Ask):
                continue
            for question in step.questions:
                for longest in _long(question, audiences, subject.library.languages):
                    yield self.found(
                        subject,
                        step.id,
                        *text_keys(step, f"ask.{question.name}.options.{longest}"),
                        message=(
                            f"The label of '{longest}' is longer than {SHORT_LABEL} "
                            "letters and has no `short`."
                        ),
                        hint=f"Give it a `short` of at most {SHORT_LABEL} letters.",
                    )


def _long(question: Field, audiences: set[str], languages: tuple[str, ...]) -> Iterator[str]:
    for option in question.options:
        shown = option.short or option.label
        for audience in sorted(audiences):
            picked = (shown.pick(audience, language, length="short") for language in languages)
            if any(
                template is not None and len(template.source) > SHORT_LABEL for template in picked
            ):
                yield option.id
                break
