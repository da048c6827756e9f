"""The walk: from one stop to the next, emitting what happens.

A walk works on a draft of the state; every event it emits is applied at once, so that what follows
sees it. Steps call its verbs (`enter`, `leave`, `go`); none of them knows another. Source:
semantics.md 1, 4, 6-12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import events as e
from engine.evolve import EARLY, ENDED, PEOPLE, RECORDED
from engine.expressions import CostExceeded
from engine.model import Journey
from engine.parts import AXES
from engine.places import Here
from engine.recording import Recording
from engine.state import Visit, within

AUTOMATIC_BOUND = 200
"""Steps taken without anybody's resolution. Source: promises.md, published limits."""
DEPTH_BOUND = 16
EVENT_BOUND = 10_000


@dataclass(slots=True)
class Walk(Recording):
    """One turn of a session being worked out."""

    next: tuple[str, str, str] | None = None
    """(run, step, came from) still to be reached."""
    approved: int | None = None
    """The visit whose action somebody has just approved."""
    recognised: bool = False
    """Whether it was said already who the customer turned out to be."""
    attached: bool = False
    """Whether it was said already which ticket the session goes on with."""

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
        state = self.state
        journey = self.library.journeys[state.runs[run].journey]
        step = journey.steps[step_id]
        here = Here(run, step, state.occurrences.get((run, step_id), 0) + 1, came, self.today, 0)
        # Nothing was undone and nothing asked of others, most of the time.
        cached = self.cached(here) if state.cache else None
        if cached is not None:
            here.today = cached.today
        if state.effects:
            effect = self.unsettled(here)
            if effect is not None:
                if effect.status == "requested":
                    self.await_effect(here, effect)
                else:
                    journey.steps[effect.step].catch_up(self, here, effect)
                return
        # Most steps ask for nothing before they are reached.
        may_bar = (
            step.when is not None
            or step.again is not None
            or step.requires is not None
            or step.requires_role is not None
            or journey.invariants
        )
        if may_bar and self.bars(here, journey):
            return
        if cached is not None and self.left_early(cached) and step.revisit(self, here):
            return
        step.arrive(self, here)

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

    def enter(
        self, here: Here, *, repeats: bool = False, time: str | None = None, keep: bool = False
    ) -> None:
        """Open a visit.

        One met again from the same step keeps its id, unless the resolution it had no longer holds.
        """
        if here.entered:
            return
        here.visit = self.state.next_visit
        if self.state.cache:
            cached = self.cached(here)
            if cached is not None and cached.how in RECORDED and not cached.opens and not keep:
                cached = next((v for v in reversed(self.met(here)) if v.how is None), None)
            if cached is not None:
                here.visit = cached.id
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
            cached = self.cached(here) if self.state.cache else None
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
        if self.env.found is not None:
            self.recognise()
        if self.env.attach is not None and self.state.codes["declaration"]:
            self.attach()
        if exit_name not in ("skipped", "again"):
            if here.step.keeps is not None:
                self.keep(here)
            if here.step.promise is not None:
                self.promise(here)
        if to is None:
            self.follow(here, exit_name, to)
        else:
            self.next = (here.run, to, here.step.id)

    def recognise(self) -> None:
        """Say once a turn who the customer turned out to be.

        What is known of them serves the questions that are first reached from here on. Source:
        semantics.md 6.
        """
        if self.env.found is None or self.recognised:
            return
        self.recognised = True
        customer, known = self.env.found
        self.emit(e.Recognised(self.env.now, self.env.by, customer, dict(known)))

    def attach(self) -> None:
        """Say once a turn which ticket the session goes on with.

        What is known in it serves the questions that are first reached from here on.
        """
        if self.env.attach is None or self.attached:
            return
        self.attached = True
        ticket, what, reason, known = self.env.attach
        now, by, was = self.env.now, self.env.by, self.state.ticket
        self.emit(e.Attached(now, by, ticket, what, reason, was, dict(known)))

    def follow(self, here: Here, exit_name: str, to: str | None) -> None:
        """Go on by a way out, unless it ends the journey or leads into another one."""
        if to is None and (
            here.step.KIND == "end"
            or any(t.exit == exit_name and t.journey is not None for t in here.step.targets())
        ):
            return
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
        if cached.how in PEOPLE:
            self.told()
        self.follow(here, exit_name, to)

    def halts(self, here: Here) -> bool:
        """Return whether what was told must be acknowledged before this step.

        The walk then stops there.
        """
        told = self.untold()
        if not told or here.entered:
            return False
        last = self.here(told[-1])
        before = self.state.cache.get(last.visit)
        aside = before is not None and any(o[2] == "digression" for o in before.opens)
        if not aside and self.acknowledged(last):
            return False
        self.emit(
            e.Halted(self.env.now, self.env.by, last.visit, here.run, here.step.id, here.came)
        )
        if aside:
            last.step.digress(self, last)
        return True

    def acknowledged(self, here: Here) -> bool:
        """Take what was told here as acknowledged, if it was before; False when it was not."""
        before = self.state.cache.get(here.visit)
        if before is None or before.how != "acknowledged":
            return False
        codes = here.step.codes
        self.emit(e.Restored(self.env.now, self.env.by, before.id, "next", None, codes))
        self.told()
        return True

    def open(self, here: Here, journey: str, mode: str, *, inputs: dict[str, e.Json]) -> None:
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

    def close(self, run_id: str, outcome: str, visit: int | None, *, unfit: bool = False) -> None:
        """End a run: return to its caller, go back to a digression's host, or end the session.

        `unfit`: the run was left for none-of-these. What called it did not provide for that, and
        ends with it.
        """
        run = self.state.runs[run_id]
        if run.mode == "root":
            self.end(outcome)
            return
        self.emit(e.Closed(self.env.now, self.env.by, run_id, outcome, visit))
        if run.mode == "failure":
            self.end(outcome, failed=True)
        elif run.mode == "cancel":
            self.end(outcome)
        elif run.host is not None:
            host = self.here(self.state.visit(run.host))
            if run.mode == "jump":
                unfit = unfit or self.state.visit(run.host).how == "none"
                self.close(host.run, outcome, None, unfit=unfit)
            elif run.mode == "call" and unfit:
                now, by = self.env.now, self.env.by
                self.emit(e.Left(now, by, host.visit, "returned", outcome))
                self.close(host.run, outcome, None, unfit=True)
            else:
                host.step.returned(self, host, run, outcome=outcome)

    def come_back(self, run: str) -> None:
        """Leave a digression before its end, with every visit that is open in it."""
        last = None
        for visit in [v for v in self.state.path if v.left_order is None and within(v.run, run)]:
            self.emit(e.Left(self.env.now, self.env.by, visit.id, "returned", EARLY))
            last = visit.id
        self.close(run, EARLY, last)

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

    def came_back(self, here: Here) -> None:
        """Go to the step that had to wait for an action behind, once it was done by hand.

        It is reached as it was before.
        """
        if here.came.startswith("@") and self.next is not None:
            _, reader, came = here.came.rsplit("@", 2)
            self.next = (here.run, reader, came)
