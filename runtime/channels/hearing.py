"""A text read against a question: what it was taken to say, by what, and how surely.

Nothing is guessed in silence: what is unsure is asked back, and what was taken is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz

from authoring.suggest_words import WORD, stems
from engine.answering import accept_one
from engine.answers import BadAnswer
from engine.answers.yes_no import OPTIONS, option_of
from engine.events import Json
from engine.parts import Field
from engine.scope import Scope
from runtime.channels.words import NEGATIONS, plain, yes_or_no

SURE: Final = 0.9
"""From here on a likeness is an answer; it is told."""
UNSURE: Final = 0.7
"""From here on it is asked back; below, it is not understood."""
MARGIN: Final = 0.08
"""How much likelier than the next one an option must be."""
LATER: Final = 0.8
"""The least likeness at which an option of a question ahead is kept, to be confirmed there."""
_INSIDE: Final = 0.85
"""The most that words found inside others count: surely never enough by themselves."""
_SHORTEST: Final = 4
"""Letters below which only the very word counts."""
_LONGEST: Final = 400
"""Characters of a text that are compared; an option is named in fewer."""
_PIECES: Final = 6
"""Most words that make one value found inside a sentence."""
_INSIDE_TYPES: Final = ("email", "phone", "identifier", "number", "money", "date", "time", "rating")
_BETWEEN: Final = re.compile(r"[,;\n]+|\s+(?:et|and)\s+")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as it may be meant: its id, its label as shown, other words for it."""

    id: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text was taken to answer: `by` number, label, synonym, value, inside or likeness."""

    field: str
    value: Json
    shown: str
    by: str
    score: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken; otherwise it is asked back."""
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is asked: its field, its options in their order, and what to judge by.

    `numbered` are the ids as they were numbered to the person, commands among them.
    """

    field: Field
    choices: tuple[Choice, ...]
    scope: Scope
    language: str
    numbered: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The name of its answer type."""
        return self.field.type.name

    @property
    def is_free(self) -> bool:
        """Whether any text answers it."""
        return self.kind == "text" and self.field.type.matcher is None and not self.choices

    def shown(self, value: Json) -> str:
        """Return a value as people read it."""
        labels = {one.id: one.label for one in self.choices}
        return str(self.field.type.show(value, self.language, labels=labels))


def hear(question: Question, text: str) -> Heard | None:
    """Return what a text answers to a question, None when nothing; see `Heard.is_sure`."""
    said = text.strip()
    if said.startswith("="):
        return _typed(question, said[1:].strip())
    if question.kind == "multiple":
        return _several(question, said)
    if question.choices:
        found = choose(question.choices, said, numbered=question.numbered)
        if found is None and question.kind == "yes_no" and (word := yes_or_no(said)) is not None:
            found = (str(option_of(word)), "value", 1.0)
        return None if found is None else _chosen(question, found)
    return _typed(question, said) or (None if question.is_free else _inside(question, said))


def choose(
    choices: Sequence[Choice], text: str, *, numbered: Sequence[str] = ()
) -> tuple[str, str, float] | None:
    """Return the option a text means: (id, by what, how surely); None when none is near enough."""
    said = plain(text)[:_LONGEST]
    if not said:
        return None
    for choice in choices:
        if said in (plain(choice.label), plain(choice.id)):
            return (choice.id, "label", 1.0)
    ids = {choice.id for choice in choices}
    place = re.fullmatch(r"(?:n[o°]?\s*)?(\d{1,2})[.)]?", said)
    order = list(numbered) or [choice.id for choice in choices]
    if place and 0 < int(place[1]) <= len(order) and order[int(place[1]) - 1] in ids:
        return (order[int(place[1]) - 1], "number", 1.0)
    for choice in choices:
        if said in {plain(word) for word in choice.words}:
            return (choice.id, "synonym", 1.0)
    ranked = sorted(
        ((max(_like(said, plain(w)) for w in (one.label, *one.words)), one.id) for one in choices),
        key=lambda pair: -pair[0],
    )
    if not ranked or ranked[0][0] < UNSURE:
        return None
    best, chosen = ranked[0]
    if len(ranked) > 1 and best - ranked[1][0] < MARGIN:
        # Two are as near: it is for the person to say which.
        best = min(best, _INSIDE)
    return (chosen, "likeness", round(best, 3))


def _like(said: str, words: str) -> float:
    """Return how alike two lines are, 0 to 1; words within others, or negated, are never sure."""
    if min(len(said), len(words)) < _SHORTEST:
        return 1.0 if said == words else 0.0
    whole = max(fuzz.ratio(said, words), fuzz.token_sort_ratio(said, words)) / 100
    mine, theirs = (" ".join(stems(one, "fr")) for one in (said, words))
    within = fuzz.token_set_ratio(mine, theirs) / 100 if mine and theirs else 0.0
    score = max(whole, min(within, _INSIDE))
    return min(score, _INSIDE) if _is_negated(said) != _is_negated(words) else score


