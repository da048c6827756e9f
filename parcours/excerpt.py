"""Findings for a person at a terminal: the place, the line itself with a caret, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from authoring.findings import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from authoring.findings import Finding

COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_WIDEST = 100


def excerpt(finding: Finding, source: str, *, shown_as: str) -> Text:
    """Return one finding with the line it is about. `source` is the text of its file."""
    colour = COLOURS[finding.severity]
    text = Text()
    text.append(f"{shown_as}:{finding.line}:{finding.column}", style="bold")
    text.append(f"  {finding.severity} ", style=colour)
    text.append(f"{finding.code}\n", style="dim")
    text.append(f"  {finding.message}\n")
    lines = source.splitlines()
    if 0 < finding.line <= len(lines):
        line, column = _cut(lines[finding.line - 1], finding.column)
        number = f"{finding.line:>5} │ "
        text.append(number, style="dim")
        text.append(f"{line}\n")
        text.append(" " * (len(number) - 2) + "│ ", style="dim")
        text.append(" " * (column - 1) + "^\n", style=colour)
    if finding.hint:
        text.append(f"  → {finding.hint}\n", style="green")
    return text


def _cut(line: str, column: int) -> tuple[str, int]:
    """Return the part of a long line around a column, and where the column is in it."""
    line = line.replace("\t", " ")
    if len(line) <= _WIDEST:
        return line, min(column, len(line) + 1)
    begin = max(0, column - _WIDEST // 2)
    return f"…{line[begin : begin + _WIDEST]}…", column - begin + 1


def summary(findings: Sequence[Finding], *, asked: str) -> str:
    """Return one line that counts the findings, in `fr` or `en`."""
    counts = tally(findings)
    if not findings:
        return {"fr": "Rien à redire.", "en": "Nothing to report."}[asked]
    words = {
        "fr": {"error": "erreur", "warning": "avertissement", "info": "remarque"},
        "en": {"error": "error", "warning": "warning", "info": "note"},
    }[asked]
    parts = [f"{count} {words[kind]}{'s' * (count > 1)}" for kind, count in counts.items() if count]
    return ", ".join(parts) + "."


def by_file(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """Return findings grouped by their file, in the order they came."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.file, []).append(finding)
    return grouped
