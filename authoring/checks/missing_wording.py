"""Words for everybody a journey is open to."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.audiences import readers
from authoring.checks.base import Check
from authoring.checks.reads import text_keys
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.wording import ANYONE, Text

STAFF_KEYS = ("by_hand.say", "transfer.reason", "consult.", "goal", "title")
"""How wording begins that only those who serve the customer read."""


class MissingWording(Check):
    """Something people are told is not worded for one of the journey's audiences.

    Or in one of the library's languages.

    They would be shown another audience's words, another language's, or nothing. A bot uses the
    customer's wording; a robot needs none; manual procedures and reasons of transfers are for the
    advisor.

    Wrong:
    ```yaml
    languages: [fr, en]
    - {id: hello, say: {fr: "Bonjour."}}
    ```
    Right:
    ```yaml
    languages: [fr, en]
    - {id: hello, say: {fr: "Bonjour.", en: "Hello."}}
    ```
    """

    code = "people.missing-wording"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield, for each wording, whom and what it leaves out."""
        audiences = readers(subject)
        staff = tuple(audience for audience in audiences if audience == "advisor")
        for gap in self._gaps(subject, subject.journey.title, staff or audiences[:1]):
            yield self.found(
                subject,
                None,
                "title",
                message=f"The journey's title is not worded {gap}.",
                hint=_hint(gap),
            )
        for step in subject.flow.steps:
            for key, text in step.texts():
                readable = staff if key.startswith(STAFF_KEYS) else audiences
                for gap in self._gaps(subject, text, readable):
                    yield self.found(
                        subject,
                        step.id,
                        *text_keys(step, key),
                        message=f"'{key}' of step '{step.id}' is not worded {gap}.",
                        hint=_hint(gap),
                    )
            if step.promise is not None:
                for gap in self._gaps(subject, step.promise.what, audiences):
                    yield self.found(
                        subject,
                        step.id,
                        "promise",
                        "what",
                        message=f"The promise of step '{step.id}' is not worded {gap}.",
                        hint=_hint(gap),
                    )

    def _gaps(self, subject: Subject, text: Text, audiences: tuple[str, ...]) -> Iterator[str]:
        said: set[str] = set()
        for audience in audiences:
            spoken = text.languages(audience)
            if not spoken:
                gap = f"for the {audience}"
            elif ANYONE in spoken:
                continue
            else:
                missing = [
                    language for language in subject.library.languages if language not in spoken
                ]
                if not missing:
                    continue
                gap = f"in {', '.join(missing)}"
            if gap not in said:
                said.add(gap)
                yield gap


def _hint(gap: str) -> str:
    kind, _, name = gap.partition(" ")
    return (
        f"Add `{name.removeprefix('the ').partition(',')[0]}:` to it."
        if kind in {"in", "for"}
        else "Word it."
    )
