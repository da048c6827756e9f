"""Which language a request wants to be answered in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

LANGUAGES = ("en", "fr")
DEFAULT = "en"


@lru_cache(maxsize=512)
def preferred(header: bytes) -> str:
    """Return the language an `Accept-Language` header likes best among ours, `en` when none."""
    best, best_quality = DEFAULT, 0.0
    for part in header[:1024].decode("latin-1").lower().split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().partition("-")[0]
        quality = _quality(parameter)
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def pick(texts: Mapping[str, str], language: str) -> str:
    """Return a message in a language, else in the default, else in any it has."""
    return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()), "")
