"""What tests went through beyond steps and exits: rows of tables, and robots that failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from engine.events import Entered, Event, FellBack, Opened, Passed, Requested, Settled, Started
from engine.evolve import evolve
from engine.model import Library
from engine.places import Here
from engine.reading import Env, Reading
from engine.state import State
from engine.steps.base import Step
from engine.steps.decide import Decide
from engine.steps.do import Do

BY_HAND, REFUSED = "by_hand", "refused"
"""What an action may come to beside success: done by a person, turned down by its system."""


def rows(library: Library, events: Sequence[Event]) -> Iterator[tuple[str, str, int]]:
    """Yield (journey, step, row) of each row of a table that a session came out by.

    Events say which way was taken, not by which row: the table is looked up again on the values of
    that moment.
    """
    state = State()
    zone = ZoneInfo(library.timezone)
    for event in events:
        if isinstance(event, Passed) and event.run in state.runs:
            journey = state.runs[event.run].journey
            step = library.journeys[journey].steps.get(event.step)
            if isinstance(step, Decide) and step.table is not None:
                reading = Reading(library, state, Env(event.at, zone, event.by, "system"))
                here = Here(event.run, step, event.occ, event.came, event.today, event.visit)
                for row in step.found(reading, here).rows:
                    yield journey, step.id, row
        evolve(state, event)


def failures(events: Sequence[Event]) -> Iterator[tuple[str, str, str]]:
    """Yield (journey, step, by_hand or refused) of each action that did not succeed by itself."""
    journey_of: dict[str, str] = {}
    at: dict[int, tuple[str, str]] = {}
    asked: dict[str, tuple[str, str]] = {}
    for event in events:
        match event:
            case Started():
                journey_of["main"] = event.journey
            case Opened():
                journey_of[event.run] = event.journey
            case Entered():
                at[event.visit] = (journey_of[event.run], event.step)
            case Requested() if event.compensates is None:
                asked[event.effect] = (journey_of[event.run], event.step)
            case FellBack():
                yield (*at[event.visit], BY_HAND)
            case Settled() if event.status == "refused" and event.effect in asked:
                yield (*asked[event.effect], REFUSED)
            case _:
                continue


def rows_of(step: Step) -> int:
    """Return how many rows the table of a step has."""
    return len(step.table.rows) if isinstance(step, Decide) and step.table is not None else 0


def failures_of(step: Step) -> Iterator[str]:
    """Yield what a step's action may come to beside success."""
    if isinstance(step, Do):
        # What is done behind and read by nobody comes back to nobody.
        is_read = not step.behind or any(step.writes()) or any(step.may_write())
        if step.by_hand is not None and is_read:
            yield BY_HAND
        if step.operation.refusals:
            yield REFUSED
