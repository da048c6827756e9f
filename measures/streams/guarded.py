"""Which lines of a value stream are withheld: of few contacts, and what would give those away.

As for a measure (`measures.asking.withheld`): steps add up to the whole, and the walks of one
revision with those of the others to those of all. Source: measures.md A14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from measures.asking.withheld import ALL, SMALLEST, blocks, cells
from measures.cut import Key, Reader
from measures.streams.reading import Walks, contacts_by_revision


@dataclass(frozen=True, slots=True)
class Guard:
    """Why the whole is withheld, and each line that is; nothing where all may be shown."""

    whole: str | None = None
    lines: Mapping[Key, str] = field(default_factory=dict)

    def of(self, key: Key) -> str | None:
        """Return why a line, or the whole under the empty key, is withheld."""
        return self.whole or self.lines.get(key)


def guard(reader: Reader, walks: Walks, contacts: Mapping[Key, int]) -> Guard:
    """Return what is withheld of some walks, of as many contacts at each step and in all."""
    if walks.revision is None:
        steps = {key: n for key, n in contacts.items() if key}
        held = {one for block in blocks(steps) for one in block}
        whole = _why(contacts.get((), 0), is_held=False)
        return Guard(whole, {key: _reason(steps[key]) for key in held})
    found = contacts_by_revision(reader, walks)
    revisions = {key[0]: n for key, n in found.items() if len(key) == 1}
    mine = revisions.get(walks.revision, 0)
    is_held = any(walks.revision in block for block in blocks(revisions))
    sizes: dict[tuple[Key, bool], int] = {}
    for key, n in found.items():
        if len(key) > 1:
            cell = key[:-1], key[-1] == walks.revision
            sizes[cell] = sizes.get(cell, 0) + n
    hidden = cells(sizes, 2)
    lines = {
        line: _reason(n) for (line, is_mine), n in sizes.items()
        if is_mine and (line, is_mine) in hidden
    }  # fmt: skip
    return Guard(_why(mine, is_held=is_held or (ALL, True) in hidden), lines)


def _why(contacts: int, *, is_held: bool) -> str | None:
    if not contacts:
        return "empty"
    return _reason(contacts) if is_held or contacts < SMALLEST else None


def _reason(contacts: int) -> str:
    return "too_few" if contacts < SMALLEST else "protects_others"
