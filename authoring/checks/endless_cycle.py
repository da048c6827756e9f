"""Circles that nothing stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from authoring.checks.audiences import robots
from authoring.checks.base import Check
from authoring.checks.components import circles
from authoring.checks.flow import STOPPED, Flow
from authoring.checks.survey import Subject, Survey
from authoring.findings import Finding
from engine.steps.base import Step
from engine.steps.do import Do
from engine.steps.goto_journey import GotoJourney
from engine.steps.say import Say
from engine.walk import AUTOMATIC_BOUND


class EndlessCycle(Check):
    """Steps lead back to one another without anybody being asked, and without a wait or a bound.

    The engine would go round until its bound trips, then end in the failure journey. A question, a
    wait, a transfer, an approval or `again:` stops it. A robot is stopped by nothing that is said:
    `audience:` tells whether one may walk the journey.

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
        said: set[int] = set()
        for group in _endless(subject):
            if group[0] in said:
                continue
            said.add(group[0])
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

    def library(self, survey: Survey) -> Iterator[Finding]:
        """Yield the jumps by which journeys lead back to one another without a stop."""
        names = list(survey.library.journeys)
        number = {name: place for place, name in enumerate(names)}
        jumps = {name: list(_at_once(survey.subject(name))) for name in names}
        edges = {
            number[name]: [number[step.journey] for step in steps if step.journey in number]
            for name, steps in jumps.items()
        }
        for group in circles(edges):
            members = sorted(names[place] for place in group)
            step = next(one for one in jumps[members[0]] if one.journey in members)
            yield self.found(
                survey.subject(members[0]),
                step.id,
                "goto_journey",
                message=(
                    f"These journeys lead back to one another and nothing stops them: "
                    f"{', '.join(members[:8])}."
                ),
                hint="Put a question or a `wait` on the way back.",
            )


def _endless(subject: Subject) -> Iterator[list[int]]:
    """Yield the circles of steps that a walk may go round without a stop, or for too long."""
    flow = subject.flow
    goes_on = {place: _unstopped(subject, place) for place in flow.order}
    if robots(subject):
        # A robot is told nothing, and so is stopped by nothing that is said.
        yield from circles(goes_on)
    else:
        # What is said before an action is a stop of its own.
        for halts in (_acts, _tells):
            yield from circles(_apart(subject, goes_on, halts))
    bounded = {place: _unstopped(subject, place, bounds=False) for place in flow.order}
    for group in circles(_apart(subject, bounded, _acts)):
        times = sum(1 + (flow.steps[place].again or 0) for place in group if _bound(flow, place))
        if times * len(group) > AUTOMATIC_BOUND:
            yield group


def _apart(
    subject: Subject, edges: dict[int, list[int]], halts: Callable[[Step], bool]
) -> dict[int, list[int]]:
    steps = subject.flow.steps
    return {place: targets for place, targets in edges.items() if not halts(steps[place])}


def _acts(step: Step) -> bool:
    return isinstance(step, Do) and not step.behind


def _tells(step: Step) -> bool:
    return isinstance(step, Say)


def _bound(flow: Flow, place: int) -> bool:
    return flow.steps[place].again is not None


def _unstopped(subject: Subject, place: int, *, bounds: bool = True) -> list[int]:
    """Return where a step leads without stopping anybody; `again` is a bound unless told not."""
    step = subject.flow.steps[place]
    unheard = isinstance(step, Say) and robots(subject)
    return [
        way.target
        for way in subject.flow.out[place]
        if way.target >= 0
        # What came to nothing behind is dealt with once.
        and way.of is None
        and (unheard or not way.marks & STOPPED)
        and not (bounds and step.again is not None and way.exit != "again")
    ]


def _at_once(subject: Subject) -> Iterator[GotoJourney]:
    """Yield the jumps that a journey comes to without stopping anybody."""
    flow = subject.flow
    todo = [flow.start] if flow.order else []
    seen = set(todo)
    for place in todo:
        step = flow.steps[place]
        if isinstance(step, GotoJourney):
            yield step
        for target in _unstopped(subject, place):
            if target not in seen:
                seen.add(target)
                todo.append(target)
