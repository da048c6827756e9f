"""What a person types, understood: a number among the options, a date as said, a command."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.answers import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.events import Json
    from engine.model import Field

YES = {"fr": ("o", "oui"), "en": ("y", "yes")}
NO = {"fr": ("n", "non"), "en": ("n", "no")}

LETTERS = {
    "b": "back",
    "a": "amend",
    "n": "none",
    "k": "skip",
    "h": "history",
    "c": "current",
    "x": "not_done",
    "?": "help",
    "q": "quit",
}
"""A letter alone is a command; `:b` always is one; after `=` everything is an answer."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One line: either a command (by name), or the text of an answer."""

    command: str | None
    text: str


def understand(line: str, *, yes_no: bool = False) -> Typed:
    """Return what a line is. With `yes_no`, a lone `n` answers no."""
    text = line.strip()
    if text.startswith("="):
        return Typed(None, text[1:].strip())
    if text.startswith(":") and text[1:] in LETTERS:
        return Typed(LETTERS[text[1:]], "")
    if text in LETTERS and not (yes_no and text == "n"):
        return Typed(LETTERS[text], "")
    return Typed(None, text)


def read(field: Field, shown: Mapping[str, Any], text: str, *, language: str) -> Json:
    """Return the answer a text gives to a question. `shown` is the question as the view has it.

    Raises:
        BadAnswer: it gives none; the message says what would.
    """
    options = shown.get("options") or []
    kind = shown.get("type", field.type.name)
    if kind == "multiple":
        return [pick(options, part) for part in text.split(",") if part.strip()]
    if kind == "choice" and options:
        return pick(options, text)
    if kind == "yes_no":
        return _yes_or_no(text, options, language)
    return field.type.parse_spoken(text, language)


def pick(options: Sequence[Mapping[str, Any]], text: str) -> str:
    """Return the id of the option meant by its number, its id, or the beginning of its label.

    Raises:
        BadAnswer: none, or several.
    """
    wanted = text.strip()
    if wanted.isdigit() and 0 < int(wanted) <= len(options):
        return str(options[int(wanted) - 1]["id"])
    for option in options:
        if option["id"] == wanted:
            return wanted
    begun = [o for o in options if wanted and plain(str(o["label"])).startswith(plain(wanted))]
    if len(begun) == 1:
        return str(begun[0]["id"])
    listed = ", ".join(f"{n}" for n in range(1, len(options) + 1))
    raise BadAnswer(
        "answer.unknown-option",
        {
            "fr": f"Tapez un numéro ({listed}) ou le début d'un choix.",
            "en": f"Type a number ({listed}) or the beginning of a choice.",
        },
        {"allowed": [option["id"] for option in options]},
    )


def _yes_or_no(text: str, options: Sequence[Mapping[str, Any]], language: str) -> bool:
    said = plain(text)
    if said in {plain(word) for words in YES.values() for word in words} or said == "1":
        return True
    if said in {plain(word) for words in NO.values() for word in words} or said == "2":
        return False
    if options:
        return pick(options, text) == "yes"
    yes, no = YES[language][1], NO[language][1]
    raise BadAnswer(
        "answer.not-yes-or-no",
        {"fr": f"Répondez {yes} ou {no}.", "en": f"Answer {yes} or {no}."},
        {},
    )


def plain(text: str) -> str:
    """Return a text without accents, in small letters: how people type in a hurry."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
