"""What actions and waits change: asked, come to a result, asleep, awake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine import events as e
from engine.evolve.changes import Changes, become, index_of
from engine.state import Effect, Run, State, Wait

_UNDONE = {"succeeded": "compensated", "closed": "kept"}
"""What an action is once its undoing came to an end."""


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
        become(state, "pending")
        index = index_of(state, event.visit)
        if state.path[index].by_hand is not None:
            # Tried again where a person was led through it: it is the system's once more.
            state.path[index] = state.path[index].copied(by_hand=None)
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
        done = _UNDONE.get(event.status, "compensation_failed")
        effects[effect.compensates] = replace(effects[effect.compensates], status=done)
    state.effects = effects
    if event.visit is not None:
        index = index_of(state, event.visit)
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
    index = index_of(state, event.visit)
    state.path[index] = state.path[index].copied(by_hand=event.reason)
    state.wait = None
    become(state, "active")


def _slept(state: State, event: e.Slept) -> None:
    state.wait = Wait(event.wait, event.visit, event.what, event.due, event.name, event.then)
    become(state, "pending" if event.what in ("approval", "effect") else "waiting")


def _woken(state: State, _event: e.Woken) -> None:
    state.wait, state.ahead = None, None
    become(state, "active")


APPLY: Changes = {
    e.Requested: _requested,
    e.Settled: _settled,
    e.FellBack: _fell_back,
    e.Slept: _slept,
    e.Woken: _woken,
}
