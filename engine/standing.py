"""Who has an action that came to nothing: a person at its manual procedure, or nobody.

What only looked something up is nobody's loss: it is done by hand where it is read, or not needed.
Source: promises.md 2.4; semantics.md 14.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.evolve import ENDED
from engine.state import Effect, State, Visit

FRUITLESS = ("failed", "unknown", "refused")
STANDINGS = {
    "open": "nobody has it: it must be taken up again, or closed with a reason",
    "with_person": "a person is led through it by hand",
    "by_hand": "a person did it",
    "not_done": "a person said that it cannot be done",
    "otherwise": "the journey goes its own way without it",
    "dropped": "a correction took it off the path, or its person was erased",
}
"""Where an action that came to nothing may stand."""


def standings(state: State) -> dict[str, str]:
    """Return where each action stands that came to nothing: action -> one of `STANDINGS`."""
    return {
        effect.id: standing(state, effect)
        for effect in state.effects.values()
        if effect.status in FRUITLESS and effect.effect_class != "read"
    }


def unattended(state: State) -> list[Effect]:
    """Return the actions that came to nothing and that nobody has, oldest first."""
    if not state.effects:
        return []
    return [state.effects[name] for name, where in standings(state).items() if where == "open"]


def standing(state: State, effect: Effect) -> str:
    """Return where one such action stands."""
    if effect.compensates is not None:
        # No step of a journey asks a person to undo something.
        return "open"
    visit = next(_procedures(state, effect), None)
    if visit is None:
        is_live = effect.behind and any(
            v.how == "behind" and v.source is not None and v.source["effect"] == effect.id
            for v in state.path
        )
        return "open" if is_live else "dropped"
    if visit.left_order is None:
        is_over = state.status in ENDED
        return "with_person" if visit.by_hand is not None and not is_over else "open"
    return visit.how if visit.how in ("by_hand", "not_done") else "otherwise"


def done_twice(state: State) -> Iterator[tuple[Effect, Visit]]:
    """Yield actions that succeeded although a person was led through them, and where."""
    # As a rule nobody was: each view asks, however many actions a session had.
    if all(visit.by_hand is None for visit in state.path):
        return
    for effect in state.effects.values():
        if effect.status == "succeeded" and effect.compensates is None:
            for visit in _procedures(state, effect):
                if visit.by_hand is not None and visit.how != "succeeded":
                    yield effect, visit
                break


def _procedures(state: State, effect: Effect) -> Iterator[Visit]:
    """Yield the visits at which an action was to be waited for or made up for, latest first."""
    if effect.behind:
        came = f"@{effect.id}@"
        yield from (v for v in reversed(state.path) if v.came.startswith(came))
        return
    last = None
    for other in state.effects.values():
        if other.place == effect.place and other.compensates is None:
            last = other.id
    # What was asked for anew at this place has taken its turn.
    if last == effect.id:
        yield from (v for v in reversed(state.path) if v.key == effect.place)
