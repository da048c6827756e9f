"""What was and is: the look-ups a walk, a view and the taking of answers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from engine import events as e
from engine.evolve import EARLY, PEOPLE
from engine.expressions import Expression
from engine.live import LiveCodes
from engine.model import AXES, Journey, Library
from engine.places import Here
from engine.scope import Scope
from engine.state import Effect, State, Visit, within
from engine.tickets import Attach
from engine.wording import Text

if TYPE_CHECKING:
    from engine.steps.base import Step

MS = 1000
QUARTER_MS = 15 * 60 * MS
"""No zone's day begins elsewhere than at a quarter of an hour."""


@lru_cache(maxsize=64)
def _day(quarter: int, zone: tzinfo) -> str:
    """Return the day a quarter of an hour is in: asked at every turn, worked out once."""
    return datetime.fromtimestamp(quarter * QUARTER_MS / MS, zone).date().isoformat()


@dataclass(frozen=True, slots=True)
class Env:
    """The circumstances of a command: when, in which time zone, by whom, in which role.

    `now` is milliseconds UTC; `jump` how far the wall clock and the monotonic one parted since the
    last command (ms); `found` who the customer turns out to be by what the command says, and what
    is known of them; `attach` which ticket it belongs to by what the command says.
    """

    now: int
    zone: tzinfo
    by: str
    role: str
    jump: int = 0
    found: tuple[str | None, Mapping[str, e.Json]] | None = None
    attach: Attach | None = None


