"""Reading on past what breaks YAML.

A text that should have been quoted is, with a finding, and the rest is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from yaml import YAMLError
from yaml.error import MarkedYAMLError

from authoring.findings import MAX_A_FILE, Finding, Fix, Severity
from authoring.yaml.fix import quoted
from authoring.yaml.lenient import Bare, bare_texts
from authoring.yaml.reader import MAX_DEPTH, MAX_EVENTS, Read, read
from authoring.yaml.stream import events

MAX_REPAIRS = 200
"""Lines mended in one file before the rest is left unread."""
MAX_REREAD = 4 << 20
"""Characters read again for that.

So that a large file with many faults costs no more than a few readings.
"""
MAX_LINE = 10_000
"""The longest line that is mended.

No wording is longer, and looking at one costs more than its length.
"""

MAY_COMMENT = re.compile(r"#[^\s#]")
MAY_SPLIT = re.compile(r",[0-9]")
CUT = re.compile(r"\s+#[^\s#]|,[0-9]")
HINT = "Put it in quotes."
TAG = "form.yaml-tag"


@dataclass(slots=True)
class Repaired:
    """A file's data, what is wrong with it, and the text its places refer to."""

    text: str
    data: Any = None
    findings: list[Finding] = field(default_factory=list)


class _Mender:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.mended: dict[int, str] = {}
        self.findings: list[Finding] = []

    def current(self) -> str:
        """Return the text with the lines mended so far."""
        if not self.mended:
            return self.text
        return "\n".join(self.mended.get(at, line) for at, line in enumerate(self.lines))

    def mend(self, at: int, *, severity: Severity = "error", inside: int | None = None) -> bool:
        """Quote what needs it on a line, with findings.

        False when there is nothing to quote, or it was done before.

        With `inside`, only a text that holds that column counts as a reason to touch the line.
        """
        if at in self.mended or not 0 <= at < len(self.lines):
            return False
        if len(self.lines[at]) > MAX_LINE or len(self.findings) >= MAX_A_FILE:
            return False
        line = self.lines[at]
        ways = (bare_texts(line), bare_texts(line, flowing=True))
        for texts in ways:
            if texts and (inside is None or any(one.start <= inside <= one.end for one in texts)):
                self._quote(at, texts, severity)
                return True
        return False

    def _quote(self, at: int, texts: list[Bare], severity: Severity) -> None:
        line, mended = self.lines[at], ""
        done = 0
        for one in texts:
            text = line[one.start : one.end]
            start = self.starts[at] + one.start
            fix = Fix(self.file, start, start + len(text), quoted(text))
            shown = text if len(text) <= 50 else text[:47] + "…"
            self.findings.append(
                Finding(
                    "form.quote",
                    severity,
                    self.file,
                    at + 1,
                    one.start + 1,
                    f"`{shown}` is not read as it is written:"
                    " YAML takes some of its signs for its own.",
                    HINT,
                    fix,
                )
            )
            mended += line[done : one.start] + quoted(text)
            done = one.end
        self.mended[at] = mended + line[done:]

    def undo(self, at: int) -> None:
        """Take back what was mended on a line, and its findings: it was not what broke the file."""
        del self.mended[at]
        self.findings = [finding for finding in self.findings if finding.line != at + 1]


def read_repaired(text: str, file: str) -> Repaired:
    """Return a file's data, read on past what breaks it where that is a text without quotes.

    What broke the file, or changed silently what it says, is `form.quote`, with the fix that quotes
    it.
    """
    found = read(text, file)
    if found.stopped is None and not found.suspects and not found.findings and not _may_cut(text):
        return Repaired(text, found.data)
    mender = _Mender(text, file)
    found = _past_errors(mender, found)
    if found.stopped is not None:
        return Repaired(
            text, None, [*mender.findings, *found.findings, _syntax(found.stopped, file)]
        )
    found = _past_silence(mender, found)
    findings = [_with_fix(mender, finding) for finding in found.findings]
    _warn_of_cuts(mender)
    return Repaired(mender.current(), found.data, [*mender.findings, *findings])


