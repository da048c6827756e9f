"""Rows of one file that are one customer's: told before any of them is sent.

What a service would say of the later row once the earlier one is there, said of the file alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runtime.merging import stem

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Met:
    """How a row stands to those before it.

    Attributes:
        root: the line of the first row of its customer; its own where it is the first.
        of_line: the earliest line that has one of its keys; None for none.
        is_at_odds: its keys are those of two customers of the file, or its number is another.
        near: the line of a row whose e-mail differs from its own behind a `+` alone, if any.
    """

    root: int
    of_line: int | None
    is_at_odds: bool
    near: int | None


@dataclass(slots=True)
class Within:
    """The keys of a file, as far as it was read."""

    _line: dict[tuple[str, str], int] = field(default_factory=dict)
    _root: dict[int, int] = field(default_factory=dict)
    _number: dict[int, str] = field(default_factory=dict)
    _stem: dict[str, int] = field(default_factory=dict)

    def take(self, line: int, keys: Mapping[str, str]) -> Met:
        """Return how a row stands to those before it, and remember it unless it is at odds."""
        before = [self._line[pair] for pair in keys.items() if pair in self._line]
        roots = {self._root[one] for one in before}
        number = keys.get("number")
        is_at_odds = len(roots) > 1 or any(
            number is not None and self._number.get(root, number) != number for root in roots
        )
        root = min(roots, default=line)
        email = keys.get("email")
        near = None if email is None or before else self._stem.get(stem(email))
        if not is_at_odds:
            self._root[line] = root
            for pair in keys.items():
                self._line.setdefault(pair, line)
            if number is not None:
                self._number.setdefault(root, number)
            if email is not None:
                self._stem.setdefault(stem(email), line)
        return Met(root, min(before, default=None), is_at_odds, near)
