"""What a correction changes: the path is cut, and what follows from it is folded again."""

from __future__ import annotations

from engine import events as e
from engine.evolve.changes import Changes, index_of
from engine.evolve.ways import PEOPLE
from engine.state import ROOT, Run, State, Visit, within


def _rewound(state: State, event: e.Rewound) -> None:
    index = index_of(state, event.visit)
    target = state.path[index]
    digressions = tuple(run for run, _, mode, _ in target.opens if mode == "digression")
    kept = [v for v in state.path[index + 1 :] if any(within(v.run, run) for run in digressions)]
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
    first: dict[str, int] = {}
    for place, visit in enumerate(state.path):
        first.setdefault(visit.run, place)
    occurrences: dict[tuple[str, str], int] = {}
    for visit in state.path:
        key = (visit.run, visit.step)
        occurrences[key] = max(occurrences.get(key, 0), visit.occ)
        for run, journey, mode, inputs in visit.opens:
            if run in first:
                runs[run] = Run(run, journey, visit.run, visit.id, mode, dict(inputs))
                if run in state.runs:
                    runs[run].ahead = state.runs[run].ahead
                if mode == "call" and visit.left_order is not None:
                    closed.add(run)
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
    # In the order they were opened: a digression stands above the calls that were open then.
    state.stack = sorted((r for r in runs if r not in closed), key=lambda r: first.get(r, -1))


def _amended(state: State, _event: e.Amended) -> None:
    live = {v.id for v in state.path}
    state.undone = tuple(v for v in state.undone if v not in live)


APPLY: Changes = {
    e.Rewound: _rewound,
    e.Amended: _amended,
}
