"""What people say to a conversation rather than to a question: back, correct, an advisor, help.

Whole lines, in French or English whatever the session's language, without case or accents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from authoring.suggest_words import EMPTY_WORDS, WORD, folded

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "back": (
        "retour", "precedent", "revenir", "revenir en arriere", "question precedente", "back",
        "go back", "previous",
    ),
    "correct": (
        "corriger", "modifier", "me corriger", "changer une reponse", "correct", "change",
        "change an answer",
    ),
    "advisor": (
        "conseiller", "conseillere", "humain", "une personne", "quelqu'un", "advisor", "adviser",
        "agent", "human", "somebody", "a person",
    ),
    "none": (
        "aucun", "aucune", "aucun de ces choix", "rien de tout cela", "autre chose", "none",
        "none of these", "none of them", "something else",
    ),
    "help": ("aide", "aidez moi", "help", "?"),
    "pause": ("pause", "plus tard", "je reviens", "later", "i will be back"),
    "skip": ("passer", "sans reponse", "skip"),
    "recap": ("resume", "recapitulatif", "recap", "ou en est on", "summary", "where are we"),
    "cancel": ("annuler", "abandonner", "arreter", "stop", "cancel", "give up"),
    "go_on": ("continuer", "garder", "la suite", "ok", "d'accord", "continue", "go on", "keep"),
}  # fmt: skip
"""What each command is called; `none`, `skip` and `go_on` only mean something where they fit."""

YES: Final = frozenset({"oui", "o", "yes", "y", "ouais", "exact", "c'est ca", "d'accord", "ok"})
NO: Final = frozenset({"non", "n", "no", "pas du tout", "nope"})
NEGATIONS: Final = frozenset(
    {
        "pas",
        "plus",
        "rien",
        "jamais",
        "aucun",
        "aucune",
        "sans",
        "non",
        "not",
        "no",
        "never",
        "none",
    }
    | {"nothing", "without", "cannot", "isn", "wasn", "don", "didn", "doesn", "won"}
)
"""Words that turn what is said into its contrary: `nothing arrived` is not `it arrived`."""

_ASKING: Final = frozenset(
    {"parler", "voir", "avoir", "voudrais", "voudrai", "veux", "aimerais", "souhaite", "peux"}
    | {"puis", "besoin", "svp", "plait", "faire", "moi", "passez", "passer", "talk", "speak"}
    | {"see", "want", "wanna", "need", "like", "get", "give", "connect", "real"}
)
_EDGES: Final = re.compile(r"^[\s.!,;:…]+|[\s.!,;:…]+$")


def plain(text: str) -> str:
    """Return a line as it is compared: folded, apostrophes alike, without what stands around it."""
    alike = folded(text).replace("\u2019", "'").replace("-", " ")
    return " ".join(_EDGES.sub("", alike).split())


_NAMED: Final = {plain(word): name for name, words in COMMANDS.items() for word in words}


def command_in(text: str) -> str | None:
    """Return the command a whole line is, or None.

    `/back` always is one. Whoever asks for an advisor may do it in a sentence.
    """
    said = plain(text.removeprefix("/"))
    if said in _NAMED:
        return _NAMED[said]
    words = WORD.findall(said)
    if not words or len(words) > 12 or NEGATIONS & set(words):
        return None
    empty = EMPTY_WORDS["fr"] | EMPTY_WORDS["en"] | _ASKING
    telling = {_NAMED.get(word) for word in words if word not in empty}
    return "advisor" if telling == {"advisor"} else None


def yes_or_no(text: str) -> bool | None:
    """Return whether a whole line says yes or no, None when it says neither."""
    said = plain(text)
    return True if said in YES else False if said in NO else None
