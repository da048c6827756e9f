"""Circles that nothing stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from authoring.checks.base import Check
from authoring.checks.components import circles
from authoring.checks.flow import STOPPED, Way
from authoring.checks.survey import Subject
from authoring.findings import Finding
from engine.steps.do import Do
from engine.steps.say import Say


class EndlessCycle(Check):
    """Steps lead back to one another without anybody being asked, and without a wait or a bound.

    The engine would go round until its bound trips, then end in the failure journey. A question, a
    wait, a transfer, an approval or `again:` stops it.

    Wrong:
    ```yaml
    - {id: status, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    - id: ready
      decide:
        - {when: 'order.status == "delivered"', next: solved}
        - {else: true, next: status}
    ```
    Right:
    ```yaml
    - {id: status, do: oms.get_order, with: {id: order_id}, saves: {order: result}, by_hand: {…}}
    - id: ready
      decide:
        - {when: 'order.status == "delivered"', next: solved}
        - {else: true}
    - {id: later, wait: {delay: 2h}, next: status}
    ```
    """

    code = "graph.endless-cycle"
    severity = "error"

    def journey(self, subject: Subject) -> Iterator[Finding]:
        """Yield one finding a circle, at its first step."""
        flow = subject.flow
        if not flow.has_circles:
            return
        for group in circles({place: _unstopped(flow.out[place]) for place in flow.order}):
            members = set(group)
            if any(isinstance(flow.steps[place], Do) for place in group):
                # What is said before an action is a stop of its own.
                quiet = {
                    place: [to for to in _unstopped(flow.out[place]) if to in members]
                    for place in group
                    if not isinstance(flow.steps[place], Say)
                }
                group = next(iter(circles(quiet)), [])  # noqa: PLW2901 - sayings are stops now
            if not group:
                continue
            names = [flow.steps[place].id for place in group]
            yield self.found(
                subject,
                names[0],
                message=(
                    f"These steps lead back to one another and nothing stops them: "
                    f"{', '.join(names[:8])}."
                ),
                hint=(
                    "Put a question or a `wait` between them, or a bound: `again: 3` "
                    "with `otherwise:`."
                ),
            )


def _unstopped(ways: Sequence[Way]) -> list[int]:
    return [way.target for way in ways if way.target >= 0 and not way.marks & STOPPED]
