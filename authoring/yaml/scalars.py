"""What a bare scalar means: YAML 1.2's true, false, null and numbers in JSON's spelling.

All else is text.

`yes`, `on`, `12:30`, `2026-01-01`, `0o17`, `1_000`, `.inf`, `~`, `True` stay text.
"""

from __future__ import annotations

import re

WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
STARTS = frozenset("-0123456789")
LIMIT = 10**15
"""The largest number either side: what the engine and every client keep exactly."""


class TooLarge(ValueError):
    """A number no client could keep exactly."""


def plain(text: str) -> str | int | float | bool | None:
    """Return what a bare scalar means. Raises TooLarge."""
    if text in WORDS:
        return WORDS[text]
    if text[0] in STARTS and NUMBER.fullmatch(text):
        return number(text)
    return text


def number(text: str) -> int | float:
    """Return a number in JSON's spelling. Raises TooLarge."""
    if text.lstrip("-").isdigit():
        if len(text) > len(str(LIMIT)) + 1:
            raise TooLarge
        whole = int(text)
        if abs(whole) > LIMIT:
            raise TooLarge
        return whole
    value = float(text)
    if abs(value) > LIMIT:
        raise TooLarge
    return value


def is_text(text: str) -> bool:
    """Return whether a bare scalar is text."""
    return text not in WORDS and not (text[0] in STARTS and NUMBER.fullmatch(text))
