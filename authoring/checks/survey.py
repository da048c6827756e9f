"""A library under examination.

Each journey's graph and what holds in it, worked out once and shared by all checks.

A called journey is examined before its callers, so that what it surely gives them is known; one
that calls itself is known to give nothing in particular, and has its own finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from authoring.checks.flow import CODED, Flow, Given, Outcomes, build, marks_of
from authoring.checks.guards import NOTHING
from authoring.checks.names import Names
from authoring.checks.reads import Guards, Read, reads
from authoring.checks.solve import Gains, gains, maybe_read, surely
from authoring.checks.ways import Way
from authoring.load import Loaded
from engine.expressions import nodes
from engine.model import CODED_OUTCOMES, Journey, Library
from engine.steps.ask import Ask
from engine.steps.call import Call
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney

MARKED = 31
"""The bits of marks, below those of names."""


class Subject:
    """One journey under examination."""

    def __init__(self, survey: Survey, journey: Journey) -> None:
        self.survey = survey
        self.journey = journey
        written = survey.loaded.sources.steps.get(journey.id, {})
        self.left_out = frozenset(written) - frozenset(journey.steps)
        """Steps whose form is broken: they have their own findings, and none that follow from them.
        """
        self.flow: Flow = build(
            journey,
            survey.guards,
            survey.outcomes,
            left_out=self.left_out,
            given_back=survey.saved_by_callers.get(journey.id, NOTHING),
        )

    @property
    def library(self) -> Library:
        """The library the journey belongs to."""
        return self.survey.library

    @cached_property
    def reads(self) -> list[list[Read]]:
        """What each step reads unguarded, in the order of steps."""
        reading = [reads(step, self.survey.guards) for step in self.flow.steps]
        for invariant in self.journey.invariants:
            place = self.flow.number.get(invariant.reach)
            if place is not None:
                needs = self.survey.guards.of(invariant.requires).needs
                reading[place] += (Read(name, ()) for name in sorted(needs))
        for place, step in enumerate(self.flow.steps):
            if isinstance(step, (Call, GotoJourney)):
                reading[place] += self._parts_given(step)
        return reading

    def _parts_given(self, step: Call | GotoJourney) -> Iterator[Read]:
        """Yield the parts of records given to a journey that it shows or tests."""
        called = self.survey.known(step.journey)
        for name, value in step.inputs.items() if called is not None else ():
            if isinstance(value.ast, nodes.Name) and called is not None:
                for part in called.needed_of(name):
                    yield Read(value.ast.dotted + part, ("with", name))

    def needed_of(self, name: str) -> list[str]:
        """Return the parts of an input that the journey reads, each with its dot before it."""
        if name not in self.names or not self.flow.order:
            return []
        read = self.read_later[self.flow.start]
        return [
            one[len(name) :]
            for one in self.names.named(read)
            if one.startswith(f"{name}.") and not one.endswith(".*")
        ]

    @cached_property
    def names(self) -> Names:
        """Every name the journey reads or writes."""
        found: dict[str, None] = dict.fromkeys(self.journey.inputs)
        for step in self.flow.steps:
            found.update(dict.fromkeys(step.writes()))
            found.update(dict.fromkeys(step.may_write()))
        for ways in self.flow.out:
            for way in ways:
                found.update(dict.fromkeys(way.writes))
                found.update(dict.fromkeys(way.by_hand or ()))
                for names in (way.bare, way.replaces, way.clears):
                    found.update(dict.fromkeys(names))
        roots = {name.partition(".")[0] for name in found}
        for reading in self.reads:
            found.update(
                (read.name, None) for read in reading if read.name.partition(".")[0] in roots
            )
        for ways in self.flow.out:
            for way in ways:
                found.update((name, None) for name in way.knows if name.partition(".")[0] in roots)
        self._close_copies(found)
        return Names(found)

    def _close_copies(self, found: dict[str, None]) -> None:
        """Add the parts of values that copies of them are read by."""
        copies = [copy for ways in self.flow.out for way in ways for copy in way.copies]
        # As many rounds as a chain of copies may be long; one round a circle would never end.
        for _ in copies[:8]:
            for mine, theirs in copies:
                parts = [name[len(mine) :] for name in found if name.startswith(f"{mine}.")]
                found.update((theirs + part, None) for part in ("", *parts))

    @cached_property
    def has_hands(self) -> bool:
        """Whether some way writes something else when a person does the robot's work."""
        return any(way.by_hand is not None for ways in self.flow.out for way in ways)

    @cached_property
    def robot(self) -> Gains:
        """What ways set when actions succeed."""
        return gains(self.flow, self.names, self.reads, by_hand=False)

    @cached_property
    def hand(self) -> Gains:
        """What ways set when every action is done by hand."""
        return (
            gains(self.flow, self.names, self.reads, by_hand=True) if self.has_hands else self.robot
        )

    @cached_property
    def at_start(self) -> int:
        """The bits set when the journey begins: its required inputs."""
        return self.names.all_written(
            name for name, question in self.journey.inputs.items() if question.required
        )  # fmt: skip

    @cached_property
    def sure(self) -> list[int]:
        """For each step, what is surely set before it, actions succeeding."""
        return surely(self.flow, self.robot, at_start=self.at_start, everything=self.names.all)

    @cached_property
    def sure_by_hand(self) -> list[int]:
        """For each step, what is surely set before it, every action being done by hand."""
        if not self.has_hands:
            return self.sure
        return surely(self.flow, self.hand, at_start=self.at_start, everything=self.names.all)

    @cached_property
    def read_later(self) -> list[int]:
        """For each step, what it or a path after it reads before it is set.

        Every action being done by hand.
        """
        return maybe_read(self.flow, self.hand)

    def lacks(self) -> Iterator[tuple[int, Way | None, int]]:
        """Yield (step, way.

        Axes) where a path may reach `resolved` or `refused` without a code on those axes.

        The way is None at an end of this journey, and else the one that leads into a journey that
        is not proved on its own.
        """
        for place in self.flow.order:
            step = self.flow.steps[place]
            if isinstance(step, End):
                missing = CODED & ~(self.sure[place] | self._own(place))
                if step.outcome in CODED_OUTCOMES and missing:
                    yield place, None, missing
            for way in self.flow.out[place]:
                target = self.survey.jump(way)
                if target is not None and not target.journey.startable:
                    missing = self.survey.needs(target.journey.id) & ~(self.sure[place] | way.marks)
                    if missing:
                        yield place, way, missing

    def needs(self) -> int:
        """Return the axes on which the journey may reach an outcome without a code of its own."""
        found = 0
        for _, _, missing in self.lacks():
            found |= missing
        return found

    def _own(self, place: int) -> int:
        return marks_of(self.flow.steps[place].codes)

    @cached_property
    def gives(self) -> Outcomes:
        """What the journey surely gives its caller, by outcome."""
        found: dict[str, Given] = {}
        for place in self.flow.order:
            step = self.flow.steps[place]
            if isinstance(step, End):
                own = self._own(place)
                self._meet(found, step.outcome, self.sure[place] | own, self.sure_by_hand[place])
            for at, way in enumerate(self.flow.out[place]):
                target = self.survey.jump(way)
                if target is None or way.exit == "none":
                    continue
                robot = self.sure[place] | self.robot.needs[place] | self.robot.ways[place][at]
                hand = self.sure_by_hand[place] | self.hand.needs[place] | self.hand.ways[place][at]
                for outcome, given in (self.survey.outcomes(target.journey.id) or {}).items():
                    self._meet(found, outcome, robot | given.marks, hand)
        return found

    def _meet(self, found: dict[str, Given], outcome: str, robot: int, hand: int) -> None:
        names = frozenset(self.names.named(robot))
        by_hand = names if hand == robot else frozenset(self.names.named(hand))
        before = found.get(outcome)
        marks = robot & MARKED
        if before is not None:
            names, by_hand, marks = (
                before.writes & names,
                before.by_hand & by_hand,
                before.marks & marks,
            )
        found[outcome] = Given(names, by_hand, marks)


