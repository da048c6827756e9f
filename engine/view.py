"""What an actor sees of a session now: what to say, what to do, what is asked, what they may do.

For one audience, language and channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from engine import past
from engine.allowed import commands
from engine.commands import STAFF
from engine.evolve import ENDED
from engine.model import Library
from engine.progress import progress
from engine.provide import unused
from engine.reading import Env, Reading
from engine.recap import HIDDEN, goes_on, recap
from engine.standing import done_twice, unattended
from engine.state import Effect, State, Visit
from engine.steps.do import Do
from engine.viewer import Viewer, asked

CHECK_FIRST: Mapping[str, str] = {
    "fr": "On ne sait pas si l'action a eu lieu : vérifiez-le d'abord, ne la refaites pas deux "
    "fois.",
    "en": "It is not known whether this was done: check first, so that it is not done twice.",
}
"""What stands before the manual procedure of an action whose outcome nobody knows."""


def view(
    library: Library,
    state: State,
    *,
    audience: str,
    language: str,
    channel: str,
    now: int,
    zone: tzinfo,
    role: str | None = None,
) -> dict[str, Any]:
    """Return the session as an actor sees it now.

    `role` (default: the audience) decides on `commands`.

    When an earlier visit is in focus (`back`), it is that visit which is shown.
    """
    walk = Reading(library, state, Env(now, zone, "", role or audience))
    look = Viewer(library, state, audience=audience, language=language, channel=channel, walk=walk)
    journey = library.journeys[state.journey]
    shown = state.current
    if state.focus is not None:
        shown = next((v for v in state.path if v.id == state.focus), shown)
    step = None if shown is None else walk.step(shown)
    lines, left_out = past.latest(look)
    return {
        "session": state.session,
        "status": state.status,
        "outcome": state.outcome,
        "version": state.version,
        "journey": {"id": journey.id, "title": look.text(journey.title, None) or journey.id},
        "audience": audience,
        "language": language,
        "channel": channel,
        "step": None if shown is None else _step(look, shown),
        "focus": state.focus,
        "say": _say(look, shown),
        "do": None if shown is None else _do(look, shown),
        "fields": [] if shown is None else _fields(look, shown, role or audience),
        "commands": commands(library, state, step, role=role or audience),
        "progress": progress(library, state),
        **_axes(look),
        "history": lines,
        "history_left_out": left_out,
        **_actions(look, role or audience),
        "wait": _wait(state),
        "pilot": None if state.pilot is None else state.pilot[0],
        "goes_on": goes_on(state, staffed=_is_staffed(look, state)),
        "recap": recap(look),
        "transfer": None
        if state.transfer is None
        else {"what": state.transfer[0], "to": state.transfer[1], "by": state.asked_by},
        "offers_unused": unused(library, state),
        "promises": list(state.promises),
        "notes": len(state.notes),
        "held": state.held,
        "marks": sorted(state.marks),
        "failure": state.tripped,
    }


def history(
    library: Library,
    state: State,
    *,
    audience: str,
    language: str,
    channel: str,
    now: int,
    zone: tzinfo,
) -> list[dict[str, Any]]:
    """Return the whole history of a session; a view shows its latest lines."""
    walk = Reading(library, state, Env(now, zone, "", audience))
    look = Viewer(library, state, audience=audience, language=language, channel=channel, walk=walk)
    return past.lines(look)


def _step(look: Viewer, shown: Visit) -> dict[str, Any]:
    here = look.walk.here(shown)
    step = here.step
    return {
        "id": step.id,
        "kind": step.KIND,
        "title": look.title(step, here),
        "visit": shown.id,
        "run": shown.run,
        "journey": look.walk.journey(shown.run).id,
        "by_hand": shown.by_hand is not None,
        "time": step.time,
        "target_ms": step.target,
    }


def _say(look: Viewer, shown: Visit | None) -> list[dict[str, Any]]:
    if shown is None:
        # The last words of a session that is over stand with its end.
        last = look.state.path[-1:] if look.state.status in ENDED else []
        shown_last = [look.said(v) for v in last if look.walk.step(v).KIND == "end"]
        return [said for said in shown_last if said is not None]
    visits = [v for v in look.walk.untold() if v.id != shown.id] if look.state.focus is None else []
    return [said for said in map(look.said, [*visits, shown]) if said is not None]


def _do(look: Viewer, shown: Visit) -> str | None:
    """Return the manual procedure, where it is a person's turn to do it."""
    here = look.walk.here(shown)
    step = here.step
    if not isinstance(step, Do) or step.by_hand is None or shown.by_hand is None:
        return None
    procedure = look.text(step.by_hand.say, here)
    effect = look.made_up_for(here)
    if procedure is None or effect is None or effect.effect_class == "read":
        return procedure
    if effect.status != "unknown":
        return procedure
    return f"{CHECK_FIRST.get(look.language, CHECK_FIRST['en'])}\n\n{procedure}"


