"""Codes that are not in the library's lists, or are not leaves of them."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.reads import conditions
from authoring.checks.survey import Subject, Survey
from authoring.checks.taken_codes import taken
from authoring.checks.unknown_name import near
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
        """Yield the declarations mapped to a journey that no list has."""
        declared = survey.library.codes.get("declaration", {})
        for code in survey.library.declarations:
            if code not in declared:
                yield self.found_in(
                    survey,
                    "library.yaml",
                    "declarations",
                    code,
                    message=f"'{code}' is not in the list of declarations.",
                    hint=near(code, declared),
                )


class NotLeaf(Check):
    """A code is taken that has finer ones below it.

    Only leaves are taken: a parent would count apart from its children, and its share would mean nothing.

    Wrong:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison}
    ```
    Right:
    ```yaml
    - {id: told, say: "C'est noté.", acts: livraison.information}
    ```
    """

    code = "trace.not-a-leaf"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the parents taken as codes."""
        for step in subject.flow.steps:
            for one in taken(step):
                entries = subject.library.codes.get(one.code.axis, {})
                entry = entries.get(one.code.code)
                if entry is None or entry.leaf:
                    continue
                below = sorted(code for code in entries if code.startswith(f"{entry.code}."))
                yield self.found(
                    subject,
                    step.id,
                    *one.keys,
                    message=f"'{entry.code}' has finer codes below it: one of them must be taken.",
                    hint=f"There are: {', '.join(below[:6])}{' …' if len(below) > 6 else ''}.",
                )
