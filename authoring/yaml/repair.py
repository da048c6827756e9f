"""Reading on past what breaks YAML: a text that should have been quoted is, with a finding, and the rest is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml.error import MarkedYAMLError

from authoring.findings import Finding
from authoring.yaml.reader import read


@dataclass(slots=True)
class Repaired:
    """A file's data, what is wrong with it, and the text its places refer to."""

    text: str
    data: Any = None
    findings: list[Finding] = field(default_factory=list)


def read_repaired(text: str, file: str) -> Repaired:
    """Return a file's data, read on past the first thing that breaks it where that is a text without quotes."""
    found = read(text, file)
    if found.stopped is not None:
        found.findings.append(_syntax(found.stopped, file))
        found.data = None
    return Repaired(text, found.data, found.findings)


def _syntax(error: MarkedYAMLError, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Finding("form.yaml-syntax", "error", file, line, column, f"This is not YAML: {error.problem}.",
                   "Look at the indentation, brackets and quotes around it.")  # fmt: skip
