"""What every check is.

One rule, its code, how grave it is, and a docstring that is its manual page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from authoring.checks.survey import Subject, Survey
from authoring.findings import Finding, Severity


class Check:
    """One rule that libraries are held to.

    A check is a file in this folder and a line in the registry. Its docstring says what it looks
    for and why, with a `Wrong` and a `Right` example in YAML; the reference is made of it, and a
    golden file named by its code plays it.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity]

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield what is wrong in a library as a whole."""
        del survey
        yield from ()

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield what is wrong in one journey."""
        del subject
        yield from ()

    def found(
        self,
        subject: Subject,
        step: str | None,
        *keys: str | int,
        message: str,
        hint: str | None = None,
    ) -> Finding:
        """Return a finding at a key of a step, or of the journey itself."""
        at = subject.survey.loaded.sources.locate(subject.journey.id, step, *keys)
        return Finding(
            self.code,
            self.severity,
            at.file,
            at.line,
            at.column,
            message,
            hint,
            journey=subject.journey.id,
            step=step,
        )

    def found_in(
        self, survey: Survey, file: str, *keys: str | int, message: str, hint: str | None = None
    ) -> Finding:
        """Return a finding at a key of a file that is not a journey."""
        line, column = survey.loaded.sources.position(file, keys)
        return Finding(self.code, self.severity, file, line, column, message, hint)
