"""What is wrong, or could be better, in a library.

Always with the place, the reason and what to do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

MAX_A_FILE = 1_000
"""Findings kept of one file: beyond, it is mended or generated anew, not read."""

SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Fix:
    """A mechanical correction.

    The characters `start` to `end` of a file, and what replaces them.
    """

    file: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a library.

    `code` is dotted and stable, its first part is the area; `file` is relative to the library's
    folder; `line` and `column` count from 1; `hint` says what to write instead; `fix` is there when
    it can be done mechanically.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    message: str
    hint: str | None = None
    fix: Fix | None = None
    journey: str | None = None
    step: str | None = None

    @property
    def area(self) -> str:
        """Return the area of the check, such as form, graph or data."""
        return self.code.partition(".")[0]

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Return what findings are sorted by: file, line, column, code."""
        return (self.file, self.line, self.column, self.code)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding forbids publication."""
    return any(finding.severity == "error" for finding in findings)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by file, line and column, each once."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.place)


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in SEVERITIES}


def to_text(findings: Sequence[Finding]) -> str:
    """Return findings for a terminal: `file:line:column severity code message`, the hint below."""
    lines: list[str] = []
    for one in findings:
        lines.append(f"{one.file}:{one.line}:{one.column}: {one.severity} {one.code} {one.message}")
        if one.hint:
            lines.append(f"    {one.hint}")
    return "".join(f"{line}\n" for line in lines)


def as_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON data, the same for the command line and the API."""
    data: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
    }
    for key in ("hint", "journey", "step"):
        value = getattr(finding, key)
        if value is not None:
            data[key] = value
    if finding.fix is not None:
        fix = finding.fix
        data["fix"] = {"start": fix.start, "end": fix.end, "replacement": fix.replacement}
    return data


def to_json(findings: Sequence[Finding]) -> str:
    """Return findings as one JSON document: `{"findings": [...], "counts": {...}}`."""
    data = {"findings": [as_dict(one) for one in findings], "counts": tally(findings)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def to_sarif(findings: Sequence[Finding], *, version: str = "0") -> str:
    """Return findings as SARIF 2.1.0, which code reviews show beside the lines.

    Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
    """
    rules = [{"id": code} for code in sorted({one.code for one in findings})]
    results = [
        {
            "ruleId": one.code,
            "level": SARIF_LEVELS[one.severity],
            "message": {"text": one.message if one.hint is None else f"{one.message} {one.hint}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": one.file},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    }
                }
            ],
        }
        for one in findings
    ]
    driver = {"name": "parcours", "version": version, "rules": rules}
    report = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
