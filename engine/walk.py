"""The walk: from one stop to the next, emitting what happens.

A walk works on a draft of the state; every event it emits is applied at once, so that what follows
sees it. Steps call its verbs (`enter`, `leave`, `go`); none of them knows another. Source:
semantics.md 1, 4, 6-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from engine import events as e
from engine.calendar import after
from engine.evolve import ENDED, PEOPLE, RECORDED, evolve
from engine.expressions import CostExceeded, Expression
from engine.live import LiveCodes
from engine.model import Journey, Library
from engine.parts import AXES, Code
from engine.places import Here
from engine.refusals import Refused
from engine.scope import Scope
from engine.state import Effect, State, Visit
from engine.steps.base import Step
from engine.wording import Text

AUTOMATIC_BOUND = 200
"""Steps taken without anybody's resolution. Source: promises.md, published limits."""
DEPTH_BOUND = 16
EVENT_BOUND = 10_000
MS = 1000


@dataclass(frozen=True, slots=True)
class Env:
    """The circumstances of a command: when, in which time zone, by whom, in which role.

    `now` is milliseconds UTC; `jump` how far the wall clock and the monotonic one parted since the
    last command (ms).
    """

    now: int
    zone: tzinfo
    by: str
    role: str
    jump: int = 0


@dataclass(slots=True)
class Walk:
    """One turn of a session being worked out."""

    library: Library
    state: State
    env: Env
    events: list[e.Event] = field(default_factory=list)
    next: tuple[str, str, str] | None = None
    """(run, step, came from) still to be reached."""
    decisions: Mapping[str, str] = field(default_factory=dict)
    """What to do with executed effects a correction leaves behind: effect -> compensate or keep."""
    unsure: list[str] = field(default_factory=list)
    approved: int | None = None
    """The visit whose action somebody has just approved."""
    today: str = ""
    known_visits: dict[tuple[str, str, int, str], Visit] | None = None

    def __post_init__(self) -> None:
        if not self.today:
            self.today = datetime.fromtimestamp(self.env.now / MS, self.env.zone).date().isoformat()

    # What happened

    def emit(self, event: e.Event) -> None:
        """Record an event and apply it to the draft."""
        self.events.append(event)
        evolve(self.state, event)

    # Going on

    def go(self, run: str, step: str | None, came: str) -> None:
        """Make `step` of `run` the next to be reached.

        Falling off the end of a journey trips the failure journey.
        """
        if step is None:
            self.trip("walk.off-the-end", came)
        else:
            self.next = (run, step, came)

    def proceed(self) -> None:
        """Walk until a stop: somebody or something must act, or the session is over."""
        while self.next is not None and self.state.status not in ENDED:
            run, step, came = self.next
            self.next = None
            if self.state.automatic >= AUTOMATIC_BOUND:
                self.trip("bound.automatic-steps", step)
            elif self.state.seq >= EVENT_BOUND - AUTOMATIC_BOUND and self.state.tripped is None:
                self.trip("bound.events", step)
            else:
                try:
                    self.reach(run, step, came)
                except CostExceeded:
                    self.trip("bound.expression-cost", step)

    def reach(self, run: str, step_id: str, came: str) -> None:
        """Arrive at a step: check what it requires, skip it if told so, else let its kind act."""
        journey = self.journey(run)
        step = journey.steps[step_id]
        occ = self.state.occurrences.get((run, step_id), 0) + 1
        here = Here(run, step, occ, came, self.today, 0)
        cached = self.cached(here)
        if cached is not None:
            here.today = cached.today
        waiting = self.behind(here)
        if waiting is not None:
            if waiting:
                self.await_effect(here, self.state.effects[waiting])
            return
        if self.bars(here, journey):
            return
        step.arrive(self, here)

    def await_effect(self, here: Here, effect: Effect) -> None:
        """Stop before a step until the action behind that it reads has ended.

        Where it stops does not depend on when that is.
        """
        now, by = self.env.now, self.env.by
        asked = self.visit_of(effect)
        visit = effect.visit if asked is None else asked.id
        self.emit(e.Halted(now, by, visit, here.run, here.step.id, here.came))
        wait = f"w{visit}.{self.state.seq + 1}"
        self.emit(e.Slept(now, by, visit, wait, "effect", None, effect.id))

    def bars(self, here: Here, journey: Journey) -> bool:
        """Return whether something keeps the walk from this step.

        It may be `again`, `requires`, an invariant, or `when`.
        """
        step = here.step
        if step.again is not None and here.occ > step.again + 1 and not here.entered:
            self.leave(here, "again", step.otherwise)
            return True
        if step.when is not None and step.when.evaluate(self.scope(here)) is not True:
            self.leave(here, "skipped", step.otherwise_when or step.next)
            return True
        if step.requires is not None and step.requires.evaluate(self.scope(here)) is not True:
            self.trip("rule.requires", step.id)
            return True
        if step.requires_role is not None and self.env.role not in (step.requires_role, "system"):
            self.trip("rule.role", step.id)
            return True
        for invariant in journey.invariants:
            if (
                invariant.reach == step.id
                and invariant.requires.evaluate(self.scope(here)) is not True
            ):
                self.trip("rule.invariant", step.id)
                return True
        return False

    # Verbs of steps

    def enter(
        self, here: Here, *, repeats: bool = False, time: str | None = None, keep: bool = False
    ) -> None:
        """Open a visit.

        One met again from the same step keeps its id, unless the resolution it had no longer holds.
        """
        if here.entered:
            return
        cached = self.cached(here)
        if cached is not None and cached.how in RECORDED and not cached.opens and not keep:
            cached = None
        here.visit = cached.id if cached is not None else self.state.next_visit
        here.entered = True
        self.emit(
            e.Entered(
                self.env.now,
                self.env.by,
                here.visit,
                here.run,
                here.step.id,
                here.occ,
                here.came,
                here.today,
                time if time is not None else here.step.time,
                repeats,
            )
        )

    def leave(
        self,
        here: Here,
        exit_name: str,
        to: str | None,
        *,
        how: str = "passed",
        values: dict[str, e.Json] | None = None,
        assigned: dict[str, e.Json] | None = None,
        codes: Sequence[e.Coded] = (),
        source: dict[str, str] | None = None,
        reason: str | None = None,
    ) -> None:
        """Close the visit (or pass the step when it was never entered) and go on to `to`."""
        taken = tuple(codes)
        assigned, values = assigned or None, values or None
        now, by = self.env.now, self.env.by
        if here.entered:
            self.emit(
                e.Left(now, by, here.visit, how, exit_name, values, assigned, taken, source, reason)
            )
        else:
            cached = self.cached(here)
            here.visit = cached.id if cached is not None else self.state.next_visit
            self.emit(
                e.Passed(
                    now,
                    by,
                    here.visit,
                    here.run,
                    here.step.id,
                    here.occ,
                    here.came,
                    here.today,
                    exit_name,
                    assigned,
                    taken,
                )
            )
        if how in PEOPLE:
            self.told()
        if here.step.promise is not None and exit_name not in ("skipped", "again"):
            self.promise(here)
        if to is not None or here.step.KIND not in ("end", "goto_journey"):
            self.go(here.run, to, here.step.id)

    def restore(
        self,
        here: Here,
        cached: Visit,
        to: str | None,
        *,
        assigned: dict[str, e.Json] | None,
        codes: Sequence[e.Coded],
        exit_name: str,
    ) -> None:
        """Bring a pruned visit back with the resolution it had, and go on."""
        here.visit, here.entered = cached.id, True
        self.emit(
            e.Restored(
                self.env.now, self.env.by, cached.id, exit_name, assigned or None, tuple(codes)
            )
        )
        self.told()
        self.go(here.run, to, here.step.id)

    def told(self) -> None:
        """Leave what was told and is still open: the stop it was told with is over."""
        for visit in self.untold():
            codes = self.step(visit).codes
            self.emit(e.Left(self.env.now, self.env.by, visit.id, "told", "next", codes=codes))

    def halts(self, here: Here) -> bool:
        """Return whether what was told must be acknowledged before this step.

        The walk then stops there.
        """
        told = self.untold()
        if not told or here.entered:
            return False
        now, by = self.env.now, self.env.by
        before = self.state.cache.get(told[-1].id)
        if before is not None and before.how == "acknowledged":
            codes = self.step(told[-1]).codes
            self.emit(e.Restored(now, by, before.id, "next", None, codes))
            self.told()
            return False
        self.emit(e.Halted(now, by, told[-1].id, here.run, here.step.id, here.came))
        return True

    def untold(self) -> list[Visit]:
        """Return the open visits of things told, oldest first."""
        says = []
        current = self.state.current
        for visit in reversed(self.state.path):
            if visit.left_order is None:
                kind = self.step(visit).KIND
                if kind == "say":
                    says.append(visit)
                elif kind != "call" and visit is not current:
                    break
            elif visit.how in PEOPLE and visit.left_order != self.state.order:
                break
        says.reverse()
        return says

    def sleep(
        self,
        here: Here,
        what: str,
        *,
        due: int | None = None,
        name: str | None = None,
        then: str | None = None,
    ) -> None:
        """Make the session wait at the open visit; the wait's id guards its timer."""
        wait = f"w{here.visit}.{self.state.seq + 1}"
        self.emit(e.Slept(self.env.now, self.env.by, here.visit, wait, what, due, name, then))

    def open(self, here: Here, journey: str, mode: str, inputs: dict[str, e.Json]) -> None:
        """Open a run of another journey at this visit and go to its first step."""
        suffix = "" if here.occ == 1 else f"~{here.occ}"
        run = f"{here.run}/{here.step.id}{suffix}"
        if mode == "digression":
            count = sum(1 for o in self.state.visit(here.visit).opens if o[2] == "digression")
            run = f"{run}!{count + 1}"
        if len(self.state.stack) >= DEPTH_BOUND:
            self.trip("bound.call-depth", here.step.id)
            return
        target = self.library.journeys[journey]
        self.emit(
            e.Opened(self.env.now, self.env.by, run, journey, here.run, here.visit, mode, inputs)
        )
        self.go(run, target.start, "")

    def close(self, run_id: str, outcome: str, visit: int | None) -> None:
        """End a run: return to its caller, go back to a digression's host, or end the session."""
        run = self.state.runs[run_id]
        if run.mode == "root":
            self.end(outcome)
            return
        self.emit(e.Closed(self.env.now, self.env.by, run_id, outcome, visit))
        if run.mode == "failure":
            self.end(outcome, failed=True)
        elif run.mode == "cancel":
            self.end(outcome)
        elif run.mode == "jump":
            self.close(run.parent or "main", outcome, None)
        elif run.host is not None:
            host = self.here(self.state.visit(run.host))
            host.step.returned(self, host, run, outcome)

    def end(self, outcome: str, *, failed: bool = False) -> None:
        """End the session with its outcome; axes without a code are said not to be reached."""
        codes = self.state.codes
        missing = tuple(axis for axis in AXES if not codes[axis])
        self.next = None
        self.emit(
            e.Ended(self.env.now, self.env.by, outcome, "failed" if failed else "ended", missing)
        )

    def trip(self, code: str, detail: str) -> None:
        """Go to the library's failure journey: a bound or a rule broke.

        A second time, the session simply ends.
        """
        again = self.state.tripped is not None
        self.next = None
        current = self.state.path[-1].id if self.state.path else None
        self.emit(e.Tripped(self.env.now, self.env.by, code, detail, current))
        if again or not self.divert("failure"):
            self.end("unresolved", failed=True)

    def divert(self, role: str) -> bool:
        """Leave everything for a system journey that ends the session.

        Gives False when the library has none.
        """
        journey = self.library.system.get(role)
        if journey is None or role in self.state.runs:
            return False
        host = self.state.path[-1].id if self.state.path else 0
        self.emit(e.Opened(self.env.now, self.env.by, role, journey, "", host, role, {}))
        self.go(role, self.library.journeys[journey].start, "")
        return True

    # What was and is

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
        """Return the pruned visit of this place, reached from the same step, if any."""
        if not self.state.cache:
            return None
        # A walk only consumes the cache after its rewind, so the index is made once and checked
        # against it.
        if self.known_visits is None:
            self.known_visits = {
                (v.run, v.step, v.occ, v.came): v for v in self.state.cache.values()
            }
        visit = self.known_visits.get((here.run, here.step.id, here.occ, here.came))
        return visit if visit is not None and visit.id in self.state.cache else None

    def behind(self, here: Here) -> str | None:
        """Deal with actions behind whose results this step reads.

        Returns None when the step may go on; the id of the effect to wait for; or "" when the walk
        was sent elsewhere (a failed action is done by hand first, a refused one takes its own way).
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
                return effect.id
            if effect.status in ("refused", "failed", "unknown"):
                handled = f"@{effect.id}"
                if not any(
                    v.came.startswith(handled) for v in self.state.path if v.step == effect.step
                ):
                    step.catch_up(self, here, effect)
                    return ""
        return None

    def given_back(self, here: Here) -> frozenset[str]:
        """Return the values a caller saves of this run, which its end must have."""
        run = self.state.runs[here.run]
        if run.mode != "call" or run.host is None:
            return frozenset()
        saves = getattr(self.step(self.state.visit(run.host)), "saves", {})
        return frozenset(saves.values())

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
            self.emit(e.Settled(self.env.now, self.env.by, effect.id, "kept", result=effect.result))
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
                0,
                effect.id,
                inputs,
            )
        )

    def came_back(self, here: Here) -> None:
        """Go to the step that had to wait for an action behind, once it was done by hand.

        It is reached as it was before.
        """
        if here.came.startswith("@") and self.next is not None:
            _, reader, came = here.came.rsplit("@", 2)
            self.next = (here.run, reader, came)

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

    def promise(self, here: Here) -> None:
        """Record what the step promises."""
        promise = here.step.promise
        if promise is None:
            return
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
            )
        )

    def refuse_command(self, command: object, here: Here) -> None:
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
