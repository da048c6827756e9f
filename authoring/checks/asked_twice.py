"""Questions that one conversation may ask twice."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.base import Check
from authoring.checks.components import circles
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.ask import Ask


class AskedTwice(Check):
    """The same thing may be asked twice on one path.

    Either two questions ask for the same value, one after the other, or a circle comes back to a
    question. What was said once should not be asked again; where it must, bound it with `again:`.

    Wrong:
    ```yaml
    - {id: first, say: "Votre e-mail ?", ask: {email: email}}
    - {id: second, say: "Votre e-mail ?", ask: {email: email}}
    ```
    Right:
    ```yaml
    - {id: first, say: "Votre e-mail ?", ask: {email: email}}
    - {id: sent, say: "Nous écrivons à {email}."}
    ```
    """

    code = "data.asked-twice"
    severity = "warning"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield questions on circles without a bound, and pairs that ask for one value."""
        flow = subject.flow
        for group in circles(flow.edges) if flow.has_circles else ():
            bounded = any(flow.steps[place].again is not None for place in group)
            if bounded:
                continue
            asks = [place for place in group if isinstance(flow.steps[place], Ask)]
            for place in asks:
                step = flow.steps[place]
                yield self.found(
                    subject,
                    step.id,
                    message=(
                        f"Question '{step.id}' stands on a circle: it may be asked twice on a path."
                    ),
                    hint="If it must be, bound it with `again:` and `otherwise:`.",
                )
        yield from self._pairs(subject, flow.edges)

    def _pairs(self, subject: Subject, edges: dict[int, list[int]]) -> Iterator[Finding]:
        asking: dict[str, list[tuple[int, str]]] = {}
        for place in sorted(subject.flow.order):
            step = subject.flow.steps[place]
            # A question bounded with `again:` is meant to be asked again.
            if isinstance(step, Ask) and step.again is None:
                for question in step.questions:
                    if question.fact is not None and question.known in {None, "skip"}:
                        # What the fact already holds is not asked again.
                        continue
                    asking.setdefault(question.name, []).append((place, step.id))
        for name, places in asking.items():
            if len(places) < 2:
                continue
            wanted = {place for place, _ in places}
            for place, step_id in _asked_again(wanted, edges):
                yield self.found(
                    subject,
                    subject.flow.steps[place].id,
                    "ask",
                    name,
                    message=(
                        f"'{name}' may have been asked before on this path, at step "
                        f"'{subject.flow.steps[step_id].id}'."
                    ),
                    hint=(
                        f"Use the first answer, or skip this one when it is there: `when: "
                        f"'not known({name})'`."
                    ),
                )


def _asked_again(wanted: set[int], edges: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield (later, earlier) for the questions of a group that can follow another one.

    Each later one once.
    """
    said: set[int] = set()
    for first in sorted(wanted):
        seen: set[int] = set()
        todo = list(edges.get(first, ()))
        while todo:
            place = todo.pop()
            if place in seen or place == first:
                continue
            seen.add(place)
            if place in wanted:
                if place not in said:
                    said.add(place)
                    yield place, first
                # Beyond the next one it is that one which is asked twice.
                continue
            todo += edges.get(place, ())
