"""What may have been meant by a name that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def near(name: str, among: Iterable[str]) -> str:
    """Return the hint for a name that does not exist.

    The nearest one, or all of them when they are few.
    """
    names = sorted(among)
    close = get_close_matches(name, names, 1)
    if close:
        return f"Did you mean '{close[0]}'?"
    if 0 < len(names) <= 8:
        return f"There are: {', '.join(names)}."
    return "Declare it, or correct the name."