def _is_negated(text: str) -> bool:
    return not NEGATIONS.isdisjoint(WORD.findall(text))


def _chosen(question: Question, found: tuple[str, str, float]) -> Heard | None:
    chosen, by, score = found
    value: Json = {"given": OPTIONS[chosen]} if question.kind == "consent" else chosen
    return _accepted(question, value, by=by, score=score)


def _several(question: Question, text: str) -> Heard | None:
    """Return all the options that a list of words names; as sure as the least sure of them."""
    ids: list[str] = []
    least, by = 1.0, "label"
    for part in segments(text):
        found = choose(question.choices, part, numbered=question.numbered)
        if found is None:
            return None
        ids.append(found[0])
        if found[2] < least or by == "label":
            by = found[1]
        least = min(least, found[2])
    return _accepted(question, list(dict.fromkeys(ids)), by=by, score=least) if ids else None


def _typed(question: Question, text: str) -> Heard | None:
    """Return the value a whole text is."""
    for said in dict.fromkeys((text, text.rstrip(".!"), text.upper(), text.lower())):
        try:
            value = question.field.type.parse_spoken(said, question.language)
        except BadAnswer:
            continue
        heard = _accepted(question, value, by="value", score=1.0)
        if heard is not None:
            return heard
        if question.is_free:
            return None
    return None


def _inside(question: Question, text: str) -> Heard | None:
    """Return the one value of the question's form inside a sentence; several are none."""
    patterned = question.kind == "text" and question.field.type.matcher is not None
    if not patterned and question.kind not in _INSIDE_TYPES:
        return None
    pieces = text[:_LONGEST].split()
    found: dict[str, Heard] = {}
    covered: set[int] = set()
    for size in range(min(_PIECES, len(pieces)), 0, -1):
        for at in range(len(pieces) - size + 1):
            if covered & set(range(at, at + size)):
                continue
            heard = _typed(question, " ".join(pieces[at : at + size]).strip(".,;:!?()"))
            if heard is not None:
                covered |= set(range(at, at + size))
                found.setdefault(heard.shown, heard)
    if len(found) != 1:
        return None
    only = next(iter(found.values()))
    return Heard(only.field, only.value, only.shown, "inside", SURE)


def _accepted(question: Question, value: Json, *, by: str, score: float) -> Heard | None:
    try:
        taken = accept_one(question.field, value, question.scope)
    except BadAnswer:
        return None
    return Heard(question.field.name, taken, question.shown(taken), by, score)


def why_not(question: Question, text: str) -> Mapping[str, str] | None:
    """Return what an answer's type says against a text, by language; None for a choice."""
    if question.choices:
        return None
    try:
        value = question.field.type.parse_spoken(text.strip(), question.language)
        accept_one(question.field, value, question.scope)
    except BadAnswer as bad:
        return dict(bad.message)
    return None


def segments(text: str) -> list[str]:
    """Return the parts of a line that says several things."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def hear_line(
    questions: Sequence[Question], ahead: Iterable[Question], text: str
) -> dict[str, Heard]:
    """Return what one line answers of several questions, each part of it once.

    Questions asked now go first. Those ahead take what has a form of its own or names an option;
    they confirm it when they are reached. A part that several of them could take is nobody's.
    """
    parts, found = segments(text), dict[str, Heard]()
    later = [one for one in ahead if one.choices or _has_form(one)]
    for part in parts:
        for question in questions:
            heard = (
                None if question.is_free or question.field.name in found else hear(question, part)
            )
            if heard is not None and heard.is_sure and heard.by not in {"number", "inside"}:
                found[heard.field] = heard
                break
        else:
            takers = [heard for one in later if (heard := _hear_later(one, part)) is not None]
            # A value of its own form and an option may both stand in one part.
            for alike in (
                [one for one in takers if one.by in {"value", "inside"}],
                [one for one in takers if one.by not in {"value", "inside"}],
            ):
                best = max((one.score for one in alike), default=0.0)
                likely = [one for one in alike if best - one.score < MARGIN]
                if len(likely) == 1 and likely[0].field not in found:
                    found[likely[0].field] = likely[0]
    return found


def _has_form(question: Question) -> bool:
    patterned = question.kind == "text" and question.field.type.matcher is not None
    return patterned or question.kind in {"email", "phone", "identifier"}


def _hear_later(question: Question, part: str) -> Heard | None:
    if question.kind in {"yes_no", "consent"} or part.strip().isdigit():
        # What is said in passing agrees to nothing, and numbers what was not listed.
        return None
    heard = hear(question, part)
    return heard if heard is not None and heard.score >= LATER else None


def told(heard: Heard, label: str) -> dict[str, Any]:
    """Return what was understood, as the caller is told it."""
    return {
        "field": heard.field, "label": label, "shown": heard.shown, "by": heard.by,
        "score": heard.score, "sure": heard.is_sure,
    }  # fmt: skip
