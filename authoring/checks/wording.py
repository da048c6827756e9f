"""Words for everybody a journey is open to."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.reads import text_keys
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.model import Field
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.consult import Consult
from engine.steps.say import Say
from engine.steps.transfer import Transfer
from engine.wording import ANYONE, Text

STAFF_KEYS = ("by_hand.say", "transfer.reason", "consult.question", "goal", "title")
"""Wording that only those who serve the customer read."""
SHORT_LABEL = 24
"""Letters an option may have on a channel that shows them as buttons. Source: quick replies of the common messengers."""


def readers(subject: Subject) -> tuple[str, ...]:
    """Return the audiences that read a journey: its own, else the library's; a robot reads nothing."""
    audiences = subject.journey.audience or subject.library.audiences
    return tuple(audience for audience in audiences if audience != "robot")


class MissingWording(Check):
    """Something people are told is not worded for one of the journey's audiences, or in one of the library's languages.

    They would be shown another audience's words, another language's, or nothing. A bot uses the customer's wording; a
    robot needs none; manual procedures and reasons of transfers are for the advisor.

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
                for gap in self._gaps(subject, text, staff if key in STAFF_KEYS else audiences):
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
        way.source for source in subject.flow.order for way in subject.flow.out[source] if way.target == place
    ]  # fmt: skip
    return bool(sources) and all(isinstance(subject.flow.steps[source], Say) for source in sources)


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
                        message=f"The label of '{longest}' is longer than {SHORT_LABEL} letters and has no `short`.",
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
