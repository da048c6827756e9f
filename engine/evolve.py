"""What an event changes.

It never refuses and needs no library, so that no later engine can move a pinned session.

Source: semantics.md 1, 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from engine import events as e
from engine.state import ROOT, Effect, Run, State, Visit, Wait

PEOPLE = frozenset({"answered", "acknowledged", "skipped", "none", "by_hand", "consulted"})
"""Ways of leaving a visit that a person chose; `back` goes through them."""
RECORDED = PEOPLE | {"succeeded", "refused", "failed", "not_done", "woken", "timeout", "transferred", "approved",
                     "declined"}  # fmt: skip
"""Ways of leaving that are a resolution somebody or something gave; the automatic bound counts from
the last."""
ENDED = ("ended", "failed")


def fold(events: Iterable[e.Event]) -> State:
    """Return the state of a session after these events, from its first."""
    state = State()
    for event in events:
        evolve(state, event)
    return state


def evolve(state: State, event: e.Event) -> None:
    """Apply one event to a draft, in place."""
    state.seq += 1
    if event.MOVES:
        state.version = state.seq
    _APPLY[type(event)](state, event)


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
    if cached.how in PEOPLE:
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
        _assign(state, event.run, event.assigned)


def _left(state: State, event: e.Left) -> None:
    index = _index(state, event.visit)
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
        _assign(state, visit.run, event.assigned)
    if event.visit in state.cache:
        state.cache = {k: v for k, v in state.cache.items() if k != event.visit}
    if event.values and state.offers:
        state.offers = {k: v for k, v in state.offers.items() if k not in event.values}
    if event.how in RECORDED:
        state.automatic = 0
    if event.how != "behind":
        state.ahead = None
        _settle_down(state, visit.id)


def _settle_down(state: State, visit: int) -> None:
    """Make the session active again when what it waited for was at this visit."""
    if state.wait is not None and state.wait.visit == visit:
        state.wait = None
    if state.transfer is not None and state.transfer[2] == visit:
        state.transfer = None
    status = state.paused if state.status == "paused" else state.status
    if status in ("pending", "waiting") and state.wait is None and state.transfer is None:
        _become(state, "active")


def _become(state: State, status: str) -> None:
    """Give a session another status; a paused one takes it when it is resumed."""
    if state.status == "paused":
        state.paused = status
    else:
        state.status = status


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
        _assign(state, visit.run, event.assigned)
    _settle_down(state, visit.id)


def _opened(state: State, event: e.Opened) -> None:
    inputs = event.inputs
    state.runs[event.run] = Run(
        event.run, event.journey, event.parent, event.visit, event.mode, dict(inputs)
    )
    state.stack.append(event.run)
    if event.mode in ("failure", "cancel"):
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
    if event.visit is not None:
        index = _index(state, event.visit)
        state.path[index] = state.path[index].copied(closes=event.run)


def _rewound(state: State, event: e.Rewound) -> None:
    index = _index(state, event.visit)
    target = state.path[index]
    digressions = tuple(run for run, _, mode, _ in target.opens if mode == "digression")
    kept = [v for v in state.path[index + 1 :] if any(_within(v.run, run) for run in digressions)]
    kept_ids = {v.id for v in kept}
    cut = [v for v in state.path[index + 1 :] if v.id not in kept_ids]
    cache = dict(state.cache)
    cache.update((visit.id, visit) for visit in cut)
    path = state.path[: index + 1]
    for i, visit in enumerate(path):
        if visit.left_order is not None and (visit.left_order > target.order or visit is target):
            if visit is not target and visit.how in PEOPLE:
                cache[visit.id] = visit
            path[i] = _reopened(visit)
    state.undone = (*(v for v in state.undone if v not in kept_ids), *(v.id for v in cut))
    state.path, state.cache = path + kept, cache
    state.focus, state.wait, state.transfer, state.ahead, state.tripped = (
        None,
        None,
        None,
        None,
        None,
    )
    state.status, state.automatic = "active", 0
    _refold(state)


def _within(run: str, above: str) -> bool:
    return run == above or run.startswith(above + "/")


def _reopened(visit: Visit) -> Visit:
    return visit.copied(
        left_at=None,
        left_order=None,
        how=None,
        exit=None,
        values=None,
        assigned=None,
        codes=(),
        source=None,
        reason=None,
        by=None,
        closes=None,
    )


def _refold(state: State) -> None:
    """Recompute runs, stack and occurrences from the path."""
    runs = {ROOT: Run(ROOT, state.journey, None, None, "root", dict(state.inputs))}
    closed: set[str] = set()
    live = {v.run for v in state.path}
    occurrences: dict[tuple[str, str], int] = {}
    for visit in state.path:
        key = (visit.run, visit.step)
        occurrences[key] = max(occurrences.get(key, 0), visit.occ)
        for run, journey, mode, inputs in visit.opens:
            if run in live:
                runs[run] = Run(run, journey, visit.run, visit.id, mode, dict(inputs))
        ended = visit.closes
        while ended is not None and ended in runs:
            closed.add(ended)
            # A jump stands in for the run it left: they end together.
            ended = runs[ended].parent if runs[ended].mode == "jump" else None
    for visit in state.path:
        if visit.assigned and visit.run in runs:
            runs[visit.run].values.update(visit.assigned)
    state.path = [
        v
        if all(o[0] in runs for o in v.opens)
        else v.copied(opens=tuple(o for o in v.opens if o[0] in runs))
        for v in state.path
    ]
    state.runs, state.occurrences = runs, occurrences
    state.stack = sorted((r for r in runs if r not in closed), key=lambda r: r.count("/"))


def _amended(state: State, event: e.Amended) -> None:
    live = {v.id for v in state.path}
    state.undone = tuple(v for v in state.undone if v not in live)


def _focused(state: State, event: e.Focused) -> None:
    state.focus = event.visit


def _requested(state: State, event: e.Requested) -> None:
    inputs = event.inputs
    effects = dict(state.effects)
    effects[event.effect] = Effect(
        event.effect,
        event.visit,
        event.run,
        event.step,
        event.occ,
        event.generation,
        event.operation,
        event.effect_class,
        event.behind,
        inputs,
        compensates=event.compensates,
    )
    if event.compensates is not None:
        effects[event.compensates] = replace(effects[event.compensates], status="compensating")
    elif not event.behind:
        _become(state, "pending")
    state.effects = effects


def _settled(state: State, event: e.Settled) -> None:
    effects = dict(state.effects)
    effect = replace(effects[event.effect], status=event.status, reason=event.reason)
    if event.status != "kept":
        effect.result = event.result
    else:
        effect.result = effects[event.effect].result
    effects[event.effect] = effect
    if effect.compensates is not None:
        done = "compensated" if event.status == "succeeded" else "compensation_failed"
        effects[effect.compensates] = replace(effects[effect.compensates], status=done)
    state.effects = effects
    if event.visit is not None:
        index = _index(state, event.visit)
        state.path[index] = state.path[index].copied(assigned=event.assigned, codes=event.codes)
        # Folded again in path order: what a later step assigned under the same name stays.
        run = state.runs[effect.run]
        values = dict(_run_inputs(state, run))
        for visit in state.path:
            if visit.run == effect.run and visit.assigned:
                values.update(visit.assigned)
        state.runs[effect.run] = replace(run, values=values)


def _run_inputs(state: State, run: Run) -> dict[str, Any]:
    if run.mode == "root":
        return state.inputs
    for visit in state.path:
        for opened, _, _, inputs in visit.opens:
            if opened == run.id:
                return inputs
    return {}


def _fell_back(state: State, event: e.FellBack) -> None:
    index = _index(state, event.visit)
    state.path[index] = state.path[index].copied(by_hand=event.reason)
    state.wait = None
    _become(state, "active")


def _slept(state: State, event: e.Slept) -> None:
    state.wait = Wait(event.wait, event.visit, event.what, event.due, event.name, event.then)
    _become(state, "pending" if event.what in ("approval", "effect") else "waiting")


def _woken(state: State, event: e.Woken) -> None:
    state.wait, state.ahead = None, None
    _become(state, "active")


def _halted(state: State, event: e.Halted) -> None:
    state.ahead = (event.visit, event.run, event.step, event.came)


def _transfer_asked(state: State, event: e.TransferAsked) -> None:
    state.transfer = (event.what, event.to, event.visit)
    _become(state, "waiting")


def _accepted(state: State, event: e.Accepted) -> None:
    state.audience = event.audience
    state.transfer, state.paused = None, None
    if event.contact is not None:
        state.contact = event.contact
    if event.channel is not None:
        state.channel = event.channel
    if state.wait is None and state.status in ("waiting", "paused"):
        state.status = "active"


def _declined(state: State, event: e.Declined) -> None:
    state.transfer = None
    if state.status == "waiting" and state.wait is None:
        state.status = "active"


def _offered(state: State, event: e.Offered) -> None:
    state.offers = {**state.offers, **event.values}


def _paused(state: State, event: e.Paused) -> None:
    state.paused, state.status = state.status, "paused"


def _resumed(state: State, event: e.Resumed) -> None:
    state.channel, state.audience, state.language = event.channel, event.audience, event.language
    if event.contact is not None:
        state.contact = event.contact
    if state.paused is not None:
        state.status, state.paused = state.paused, None


def _held(state: State, event: e.Held) -> None:
    state.held = event.on


def _marked(state: State, event: e.Marked) -> None:
    state.marks = state.marks | {event.mark} if event.on else state.marks - {event.mark}


def _consulted(state: State, event: e.Consulted) -> None:
    state.consulting = event.team if event.on else None


def _noted(state: State, event: e.Noted) -> None:
    state.notes = (*state.notes, {"text": event.text, "at": event.at, "by": event.by})


def _flagged(state: State, event: e.Flagged) -> None:
    """A flag is for the author; it changes nothing of the walk."""


def _promised(state: State, event: e.Promised) -> None:
    promise = {
        "what": event.what,
        "due": event.due,
        "team": event.team,
        "visit": event.visit,
        "at": event.at,
    }
    state.promises = (*state.promises, promise)


def _tripped(state: State, event: e.Tripped) -> None:
    state.tripped, state.automatic = event.code, 0


def _clock_jumped(state: State, event: e.ClockJumped) -> None:
    """The ledger flags the times across it; the walk is not concerned."""


def _ended(state: State, event: e.Ended) -> None:
    state.status, state.outcome, state.not_reached = event.status, event.outcome, event.not_reached
    state.wait, state.transfer, state.ahead, state.focus = None, None, None, None
    state.ended_at = event.at


def _assign(state: State, run_id: str, assigned: dict[str, Any]) -> None:
    run = state.runs[run_id]
    state.runs[run_id] = Run(
        run.id, run.journey, run.parent, run.host, run.mode, {**run.values, **assigned}
    )


def _index(state: State, visit_id: int) -> int:
    path = state.path
    for index in range(len(path) - 1, -1, -1):
        if path[index].id == visit_id:
            return index
    raise KeyError(visit_id)


_APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.Started: _started, e.Entered: _entered, e.Passed: _passed, e.Left: _left, e.Restored: _restored,
    e.Opened: _opened, e.Closed: _closed, e.Rewound: _rewound, e.Amended: _amended, e.Focused: _focused,
    e.Requested: _requested, e.Settled: _settled, e.FellBack: _fell_back, e.Slept: _slept, e.Woken: _woken,
    e.Halted: _halted, e.TransferAsked: _transfer_asked, e.Accepted: _accepted, e.Declined: _declined,
    e.Offered: _offered, e.Paused: _paused, e.Resumed: _resumed, e.Held: _held, e.Marked: _marked,
    e.Consulted: _consulted, e.Noted: _noted, e.Flagged: _flagged, e.Promised: _promised, e.Tripped: _tripped,
    e.ClockJumped: _clock_jumped, e.Ended: _ended,
}  # fmt: skip
