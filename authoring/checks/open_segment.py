"""A customer segment without a written list."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.survey import Survey
from authoring.findings import Finding
from engine.facts import SEGMENT, is_listed


class OpenSegment(Check):
    """The fact `customer.segment` takes any text, so that no figure is cut by it.

    Figures are cut by segment where the whole list of segments is written: a free text could name
    somebody.

    Wrong:
    ```yaml
    facts:
      customer.segment: {type: text, holder: customer}
    ```
    Right:
    ```yaml
    facts:
      customer.segment: {type: choice, options: [private, trade], holder: customer}
    ```
    """

    code = "trace.open-segment"
    severity = "warning"

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the segment, where it is none of a list."""
        fact = survey.library.facts.get(SEGMENT)
        if fact is not None and not is_listed(fact):
            yield self.found_in(
                survey,
                "library.yaml",
                *("facts", SEGMENT, "type"),
                message=f"'{SEGMENT}' has no written list, and no figure is cut by it.",
                hint="Give it `type: choice` with `options`.",
            )