@dataclass(slots=True)
class Reading:
    """A session as expressions, wordings and steps read it, in the circumstances of a turn."""

    library: Library
    state: State
    env: Env
    today: str = ""
    known_visits: dict[tuple[str, str, int, str], list[Visit]] | None = None

    def __post_init__(self) -> None:
        if not self.today:
            self.today = _day(self.env.now // QUARTER_MS, self.env.zone)

    def journey(self, run: str) -> Journey:
        """Return the journey a run walks."""
        return self.library.journeys[self.state.runs[run].journey]

    def step(self, visit: Visit) -> Step:
        """Return the step of a visit."""
        return self.journey(visit.run).steps[visit.step]

    def here(self, visit: Visit) -> Here:
        """Return the place of an open visit."""
        return Here(
            visit.run, self.step(visit), visit.occ, visit.came, visit.today, visit.id, entered=True
        )

    def scope(self, here: Here) -> Scope:
        """Return what expressions of this place read."""
        return Scope(self.state.runs[here.run].values, here.today, LiveCodes(self.state))

    def evaluate(self, here: Here, expressions: Mapping[str, Expression]) -> dict[str, e.Json]:
        """Return the values of named expressions; missing ones are None."""
        scope = self.scope(here)
        return {name: expression.evaluate(scope) for name, expression in expressions.items()}

    def cached(self, here: Here) -> Visit | None:
        """Return the pruned visit of this place, reached from the same step, if any.

        One that has a resolution goes before one that was still open when it was undone.
        """
        if not self.state.cache:
            return None
        met = self.met(here)
        resolved = [visit for visit in met if visit.how is not None]
        found = resolved or met
        return found[-1] if found else None

    def met(self, here: Here) -> list[Visit]:
        """Return the pruned visits of this place, reached from the same step, oldest first."""
        if not self.state.cache:
            return []
        # A walk only consumes the cache after its rewind, so the index is made once and checked
        # against it.
        if self.known_visits is None:
            self.known_visits = {}
            for visit in self.state.cache.values():
                place = (visit.run, visit.step, visit.occ, visit.came)
                self.known_visits.setdefault(place, []).append(visit)
        place = (here.run, here.step.id, here.occ, here.came)
        return [v for v in self.known_visits.get(place, ()) if v.id in self.state.cache]

    def unsettled(self, here: Here) -> Effect | None:
        """Return the action behind that this step reads and must first be dealt with, if any.

        It is still under way, or came to nothing and nobody has made up for it.
        """
        if not self.state.effects:
            return None
        needs = here.step.needs if here.step.KIND != "end" else self.given_back(here)
        if not needs:
            return None
        for visit in self.state.path:
            if visit.how != "behind" or visit.run != here.run or visit.source is None:
                continue
            effect = self.state.effects[visit.source["effect"]]
            step = self.journey(here.run).steps[effect.step]
            if needs.isdisjoint(step.writes()):
                continue
            if effect.status == "requested":
                return effect
            if effect.is_fruitless:
                handled = f"@{effect.id}"
                if not any(
                    v.came.startswith(handled) for v in self.state.path if v.step == effect.step
                ):
                    return effect
        return None

    def given_back(self, here: Here) -> frozenset[str]:
        """Return the values a caller saves of this run, which its end must have."""
        run = self.state.runs[here.run]
        if run.mode != "call" or run.host is None:
            return frozenset()
        saves = getattr(self.step(self.state.visit(run.host)), "saves", {})
        return frozenset(saves.values())

    def aside(self) -> str | None:
        """Return the run of the digression that is open, the inner one of several."""
        stack = self.state.stack
        if len(stack) < 2:
            return None
        runs = self.state.runs
        return next((r for r in reversed(stack) if runs[r].mode == "digression"), None)

    def left_early(self, visit: Visit) -> bool:
        """Return whether the open digression had been left at this pruned visit, its last."""
        run = self.aside()
        if run is None or visit.exit != EARLY:
            return False
        left = [v for v in self.state.cache.values() if v.exit == EARLY and within(v.run, run)]
        return visit.left_order == max(v.left_order or 0 for v in left)

    def unreached(self) -> list[str]:
        """Return the axes without a code, those of what is being told counted in."""
        told = {code.axis for visit in self.untold() for code in self.step(visit).codes}
        return [axis for axis in AXES if not self.state.codes[axis] and axis not in told]

    def untold(self) -> list[Visit]:
        """Return the open visits of things told, oldest first.

        In a digression, those told there.
        """
        says: list[Visit] = []
        state = self.state
        current: Visit | None = None
        aside = self.aside()
        for visit in reversed(state.path):
            if aside is not None and not within(visit.run, aside):
                continue
            if visit.left_order is None:
                kind = self.step(visit).KIND
                if kind == "say":
                    says.append(visit)
                elif kind != "call":
                    current = current or state.current
                    if visit is not current:
                        break
            elif visit.how in PEOPLE and visit.left_order != state.order:
                break
        says.reverse()
        return says

    def visit_of(self, effect: Effect) -> Visit | None:
        """Return the live visit that an action works for.

        None when another execution has taken its place.
        """
        for visit in reversed(self.state.path):
            if visit.key == effect.place:
                if visit.how == "behind":
                    mine = visit.source is not None and visit.source["effect"] == effect.id
                else:
                    mine = self.effect_of(self.here(visit)) is effect
                return visit if mine else None
        return None

    def effect_of(self, here: Here, inputs: dict[str, e.Json] | None = None) -> Effect | None:
        """Return the last execution asked for at this place, compensations aside.

        With `inputs`, a look-up that had these very inputs goes before later ones with others.
        """
        if not self.state.effects:
            return None
        last = alike = None
        place = (here.run, here.step.id, here.occ)
        for effect in self.state.effects.values():
            if effect.place == place and not effect.compensates:
                last = effect
                if effect.effect_class == "read" and effect.inputs == inputs:
                    alike = effect
        return alike or last

    def assigned(self, here: Here, values: dict[str, e.Json]) -> dict[str, e.Json]:
        """Return what leaving with these values assigns.

        It is them, and under the step's name those read as `step.value`.
        """
        if not here.step.qualified:
            return values
        return {
            **values,
            here.step.id: {k: v for k, v in values.items() if k in here.step.qualified},
        }

    def text(self, text: Text | None, here: Here) -> str:
        """Return a wording for the session's audience and language, or an empty text."""
        if text is None:
            return ""
        state = self.state
        template = text.pick(
            state.audience, state.language, default_language=self.library.languages[0]
        )
        kinds = self.journey(here.run).kinds
        return (
            ""
            if template is None
            else template.render(self.scope(here), state.language, kinds=kinds)
        )
