"""Words as they are compared.

Without accents, case or endings, and by their letters when misspelt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
SHORTEST_STEM = 3


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EMPTY_WORDS = {
    "fr": _words("""
        a ai alors au aux avec avez bonjour c ca car ce cela ces cet cette d dans de depuis des donc
        du elle elles en est et etait ete etre eu faire fait il ils j je l la le les leur lui m ma
        mais me merci mes moi mon n nos notre nous on ont ou par pour qu quand que quel quelle qui s
        sa se ses si son sont sur t te tout tres tu un une vais veux voudrais vos votre vous y
    """),
    "en": _words("""
        a about am an and are as at be been but by can could did do does for from had has have hello
        hi i if in is it its ll m me my of on or our please s so still t thank thanks that the their
        them there they this to too up ve was we were what when which will with would you your
    """),
}
"""Words that tell no motive from another. Negations are not among them: `pas reçu` is not `reçu`.
"""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "fr": _listed("""
        issements issement ements ement ations ation iques ique euses euse ees aient aux ions ies
        es ee er ez ie it is ir s x e
    """),
    "en": _listed("ations ation ements ement ings ing ies ied edly ed es ly ers er s y e"),
}
"""Endings a light stemmer takes off, the first that leaves a stem."""


def folded(text: str) -> str:
    """Return a text in lower case without accents; ligatures are written out."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return a folded word without its ending; a word of digits, or a short one, is kept whole."""
    if not word.isalpha() or len(word) <= SHORTEST_STEM:
        return word
    for ending in ENDINGS.get(language, ("s",)):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return _undoubled(word[: -len(ending)])
    return _undoubled(word)


def _undoubled(word: str) -> str:
    """Return a stem without a doubled last letter: `colissimo`, but `arrett` and `arret` alike."""
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        return word[:-1]
    return word


def stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's telling words, in order.

    All of them when none tells anything.
    """
    words = WORD.findall(folded(text))
    empty = EMPTY_WORDS.get(language, frozenset())
    telling = [word for word in words if word not in empty]
    return [stem(word, language) for word in telling or words]


def trigrams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word, its edges marked."""
    edged = f"^{word}$"
    return frozenset(edged[at : at + 3] for at in range(max(1, len(edged) - 2)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two words are by their groups of letters: 0 nothing in common, 1 the same.

    Source: the Dice coefficient.
    """
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
