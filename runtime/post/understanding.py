"""What a message answers, question by question, each with the sentence that says it.

Only what is certain is taken: an answer given under its question, by its number or after its name;
an option's own words; or a text that one kind of answer alone can be. Nothing counts before
somebody has accepted it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authoring.suggest_words import stems
from engine.answers import BadAnswer
from engine.scope import Scope
from runtime.post import forms
from runtime.post.likeness import matched, words_of
from runtime.post.own_words import Sentence, sentences

if TYPE_CHECKING:
    from engine.events import Json
    from engine.parts import Field

ALTERNATIVES: Final = 3
"""Most answers to one question that are shown, where a message says several."""
CHOICES: Final = ("choice", "multiple_choice", "yes_no")
NEVER: Final = ("consent", "file", "group")
"""Kinds that are never read from words: a consent is given, a file is sent."""
_NUMBERED: Final = re.compile(r"\s*(\d{1,2})\s?[.)/:-]\s*(.+)", re.DOTALL)
_NAMED: Final = re.compile(r"\s*(?:[-*•–]\s*)?([^:=\n]{2,80}?)\s?[:=]\s*(.+)", re.DOTALL)
_YES_NO: Final = re.compile(r"\s*(oui|non|yes|no|ouais|yep|nope)\b", re.IGNORECASE)
_YES: Final = ("oui", "yes", "ouais", "yep")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a message may answer it.

    Attributes:
        labels: what it is called, in any wording.
        options: what each of its options may be called; `declared` the codes they declare.
        number: under which it was asked in the message that is answered, from 1; None when it was
            not asked there.
        is_planned: whether it is asked when all goes as planned; the words of another's options
            are not looked for in what a message says.
    """

    field: Field
    labels: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    declared: Mapping[str, str] = dataclasses.field(default_factory=dict)
    number: int | None = None
    is_planned: bool = True

    @property
    def name(self) -> str:
        """The name its answer is provided under."""
        return self.field.name


@dataclass(frozen=True, slots=True)
class Understood:
    """One answer, and the sentence that says it: `begin` and `end` in the message's text.

    `how`: below (its question, quoted), numbered, named, told (by its form or an option's words)
    or motive (the customer's own words for what they declare).
    """

    name: str
    value: Json
    begin: int
    end: int
    how: str


Ranked = Mapping[str, str]
"""The declaration that each sentence tells by itself, by the sentence."""


def understand(
    text: str, questions: Sequence[Question], *, language: str, today: str,
    motives: Ranked | None = None,
) -> list[Understood]:  # fmt: skip
    """Return what a message answers of these questions, nearest question first.

    Args:
        text: the whole message, what it quotes included.
        questions: those that may still come, nearest first.
        language: the message's.
        today: `YYYY-MM-DD`, for days that are bounded by it.
        motives: the declarations that sentences tell.
    """
    reader = _Reader(language, today, motives or {})
    said = sentences(text)
    open_ones = [one for one in questions if one.field.type.name not in NEVER]
    found: dict[str, list[Understood]] = {}
    taken: set[tuple[int, str]] = set()
    answered: set[int] = set()
    for how, answers in (
        ("below", reader.below), ("numbered", reader.numbered), ("named", reader.named),
        ("told", reader.told), ("motive", reader.motive),
    ):  # fmt: skip
        sure = set(found)
        for sentence in said:
            if sentence.begin in answered and how in {"told", "motive"}:
                # It was written to answer one question: it answers no other.
                continue
            for question, value, place in answers(sentence, open_ones):
                mark = (sentence.begin + place, repr(value))
                if question.name in sure or mark in taken:
                    continue
                if how in {"below", "numbered"}:
                    answered.add(sentence.begin)
                mine = found.setdefault(question.name, [])
                if all(one.value != value for one in mine) and len(mine) < ALTERNATIVES:
                    mine.append(Understood(question.name, value, sentence.begin, sentence.end, how))
                    taken.add(mark)
    return [one for question in open_ones for one in found.get(question.name, ())]


