"""Whether words of a message are those of a name: all of them, in order, and not denied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from authoring.suggest_words import folded

_NOT: Final = frozenset({"pas", "ne", "jamais", "aucun", "aucune", "rien", "not", "never", "no"})
_LONG: Final = 5
"""Letters of a single word that may name an option within a sentence."""


def matched(said: Sequence[str], wanted: Sequence[str], name: str, *, is_alone: bool) -> int:
    """Return how many words of an option's name stand in a text, 0 unless all do, in order.

    A text that denies what the name does not deny is not that option.
    """
    if not wanted or (is_alone and len(wanted) < 2 and len(name) < _LONG):
        return 0
    rest = iter(said)
    if not all(word in rest for word in wanted):
        return 0
    denied = _NOT & set(said)
    return 0 if denied and not _NOT & set(wanted) else len(wanted)


def words_of(text: str) -> str:
    """Return a text as names are compared: folded, its words alone."""
    return " ".join(re.findall(r"[^\W_]+", folded(text)))