def _past_errors(mender: _Mender, found: Read) -> Read:
    """Mend the lines that stop the parser, as long as each mending lets it read further."""
    for _ in range(min(MAX_REPAIRS, MAX_REREAD // (len(mender.text) + 1) + 1)):
        if found.stopped is None:
            break
        before = _line(found.stopped)
        for at in _candidates(found.stopped):
            if not mender.mend(at):
                continue
            again = read(mender.current(), mender.file)
            if again.stopped is None or _line(again.stopped) > before:
                found = again
                break
            mender.undo(at)
        else:
            break
    return found


def _candidates(error: MarkedYAMLError) -> list[int]:
    marks = [mark.line for mark in (error.problem_mark, error.context_mark) if mark is not None]
    at = marks[0] if marks else 0
    return list(dict.fromkeys([at, at - 1, *marks, at - 2]))


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line if mark is not None else 0


def _past_silence(mender: _Mender, found: Read) -> Read:
    """Mend texts that a comma cut into keys without values, or that a hole made a mapping.

    `{fr: Oui, c'est ça}`.
    """
    # Columns are those of the mended text: only lines not mended yet are looked at, where they are
    # the file's own.
    touched = False
    for mark in found.suspects:
        if mark.line not in mender.mended:
            touched |= mender.mend(mark.line, inside=mark.column)
    for finding in found.findings:
        at, column = finding.line - 1, finding.column - 1
        # `! Attention` is no tag anybody meant.
        if finding.code == TAG and mender.lines[at][column : column + 2] == "! ":
            touched |= mender.mend(at, inside=column)
    return read(mender.current(), mender.file) if touched else found


def _with_fix(mender: _Mender, finding: Finding) -> Finding:
    """Return the finding of a tag with the quotes that would make a text of it.

    `!Attention à la marche`.
    """
    at = finding.line - 1
    if finding.code == TAG and at not in mender.mended:
        line = mender.lines[at]
        for one in bare_texts(line) if len(line) <= MAX_LINE else ():
            if one.start == finding.column - 1 and " " in line[one.start : one.end]:
                start = mender.starts[at] + one.start
                return replace(
                    finding,
                    fix=Fix(
                        mender.file,
                        start,
                        start + one.end - one.start,
                        quoted(line[one.start : one.end]),
                    ),
                )
    return finding


def _warn_of_cuts(mender: _Mender) -> None:
    """Warn of texts that a `#` or a decimal comma cut without a word from YAML."""
    if not _may_cut(mender.text):
        return
    text = mender.current()
    for mark in _cuts(text):
        mender.mend(mark.line, severity="warning", inside=mark.column)


def _may_cut(text: str) -> bool:
    return MAY_COMMENT.search(text) is not None or MAY_SPLIT.search(text) is not None


def _cuts(text: str) -> list[Any]:
    found: list[Any] = []
    draw = events(text)
    depth = 0
    try:
        for _ in range(MAX_EVENTS):
            event = draw()
            kind = event.__class__.__name__
            depth += kind.endswith(("gStartEvent", "eStartEvent"))
            depth -= kind.endswith("EndEvent") and kind not in {
                "StreamEndEvent",
                "DocumentEndEvent",
            }
            if kind == "StreamEndEvent" or depth > MAX_DEPTH:
                break
            if (
                kind == "ScalarEvent"
                and not event.style
                and event.value
                and _is_cut(text, event.end_mark.index)
            ):
                found.append(event.start_mark)
    except YAMLError:
        pass  # The reader reports it.
    return found


def _is_cut(text: str, end: int) -> bool:
    found = CUT.match(text, end)
    return found is not None and (not found[0].startswith(",") or text[end - 1].isdigit())


def _syntax(error: MarkedYAMLError, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    hint = "Look at the indentation, brackets and quotes around it."
    if "cannot start any token" in str(error.problem):
        hint = "Indent with spaces, not tabs; put a text that begins with such a sign in quotes."
    elif "mapping values are not allowed" in str(error.problem):
        hint = (
            "A text with a colon needs quotes; a key below a text needs a colon behind that text."
        )
    return Finding(
        "form.yaml-syntax", "error", file, line, column, f"This is not YAML: {error.problem}.", hint
    )