class Survey:
    """A library under examination."""

    def __init__(self, loaded: Loaded, library: Library) -> None:
        self.loaded = loaded
        self.library = library
        self.guards = Guards()
        self._subjects: dict[str, Subject] = {}
        self._open: set[str] = set()
        self._needs: dict[str, int] = {}

    def subject(self, journey_id: str) -> Subject:
        """Return a journey under examination, those it calls having been examined before it."""
        found = self._subjects.get(journey_id)
        if found is not None:
            return found
        stack = [(journey_id, iter(self.callees(journey_id)))]
        self._open.add(journey_id)
        while stack:
            current, callees = stack[-1]
            for callee in callees:
                if callee not in self._subjects and callee not in self._open:
                    self._open.add(callee)
                    stack.append((callee, iter(self.callees(callee))))
                    break
            else:
                stack.pop()
                subject = Subject(self, self.library.journeys[current])
                self._subjects[current] = subject
                # Now, so that a long chain of journeys never recurses: those it leads to are done.
                _ = subject.gives
                self._needs[current] = subject.needs()
                self._open.discard(current)
        return self._subjects[journey_id]

    def callees(self, journey_id: str) -> tuple[str, ...]:
        """Return the journeys one calls or jumps to, none-of-these included, that exist."""
        found: dict[str, None] = {}
        for step in self.library.journeys[journey_id].steps.values():
            if isinstance(step, (Call, GotoJourney)):
                found[step.journey] = None
            elif isinstance(step, Ask) and step.none is None:
                found[self.library.system.get("nothing_fits", "")] = None
        return tuple(callee for callee in found if callee in self.library.journeys)

    def known(self, journey_id: str) -> Subject | None:
        """Return a journey examined already, None where there is none."""
        return self._subjects.get(journey_id)

    def outcomes(self, journey_id: str) -> Outcomes | None:
        """Return what a journey gives its caller.

        None where it does not exist or is still being examined.
        """
        if journey_id not in self.library.journeys or journey_id in self._open:
            return None
        return self.subject(journey_id).gives

    def jump(self, way: Way) -> Subject | None:
        """Return the journey a way leads into for good, where it exists and can be known."""
        if way.journey is None:
            return None
        journey_id = self.library.system.get(way.journey) if way.exit == "none" else way.journey
        if (
            journey_id is None
            or journey_id not in self.library.journeys
            or journey_id in self._open
        ):
            return None
        return self._subjects.get(journey_id)

    def needs(self, journey_id: str) -> int:
        """Return the axes on which an examined journey, reached by a jump.

        May reach an outcome without a code.
        """
        return self._needs.get(journey_id, 0)

    @cached_property
    def saved_by_callers(self) -> Mapping[str, frozenset[str]]:
        """The values that some caller saves, by called journey."""
        found: dict[str, set[str]] = {}
        for journey in self.library.journeys.values():
            for step in journey.steps.values():
                if isinstance(step, Call):
                    found.setdefault(step.journey, set()).update(step.saves.values())
        return {journey: frozenset(names) for journey, names in found.items()}