Answers = Iterator[tuple[Question, Any, int]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads sentences of one language: each way yields (question, value, place in the sentence)."""

    language: str
    today: str
    motives: Ranked

    def below(self, sentence: Sentence, questions: Sequence[Question]) -> Answers:
        """Read an answer written under its question, which is quoted right above."""
        if sentence.below is None:
            return
        above = words_of(sentence.below)
        for question in questions:
            if any(words_of(label) and words_of(label) in above for label in question.labels):
                yield from self._valued(sentence.text, question)
                return

    def numbered(self, sentence: Sentence, questions: Sequence[Question]) -> Answers:
        """Read an answer under the number its question was asked with."""
        met = _NUMBERED.fullmatch(sentence.text)
        if met is None:
            return
        for question in questions:
            if question.number == int(met[1]):
                yield from self._valued(met[2], question)

    def named(self, sentence: Sentence, questions: Sequence[Question]) -> Answers:
        """Read an answer after its question's name: `Order: F-1042`."""
        met = _NAMED.fullmatch(sentence.text)
        if met is None:
            return
        name = words_of(met[1])
        for question in questions:
            if name in {words_of(label) for label in (*question.labels, question.name)}:
                yield from self._valued(met[2], question)

    def told(self, sentence: Sentence, questions: Sequence[Question]) -> Answers:
        """Read what says by itself what it is."""
        for question in questions:
            if question.field.type.name in {"choice", "multiple_choice"}:
                chosen = None
                if question.is_planned:
                    chosen = self._chosen(sentence.text, question, is_alone=True)
                if chosen is not None:
                    yield question, chosen, 0
            else:
                for value, place in self._forms(sentence.text, question.field):
                    yield question, value, place
        asked = [one for one in questions if one.number is not None]
        if len(asked) == 1 and asked[0].field.type.name == "yes_no":
            # Of one question, yes or no is its answer.
            yield from self._valued(sentence.text, asked[0])

    def motive(self, sentence: Sentence, questions: Sequence[Question]) -> Answers:
        """Read the option that declares what a sentence tells in the customer's own words."""
        code = self.motives.get(sentence.text)
        for question in questions:
            for option, declared in question.declared.items():
                if code is not None and declared == code and question.is_planned:
                    yield question, option, 0

    def _forms(self, text: str, field: Field) -> Iterator[tuple[Json, int]]:
        return forms.found_in(text, field, language=self.language, today=self.today)

    def _valued(self, text: str, question: Question) -> Answers:
        """Read a text that is the answer to a question: as a whole, else the part that can be."""
        if question.field.type.name in CHOICES:
            chosen = self._chosen(text, question, is_alone=False)
            if chosen is not None:
                yield question, chosen, 0
            return
        value = self._spoken(text, question.field)
        if value is not None:
            yield question, value, 0
            return
        for part, place in self._forms(text, question.field):
            yield question, part, place
            return

    def _spoken(self, text: str, field: Field) -> Json:
        bare = text.strip().rstrip(".;,!").strip()
        return forms.spoken(bare, field, language=self.language, today=self.today)

    def _chosen(self, text: str, question: Question, *, is_alone: bool) -> Json:
        """Return the answer that an option's words in a text give; None when none surely does."""
        if question.field.type.name == "yes_no":
            met = None if is_alone else _YES_NO.match(text)
            return None if met is None else met[1].lower() in _YES
        said = stems(text, self.language)
        best: dict[str, int] = {}
        for option, names in question.options.items():
            for name in names if is_alone else (*names, option):
                count = matched(said, stems(name, self.language), name, is_alone=is_alone)
                if count:
                    best[option] = max(count, best.get(option, 0))
        most = [option for option, count in best.items() if count == max(best.values())]
        if question.field.type.name == "multiple_choice":
            return self._accepted(question.field, sorted(best)) if best else None
        return self._accepted(question.field, most[0]) if len(most) == 1 else None

    def _accepted(self, field: Field, value: Json) -> Json:
        try:
            return field.type.accept(value, Scope({}, self.today))
        except BadAnswer:
            return None
