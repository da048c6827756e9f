"""Where builders report what is wrong.

A file, the journey and step at hand, and a path into the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from authoring.findings import MAX_A_FILE, Finding, Fix, Severity
from authoring.sources import Path, Sources

MAX_COMPARED = 500
"""Beyond so many words, looking for the nearest one would cost more than it helps."""


class Desk:
    """Findings of one file. Positions are looked up only when there is something to report."""

    def __init__(self, file: str, sources: Sources) -> None:
        self.file = file
        self.sources = sources
        self.findings: list[Finding] = []
        self.journey: str | None = None
        self.step: str | None = None

    def report(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        hint: str | None = None,
        severity: Severity = "error",
        key: bool = False,
        offset: int | None = None,
        fix: Fix | None = None,
    ) -> None:
        """Add a finding at a value (or its key), or at a character of it."""
        if len(self.findings) >= MAX_A_FILE:
            return
        place = self.sources.place(self.file, path, key=key)
        line, column = place.line, place.column
        if offset is not None:
            line, column = place.inside(self.sources.texts.get(self.file, ""), offset)
        self.findings.append(
            Finding(
                code,
                severity,
                self.file,
                line,
                column,
                message,
                hint or None,
                fix,
                self.journey,
                self.step,
            )
        )


def near(word: str, among: Iterable[str]) -> str | None:
    """Return a hint naming the closest of some words, or the words when they are few."""
    known = set(among)
    if len(known) > MAX_COMPARED:
        return None
    words = sorted(known)
    close = get_close_matches(word, words, 1, 0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"There is: {', '.join(f'`{one}`' for one in words)}." if 0 < len(words) <= 12 else None