def _fields(look: Viewer, shown: Visit, role: str) -> list[dict[str, Any]]:
    here = look.walk.here(shown)
    if role not in STAFF and here.step.staffed(shown):
        # What an advisor writes down is nobody else's to answer.
        return []
    return [look.field(field, here, shown) for field in asked(here.step, shown)]


def _is_staffed(look: Viewer, state: State) -> bool:
    current = state.current if state.status == "active" else None
    return current is not None and look.walk.step(current).staffed(current)


def _axes(look: Viewer) -> dict[str, Any]:
    """Return the codes so far, and the axes without one, what is being told counted or not."""
    return {
        "codes": look.state.codes,
        "not_reached": list(look.state.not_reached),
        "unsaid": look.walk.unreached(),
    }


def _actions(look: Viewer, role: str) -> dict[str, Any]:
    """Return what there is to say of actions: what is waited for, what staff must see to."""
    state = look.state
    return {
        "pending": _pending(state),
        "attention": _attention(state, role),
        "late": _late(look, role),
    }


def _pending(state: State) -> Mapping[str, Any] | None:
    if state.status != "pending":
        return None
    for effect in reversed(state.effects.values()):
        if effect.status == "requested":
            return {"effect": effect.id, "operation": effect.operation, "visit": effect.visit}
    return None


def _attention(state: State, role: str) -> list[dict[str, Any]]:
    """Return the actions that came to nothing and that nobody has: staff sees to them."""
    if role not in STAFF:
        return []
    return [
        {
            "effect": effect.id,
            "operation": effect.operation,
            "step": effect.step,
            "status": effect.status,
            "reason": effect.reason,
            "undo": effect.compensates is not None,
        }
        for effect in unattended(state)
    ]


def _late(look: Viewer, role: str) -> list[dict[str, Any]]:
    """Return the actions that succeeded after all, although a person was led through them.

    With what each found for the questions of its manual procedure, by name and as people read it.
    """
    state = look.state
    if role not in STAFF or not state.effects:
        return []
    return [
        {
            "effect": effect.id,
            "operation": effect.operation,
            "step": effect.step,
            "visit": visit.id,
            "by_hand": visit.how == "by_hand",
            **_answered(look, effect, visit),
        }
        for effect, visit in done_twice(state)
    ]


def _answered(look: Viewer, effect: Effect, visit: Visit) -> dict[str, Any]:
    """Return what a late action found, where a person would fill it in: `values` and `shown`."""
    step = look.walk.step(visit)
    values, shown = {}, {}
    for field in asked(step, visit):
        found = look.found(field, step, effect)
        if found is not None:
            labels = {
                option.id: look.text(option.label, None) or option.id for option in field.options
            }
            said = field.type.show(found, look.language, labels=labels)
            values[field.name] = found
            shown[field.name] = HIDDEN if field.sensitive else said
    return {"values": values, "shown": shown}


def _wait(state: State) -> Mapping[str, Any] | None:
    wait = state.wait
    if wait is None:
        return None
    return {
        "id": wait.id,
        "what": wait.what,
        "due": wait.due,
        "name": wait.name,
        "then": wait.then,
    }
