"""The language people are spoken to in: French or English, from `--lang` or the environment."""

from __future__ import annotations

import os
from typing import Final

LANGUAGES: Final = ("fr", "en")
_VARIABLES: Final = ("PARCOURS_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(asked: str | None = None) -> str:
    """Return `fr` or `en`: what was asked for, else what the environment says, else English.

    The first of PARCOURS_LANG, LC_ALL, LC_MESSAGES and LANG that is set decides.
    """
    for word in (asked, *(os.environ.get(name) for name in _VARIABLES)):
        if word:
            return "fr" if word.lower().startswith("fr") else "en"
    return "en"


def in_words(texts: dict[str, str], asked: str) -> str:
    """Return a text in the language asked for, else in English."""
    return texts.get(asked) or texts["en"]
