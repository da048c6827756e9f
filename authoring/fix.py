"""Corrections that need no judgement, made in a file's text and nowhere else in it."""

from __future__ import annotations

from collections.abc import Iterable

from authoring.findings import Fix


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """Return a text with its fixes made, everything else as it was: comments, order, spacing.

    Fixes that overlap one made already are left out; loading again finds them again.
    """
    pieces: list[str] = []
    done = 0
    for fix in sorted(set(fixes), key=lambda fix: (fix.start, fix.end)):
        if fix.start < done or fix.end > len(text):
            continue
        pieces += (text[done : fix.start], fix.replacement)
        done = fix.end
    return "".join([*pieces, text[done:]])
