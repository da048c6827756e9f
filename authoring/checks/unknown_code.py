"""Codes that are not in the library's lists."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.nearest import near
from authoring.checks.reads import conditions
from authoring.checks.survey import Subject, Survey
from authoring.checks.taken_codes import taken
from authoring.findings import Finding
from engine.expressions import nodes


class UnknownCode(Check):
    """A code is taken, tested or mapped that the library's lists do not have.

    What is counted under a code nobody declared is lost to every measure.

    Wrong:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison.informaton}
    ```
    Right:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison.information}
    ```
    """

    code = "trace.unknown-code"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the codes taken and tested that no list has."""
        lists = subject.library.codes
        for step in subject.flow.steps:
            for one in taken(step):
                if one.code.code not in lists.get(one.code.axis, {}):
                    yield self._unknown(subject, step.id, one.code.axis, one.code.code, one.keys)
            if step.prevents is not None and step.prevents not in lists.get("declaration", {}):
                yield self._unknown(subject, step.id, "declaration", step.prevents, ("prevents",))
            for condition in conditions(step, subject.survey.guards):
                for test in nodes.code_tests(condition.expression.ast):
                    if test.code not in lists.get(test.axis, {}):
                        yield self._unknown(subject, step.id, test.axis, test.code, condition.keys)

    def _unknown(
        self, subject: Subject, step: str, axis: str, code: str, keys: tuple[str | int, ...]
    ) -> Finding:
        return self.found(
            subject,
            step,
            *keys,
            message=f"'{code}' is not in the list of {axis}s.",
            hint=near(code, subject.library.codes.get(axis, {})),
        )

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the codes that no list has.

        Declarations mapped to a journey or named as motives, and qualifications that a declaration
        corresponds to.
        """
        declared = survey.library.codes.get("declaration", {})
        named: list[tuple[str, ...]] = [
            ("declarations", code) for code in survey.library.declarations
        ]
        named += [("tickets", "motives", code) for code in survey.library.ticketing.motives]
        for path in named:
            code = path[-1]
            if code not in declared:
                yield self.found_in(
                    survey,
                    "library.yaml",
                    *path,
                    message=f"'{code}' is not in the list of declarations.",
                    hint=near(code, declared),
                )
        yield from self._corresponding(survey)

    def _corresponding(self, survey: Survey) -> Iterator[Finding]:
        found = survey.library.codes.get("qualification", {})
        for code, entry in survey.library.codes.get("declaration", {}).items():
            path: list[str | int] = [*".children.".join(code.split(".")).split(".")]
            for place, named in enumerate(entry.corresponds):
                if named not in found:
                    yield self.found_in(
                        survey,
                        "codes.yaml",
                        *("declarations", *path, "corresponds", place),
                        message=f"'{named}' is not in the list of qualifications.",
                        hint=near(named, found),
                    )
