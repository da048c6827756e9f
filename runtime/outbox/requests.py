"""What a turn's events ask of other systems, as rows of the outbox and jobs to begin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from engine.events import Event, Requested
from engine.state import State
from runtime.json_text import to_text
from runtime.outbox.jobs import Job
from runtime.outbox.keys import key_of
from runtime.store import actions as a
from runtime.store.port import Unit

DAY: Final = 86_400_000
"""What nobody waits for is tried within a day, ms; then somebody must look at it."""


class Terms(NamedTuple):
    """The time and how long a lease is, in milliseconds, and what keys are made with."""

    now: int
    lease: int
    secret: bytes


def put(
    unit: Unit,
    tenant: str,
    state: State,
    *,
    events: Sequence[tuple[int, Event]],
    terms: Terms,
    room: int,
) -> list[Job]:
    """Add the actions that events ask for; return those to begin at once, `room` at most."""
    jobs: list[Job] = []
    now, lease, secret = terms
    asked = [(seq, event) for seq, event in events if isinstance(event, Requested)]
    before = _turn_by_turn([event for _, event in asked], state)
    for seq, event in asked:
        after = before.get(event.effect)
        inputs = event.inputs if event.given is None else event.given
        at_once = after is None and len(jobs) < room
        attempts, background = event.retries + 1, event.background
        deadline = now + (DAY if background else event.timeout)
        key = key_of(secret, tenant, session=state.session, action=event.effect)
        begun = "in_flight" if at_once else "ready" if after is None else "held"
        unit.add(
            a.NEW_EFFECT, tenant, state.session, event.effect, seq, event.operation,
            event.effect_class, int(event.behind), begun, int(at_once), attempts, now,
            event.timeout, deadline, now + lease if at_once else 0, int(at_once), None,
            to_text(inputs), int(background), after, None, key,
        )  # fmt: skip
        if at_once:
            jobs.append(
                Job(tenant, state.session, event.effect, event.operation, event.effect_class, 1,
                    attempts, event.timeout, deadline, 1, inputs, event.behind, background,
                    given=key)
            )  # fmt: skip
    return jobs


def _turn_by_turn(asked: Sequence[Requested], state: State) -> dict[str, str]:
    """Return which undoing waits for which: what was done last is undone first."""
    order = {effect: place for place, effect in enumerate(state.effects)}
    undoing = [event for event in asked if event.compensates is not None]
    undoing.sort(key=lambda event: -order.get(event.compensates or "", 0))
    pairs = pairwise(undoing)
    return {later.effect: earlier.effect for earlier, later in pairs}
