"""Answers whose form alone says what they are: addresses, numbers, amounts, days, references.

Each kind of answer is looked for where its form may stand in a sentence; its answer type judges
what is found (`parse_spoken`, `accept`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from engine.answers import BadAnswer
from engine.answers.base import LANGUAGES
from engine.scope import Scope

if TYPE_CHECKING:
    from engine.events import Json
    from engine.parts import Field

BLAND: Final = ("bonjour", "hello", "message", "merci")
"""Words that no reference looks like: what takes them takes anything."""
LONGEST_WINDOW: Final = 4
"""Words that one reference may be written in."""
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"[^\s<>()\[\],;:\"«»]+@[^\s<>()\[\],;:\"«»]+\.[A-Za-z]{2,}"),
    "phone": re.compile(r"(?<![\w])(?:\+\(?|\(?0)\d[\d .()/-]{6,20}\d(?![\w])"),
    "money": re.compile(
        r"(?:(?:€|\$|£|EUR|USD|GBP|CHF)\s?)?(?<![\w-])\d[\d\s.,]*"
        r"(?:\s?(?:€|\$|£|EUR|USD|GBP|CHF|euros?)(?![\w]))?"
    ),
    "date": re.compile(
        r"(?<![\w])(?:\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|"
        r"\d{1,2}(?:er|st|nd|rd|th)?\s+\w+\s+\d{4})(?![\w])"
    ),
}
_MARKED: Final = re.compile(r"€|\$|£|EUR|USD|GBP|CHF|euros?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s,;:!?()\[\]\"«»]+")


def found_in(text: str, field: Field, *, language: str, today: str) -> Iterator[tuple[Json, int]]:
    """Yield the answers to a question that stand in a text, each with where it begins."""
    kind = field.type.name
    shape = _SHAPES.get(kind)
    if shape is not None:
        for met in shape.finditer(text):
            said = met[0].strip().rstrip(".,")
            if kind == "money":
                if _MARKED.search(said) is None:
                    continue
                said = re.sub(r"euros?", "EUR", said, flags=re.IGNORECASE)
            value = spoken(said, field, language=language, today=today)
            if value is not None:
                yield value, met.start()
    elif kind == "number" and getattr(field.type, "unit", None):
        unit = re.escape(str(getattr(field.type, "unit", "")))
        for met in re.finditer(rf"(?<![\w])-?\d[\d\s.,]*\s?{unit}(?!\w)", text):
            value = spoken(met[0], field, language=language, today=today)
            if value is not None:
                yield value, met.start()
    elif is_telling(field):
        yield from _references(text, field, language=language, today=today)


def is_telling(field: Field) -> bool:
    """Return whether an answer's form alone says which question it answers."""
    kind = field.type
    if kind.name in _SHAPES:
        return True
    if kind.name == "identifier":
        return getattr(kind, "scheme", None) is not None
    if kind.name != "text" or kind.matcher is None:
        return False
    return all(spoken(word, field, language="en", today="") is None for word in BLAND)


def spoken(text: str, field: Field, *, language: str, today: str) -> Json:
    """Return the answer that a text is, as its type takes it; None when it is none.

    It is read in the habits of the language, else in those of another: people write as they are
    used to.
    """
    for habits in dict.fromkeys((language, *LANGUAGES)):
        try:
            return field.type.accept(field.type.parse_spoken(text, habits), Scope({}, today))
        except BadAnswer:
            continue
    return None


def _references(
    text: str, field: Field, *, language: str, today: str
) -> Iterator[tuple[Json, int]]:
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for count in range(min(LONGEST_WINDOW, len(words) - at), 0, -1):
            begin, end = words[at].start(), words[at + count - 1].end()
            said = text[begin:end].strip("'’.").removeprefix("#").removeprefix("n°")
            value = spoken(said, field, language=language, today=today) if said else None
            if value is None and said != said.upper():
                value = spoken(said.upper(), field, language=language, today=today)
            if value is not None and any(letter.isdigit() for letter in said):
                yield value, begin
                at += count - 1
                break
        at += 1
