"""Steps from which no outcome can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.flow import AWAY, OFF
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.end import End


class NoOutcome(Check):
    """From this step the customer can go on for ever without coming to an outcome.

    Every conversation must be able to end: resolved, or in any other way that says what became of
    it.

    Wrong:
    ```yaml
    - {id: retry, ask: {again: yes_no}, say: "On réessaie ?", none: false, next: retry}
    - {id: solved, end: resolved}
    ```
    Right:
    ```yaml
    - id: retry
      say: "On réessaie ?"
      ask: {again: {type: yes_no, yes: {next: retry}, no: {next: solved}}}
      none: false
    - {id: solved, end: resolved}
    ```
    """

    code = "graph.no-outcome"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield the first reachable step of those that never come to an outcome."""
        flow = subject.flow
        into: dict[int, list[int]] = {}
        good: list[int] = []
        for place in flow.order:
            ways = flow.out[place]
            # A fall off the end has its own finding; here it counts as a way out.
            out = any(way.target in {AWAY, OFF} and way.exit != "none" for way in ways)
            if isinstance(flow.steps[place], End) or out:
                good.append(place)
            for way in ways:
                if way.target >= 0:
                    into.setdefault(way.target, []).append(place)
        ends = set(good)
        while good:
            for source in into.get(good.pop(), ()):
                if source not in ends:
                    ends.add(source)
                    good.append(source)
        stuck = [place for place in flow.order if place not in ends]
        if stuck:
            step = flow.steps[min(stuck)]
            more = f" ({len(stuck)} steps are concerned)" if len(stuck) > 1 else ""
            yield self.found(
                subject,
                step.id,
                message=f"No path leads from step '{step.id}' to an outcome{more}.",
                hint="Give one of the steps after it a way to an `end`.",
            )
