"""Changing an earlier answer.

What no longer follows is undone, what still holds is kept, executed actions are settled.

Replace the resolution, walk again from there, take pruned resolutions back where their step is live
again from the same step, then look at the effects and barriers left off the path. Source:
semantics.md 8-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import events as e
from engine.commands import Command
from engine.evolve import AMENDABLE
from engine.model import Library
from engine.refusals import Refused
from engine.state import Effect, State, Visit
from engine.steps.base import Step
from engine.steps.do import EXECUTED, Do
from engine.walk import Walk


@dataclass(slots=True)
class Consequences:
    """What an amend does, before anybody decides whether it may."""

    pruned: list[Visit]
    restored: list[Visit]
    orphans: list[Effect]
    barriers: list[Visit]
    unsure: list[str]
    done: Mapping[str, Effect]
    """The actions as they stood before it."""


def amendable(state: State, visit_id: int) -> Visit:
    """Return the live visit whose answer may be changed.

    Raises:
        Refused: no such visit, none that holds an answer, or the session is in its failure journey.
    """
    visit = next((v for v in state.path if v.id == visit_id), None)
    if visit is None:
        raise Refused(
            "amend.unknown-visit",
            {
                "fr": "Ce passage n'est plus dans le parcours.",
                "en": "This visit is not on the path.",
            },
            params={"allowed": [v.id for v in state.path if v.how in AMENDABLE]},
        )
    if state.tripped is not None:
        raise Refused(
            "amend.after-failure",
            {
                "fr": "La session a échoué : demandez une reprise à un superviseur.",
                "en": "The session failed: ask a supervisor to rewind it.",
            },
        )
    if visit.how not in AMENDABLE:
        raise Refused(
            "amend.not-an-answer",
            {
                "fr": "Seules les réponses données se corrigent.",
                "en": "Only answers that were given can be changed.",
            },
            params={"allowed": [v.id for v in state.path if v.how in AMENDABLE]},
        )
    return visit


def amend(
    walk: Walk, visit: Visit, values: Mapping[str, e.Json], *, decisions: Mapping[str, str]
) -> Consequences:
    """Put new answers in place of a visit's, and walk again.

    Raises:
        Refused: effects in flight, or the new answers are refused.
    """
    given = {**(visit.values or {}), **values}
    before = _rewind(walk, visit, "amend", decisions)
    here = walk.here(walk.state.visit(visit.id))
    body = {"values": {k: v for k, v in given.items() if v is not None}, "before": visit.values}
    here.step.resolve(walk, here, Command("answer", body))
    walk.proceed()
    return _consequences(walk, before, visit)


def rewind(walk: Walk, visit: Visit, decisions: Mapping[str, str]) -> Consequences:
    """Set the session back to a visit, its question open again (a supervisor's command)."""
    before = _rewind(walk, visit, "rewind", decisions)
    return _consequences(walk, before, visit)


def conclude(walk: Walk, visit: Visit, found: Consequences) -> None:
    """Record what an amend did, once it is sure that it may.

    Raises:
        Refused: a barrier stands in between, or somebody must first say what becomes of executed
            actions.
    """
    if found.barriers:
        raise Refused(
            "amend.barrier",
            {
                "fr": "Une étape irréversible a eu lieu depuis : "
                "cette réponse ne peut plus changer.",
                "en": "Something that cannot be undone was done since: "
                "this answer can no longer change.",
            },
            params={"barriers": [{"visit": v.id, "step": v.step} for v in found.barriers]},
        )
    if found.unsure:
        raise Refused(
            "amend.confirm",
            {
                "fr": "Dites pour chaque action déjà faite si elle est annulée ou gardée "
                "(effects).",
                "en": "Say for each action already done whether it is undone or kept (effects).",
            },
            params={"effects": effects_view(walk, found, found.unsure)},
        )
    kept, compensated = [], []
    for effect in walk.state.effects.values():
        if effect.visit >= visit.id and effect.compensates is None:
            if effect.status == "kept":
                kept.append(effect.id)
            elif effect.status == "compensating":
                compensated.append(effect.id)
    walk.emit(
        e.Amended(
            walk.env.now,
            walk.env.by,
            visit.id,
            tuple(v.id for v in found.pruned),
            tuple(v.id for v in found.restored),
            tuple(kept),
            tuple(compensated),
        )
    )


def effects_view(walk: Walk, found: Consequences, effects: list[str]) -> list[dict[str, Any]]:
    """Return executed actions as a person decides on them.

    What was done, as it stood before the amend, and what may be done about it.
    """
    shown = []
    for effect_id in effects:
        effect = found.done[effect_id]
        step = _step_of(walk.library, walk.state, effect)
        choices = ["keep"]
        if isinstance(step, Do) and step.compensate is not None:
            choices = ["compensate", "keep"] if step.on_amend == "confirm" else [step.on_amend]
        shown.append(
            {
                "effect": effect.id,
                "operation": effect.operation,
                "step": effect.step,
                "status": effect.status,
                "choices": choices,
            }
        )
    return shown


def _step_of(library: Library, state: State, effect: Effect) -> Step | None:
    for visit in (*state.path, *state.cache.values()):
        if visit.id == effect.visit:
            run = state.runs.get(visit.run)
            if run is not None:
                return library.journeys[run.journey].steps.get(effect.step)
    for journey in library.journeys.values():
        step = journey.steps.get(effect.step)
        if isinstance(step, Do) and step.operation.id == effect.operation:
            return step
    return None


@dataclass(slots=True)
class _Before:
    path: list[Visit]
    steps: dict[int, Step]
    next_visit: int
    effects: dict[str, Effect]


def _rewind(walk: Walk, visit: Visit, reason: str, decisions: Mapping[str, str]) -> _Before:
    state = walk.state
    after = [v for v in state.path if v.order > visit.order]
    places = {v.key for v in after}
    moving = [x.id for x in state.effects.values() if x.status == "requested" and x.place in places]
    moving += [
        x.compensates for x in state.effects.values() if x.compensates and x.status == "requested"
    ]
    if moving:
        raise Refused(
            "amend.in-flight",
            {
                "fr": "Une action est en cours : attendez sa fin ou reprenez la main.",
                "en": "An action is under way: wait for it to end, or take it over.",
            },
            params={"effects": moving},
        )
    before = _Before(after, {v.id: walk.step(v) for v in after}, state.next_visit, state.effects)
    walk.decisions = decisions
    walk.emit(e.Rewound(walk.env.now, walk.env.by, visit.id, reason))
    walk.known_visits = None
    return before


def _consequences(walk: Walk, before: _Before, visit: Visit) -> Consequences:
    state = walk.state
    live = {v.id: v for v in state.path}
    places = {v.key for v in state.path}
    steps = {v.key: before.steps[v.id] for v in before.path}
    old = {v.id for v in before.path}
    pruned = [v for v in before.path if v.id not in live]
    restored = [
        v
        for v in state.path
        if v.id not in old and v.id < before.next_visit and v.order > visit.order
    ]
    orphans = []
    for effect in reversed(list(before.effects.values())):
        now = state.effects[effect.id]
        if (
            now.compensates
            or now.effect_class == "read"
            or now.status not in EXECUTED
            or effect.place not in steps
        ):
            continue
        # A place that is live again has already dealt with what was done there.
        if effect.place not in places:
            orphans.append(now)
            step = steps[effect.place]
            walk.left_behind(now, step)
    barriers = [v for v in before.path if _bars(before, v) and not _stands(before, walk, v, live)]
    return Consequences(pruned, restored, orphans, barriers, list(walk.unsure), before.effects)


def _bars(before: _Before, visit: Visit) -> bool:
    """Return whether a visit that was left is a barrier.

    It is one when it is marked so, when an irreversible action was done, or a consent given.
    """
    if visit.left_order is None or visit.how in ("skipped", "none", "passed"):
        return False
    step = before.steps[visit.id]
    if step.barrier:
        return True
    if isinstance(step, Do):
        irreversible = step.irreversible or step.operation.irreversible
        done = visit.how == "by_hand" or any(
            x.place == visit.key and x.status in EXECUTED for x in before.effects.values()
        )
        return irreversible and done
    return any(f.type.is_barrier and f.name in (visit.values or {}) for f in step.fields())


def _stands(before: _Before, walk: Walk, visit: Visit, live: Mapping[int, Visit]) -> bool:
    """Return whether a barrier is still on the path, its own inputs unchanged."""
    now = live.get(visit.id)
    if now is None or now.left_order is None or now.values != visit.values:
        return False
    return all(
        walk.state.effects[x.id].status == x.status
        for x in before.effects.values()
        if x.place == visit.key
    )
