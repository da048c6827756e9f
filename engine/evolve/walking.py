"""What walking changes: steps entered and left, runs opened and closed, the end."""

from __future__ import annotations

from dataclasses import replace

from engine import events as e
from engine.evolve.changes import Changes, assign, index_of, settle_down
from engine.evolve.ways import EARLY, PEOPLE, RECORDED
from engine.state import ROOT, Run, State, Visit


def _started(state: State, event: e.Started) -> None:
    state.session, state.revision, state.journey = event.session, event.revision, event.journey
    state.audience, state.language, state.channel = event.audience, event.language, event.channel
    state.contact, state.ticket, state.customer = event.contact, event.ticket, event.customer
    state.words, state.started_at, state.status = event.words, event.at, "active"
    state.inputs = event.inputs
    state.known = event.known
    state.runs = {ROOT: Run(ROOT, event.journey, None, None, "root", dict(state.inputs))}
    state.stack = [ROOT]


def _entered(state: State, event: e.Entered) -> None:
    state.order += 1
    state.automatic += 1
    state.occurrences[(event.run, event.step)] = event.occ
    if event.visit >= state.next_visit:
        state.next_visit = event.visit + 1
    at = event.at if not state.cache else _uncached(state, event.visit, event.at)
    state.path.append(
        Visit(
            event.visit,
            event.run,
            event.step,
            event.occ,
            event.came,
            event.today,
            at,
            state.order,
            event.repeats,
        )
    )


def _uncached(state: State, visit: int, at: int) -> int:
    """Take a visit met again out of the cache; it keeps the time it was first reached."""
    cached = state.cache.get(visit)
    if cached is None:
        return at
    if cached.how in PEOPLE or (cached.exit in (None, EARLY) and cached.opens):
        # Its resolution waits here: digressions to walk again, or what is told before what stop.
        return cached.at
    state.cache = {k: v for k, v in state.cache.items() if k != visit}
    return cached.at


def _passed(state: State, event: e.Passed) -> None:
    state.order += 1
    state.automatic += 1
    state.occurrences[(event.run, event.step)] = event.occ
    if event.visit >= state.next_visit:
        state.next_visit = event.visit + 1
    at = event.at if not state.cache else _uncached(state, event.visit, event.at)
    visit = Visit(
        event.visit, event.run, event.step, event.occ, event.came, event.today, at, state.order
    )
    visit.left_at, visit.left_order, visit.how, visit.exit = (
        event.at,
        state.order,
        "passed",
        event.exit,
    )
    visit.assigned, visit.codes = event.assigned, event.codes
    state.path.append(visit)
    if event.assigned:
        assign(state, event.run, event.assigned)


def _left(state: State, event: e.Left) -> None:
    index = index_of(state, event.visit)
    visit = state.path[index].copied()
    state.order += 1
    visit.left_at, visit.left_order, visit.how, visit.exit = (
        event.at,
        state.order,
        event.how,
        event.exit,
    )
    visit.values, visit.assigned, visit.codes = event.values, event.assigned, event.codes
    visit.source, visit.reason, visit.by = event.source, event.reason, event.by
    state.path[index] = visit
    if event.assigned:
        assign(state, visit.run, event.assigned)
    if event.visit in state.cache:
        state.cache = {k: v for k, v in state.cache.items() if k != event.visit}
    if event.values and state.offers:
        state.offers = {k: v for k, v in state.offers.items() if k not in event.values}
    if event.how in RECORDED:
        state.automatic = 0
    if event.how in PEOPLE:
        _resolved(state, event)
    if event.how != "behind":
        state.ahead = None
        settle_down(state, visit.id)
    elif event.source is not None:
        _gone_behind(state, event.source["effect"], visit.id)


def _gone_behind(state: State, name: str, visit: int) -> None:
    """Let an action that was waited for end behind talk, from here on."""
    effect = state.effects[name]
    if not effect.behind:
        state.effects = {**state.effects, name: replace(effect, behind=True)}
        settle_down(state, visit)


def _resolved(state: State, event: e.Left) -> None:
    """Count what a robot resolves by itself; what anybody else does ends the hand-over."""
    if state.pilot is not None and event.by == state.pilot[0]:
        state.pilot = (*state.pilot[:2], state.pilot[2] + 1)
    elif state.handed:
        state.handed = False


def _restored(state: State, event: e.Restored) -> None:
    cached = state.cache[event.visit]
    state.cache = {k: v for k, v in state.cache.items() if k != event.visit}
    state.order += 1
    visit = cached.copied(exit=event.exit, assigned=event.assigned, codes=event.codes, opens=())
    visit.left_order = state.order
    state.automatic = 0
    state.occurrences[(visit.run, visit.step)] = visit.occ
    for index in range(len(state.path) - 1, -1, -1):
        if state.path[index].id == event.visit:
            visit.opens, visit.order = state.path[index].opens, state.path[index].order
            state.path[index] = visit
            break
    else:
        visit.order = state.order
        state.path.append(visit)
    state.undone = tuple(v for v in state.undone if v != event.visit)
    if event.assigned:
        assign(state, visit.run, event.assigned)
    state.ahead = None
    settle_down(state, visit.id)


def _opened(state: State, event: e.Opened) -> None:
    inputs = event.inputs
    state.runs[event.run] = Run(
        event.run, event.journey, event.parent, event.visit, event.mode, dict(inputs)
    )
    state.stack.append(event.run)
    if event.mode == "digression":
        state.runs[event.run].ahead, state.ahead = state.ahead, None
    elif event.mode in ("failure", "cancel"):
        state.wait, state.transfer, state.ahead, state.status = None, None, None, "active"
        state.paused = None
    for index in range(len(state.path) - 1, -1, -1):
        if state.path[index].id == event.visit:
            host = state.path[index]
            state.path[index] = host.copied(
                opens=(*host.opens, (event.run, event.journey, event.mode, inputs))
            )
            return


def _closed(state: State, event: e.Closed) -> None:
    while state.stack and state.stack.pop() != event.run:
        pass
    if state.runs[event.run].mode == "digression":
        state.ahead = state.runs[event.run].ahead
    if event.visit is not None:
        index = index_of(state, event.visit)
        state.path[index] = state.path[index].copied(closes=event.run)


def _halted(state: State, event: e.Halted) -> None:
    state.ahead = (event.visit, event.run, event.step, event.came)


def _focused(state: State, event: e.Focused) -> None:
    state.focus = event.visit


def _tripped(state: State, event: e.Tripped) -> None:
    state.tripped, state.automatic = event.code, 0


def _ended(state: State, event: e.Ended) -> None:
    state.status, state.outcome, state.not_reached = event.status, event.outcome, event.not_reached
    state.wait, state.transfer, state.ahead, state.focus = None, None, None, None
    state.pilot, state.handed = None, False
    state.ended_at = event.at


APPLY: Changes = {
    e.Started: _started,
    e.Entered: _entered,
    e.Passed: _passed,
    e.Left: _left,
    e.Restored: _restored,
    e.Opened: _opened,
    e.Closed: _closed,
    e.Focused: _focused,
    e.Halted: _halted,
    e.Tripped: _tripped,
    e.Ended: _ended,
}
