"""What a turn records without going anywhere: waits, promises, actions left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine import events as e
from engine.calendar import after
from engine.evolve import evolve
from engine.parts import RETRIES_BEHIND
from engine.places import Here
from engine.reading import Reading
from engine.refusals import Refused
from engine.state import Effect

if TYPE_CHECKING:
    from engine.steps.base import Step


OWED: Final = ("open", "soon", "overdue")
"""States of a promise that somebody still has to keep, in the order time leads through them."""


def fulfilled(promise: Mapping[str, Any], at: int) -> str:
    """Return the state of a promise that is kept at a moment: in time, or late."""
    return "late" if promise["due"] is not None and at > promise["due"] else "kept"


@dataclass(slots=True)
class Recording(Reading):
    """A turn being written down: every event is applied at once, so that what follows sees it."""

    events: list[e.Event] = field(default_factory=list)
    decisions: Mapping[str, str] = field(default_factory=dict)
    """What to do with executed effects a correction leaves behind: effect -> compensate or keep."""
    unsure: list[str] = field(default_factory=list)

    def emit(self, event: e.Event) -> None:
        """Record an event and apply it to the draft."""
        self.events.append(event)
        evolve(self.state, event)

    def told(self) -> None:
        """Leave what was told and is still open: the stop it was told with is over."""
        for visit in self.untold():
            here = self.here(visit)
            codes = here.step.codes
            self.emit(e.Left(self.env.now, self.env.by, visit.id, "told", "next", codes=codes))
            self.promise(here)

    def sleep(
        self,
        here: Here,
        what: str,
        *,
        due: int | None = None,
        name: str | None = None,
        then: str | None = None,
        match: dict[str, e.Json] | None = None,
    ) -> None:
        """Make the session wait at the open visit; the wait's id guards its timer."""
        wait = f"w{here.visit}.{self.state.seq + 1}"
        now, by = self.env.now, self.env.by
        self.emit(e.Slept(now, by, here.visit, wait, what, due, name, then, match))

    def await_effect(self, here: Here, effect: Effect) -> None:
        """Stop before a step until the action behind that it reads has ended.

        Where it stops does not depend on when that is.
        """
        now, by = self.env.now, self.env.by
        asked = self.visit_of(effect)
        visit = effect.visit if asked is None else asked.id
        self.emit(e.Halted(now, by, visit, here.run, here.step.id, here.came))
        wait = f"w{visit}.{self.state.seq + 1}"
        step = self.journey(here.run).steps[effect.step]
        # From here on somebody waits for it, and no longer than for any other.
        due = now + getattr(step, "timeout", 0)
        self.emit(e.Slept(now, by, visit, wait, "effect", due, effect.id))

    def left_behind(self, effect: Effect, step: Step) -> None:
        """Settle what becomes of an executed effect that is no longer on the path.

        It is kept, or asked to be undone.
        """
        choice = getattr(step, "on_amend", "confirm")
        if choice == "confirm":
            choice = self.decisions.get(effect.id, "")
            if choice not in ("compensate", "keep"):
                self.unsure.append(effect.id)
                choice = "keep"
        operation = getattr(step, "compensate", None)
        if choice == "keep" or operation is None:
            # What nobody knows the end of is no more done for being kept.
            reason = "unknown" if effect.is_fruitless else None
            self.emit(
                e.Settled(self.env.now, self.env.by, effect.id, "kept", reason, effect.result)
            )
            return
        inputs = {**effect.inputs, "result": effect.result}
        self.emit(
            e.Requested(
                self.env.now,
                self.env.by,
                f"{effect.id}.undo",
                effect.visit,
                effect.run,
                effect.step,
                effect.occ,
                effect.generation,
                operation.id,
                operation.effect,
                True,
                operation.timeout,
                RETRIES_BEHIND,
                effect.id,
                inputs,
                operation.given(inputs, self.state.language),
                True,
            )
        )

    def fetch_advisor(self, here: Here, reason: str | None) -> None:
        """Ask for an advisor where the session is with somebody who may not act at this stop."""
        if self.state.audience in ("customer", "bot", "robot"):
            self.emit(
                e.TransferAsked(
                    self.env.now, self.env.by, "hand_over", "advisor", here.visit, reason
                )
            )

    def promise(self, here: Here) -> None:
        """Record what the step promises; left anew after a correction, it promises that alone."""
        promise = here.step.promise
        if promise is None:
            return
        for before in self.state.promises:
            if before["visit"] == here.visit and before["state"] in OWED:
                self._followed(before["number"], "dropped", "correction")
        calendar = self.library.calendar if promise.working else None
        due = after(self.env.now, promise.within, self.env.zone, calendar=calendar)
        self.emit(
            e.Promised(
                self.env.now,
                self.env.by,
                self.text(promise.what, here),
                due,
                promise.by,
                here.visit,
                promise.keeps,
            )
        )

    def keep(self, here: Here) -> None:
        """Record that what the step named under `keeps` promised is kept."""
        journey = self.state.runs[here.run].journey
        made = {
            visit.id
            for visit in self.state.path
            if visit.step == here.step.keeps and self.state.runs[visit.run].journey == journey
        }
        for promise in self.state.promises:
            if promise["visit"] in made and promise["state"] in OWED:
                self._followed(promise["number"], fulfilled(promise, self.env.now), "walk")

    def _followed(self, number: int, state: str, how: str) -> None:
        self.emit(e.PromiseFollowed(self.env.now, self.env.by, number, state, how))

    def refuse_command(self, command: object, here: Here) -> NoReturn:
        """Refuse a command this step does not take."""
        name = getattr(command, "type", "")
        raise Refused(
            "command.not-here",
            {
                "fr": f"« {name} » n'est pas possible à l'étape « {here.step.id} ».",
                "en": f"'{name}' cannot be done at step '{here.step.id}'.",
            },
            params={"step": here.step.id, "kind": here.step.KIND},
        )
