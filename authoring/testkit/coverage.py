"""What tests went through of each journey.

Its steps, its ways out, its options, the rows of its tables, its robots' failures, and the lines
they left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from authoring.checks.exits import exit_keys
from authoring.load import Loaded
from authoring.sources import Position
from authoring.testkit.beyond import BY_HAND, failures, failures_of, rows, rows_of
from engine.events import Entered, Event, Left, Opened, Passed, Restored, Started
from engine.model import Library
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.decide import Decide


@dataclass(frozen=True, slots=True)
class Missed:
    """Something no test went through.

    What (step, exit, option, row or failure), its name, and where it is written.
    """

    what: str
    step: str
    name: str
    file: str
    line: int

    def __str__(self) -> str:
        """Return `file:line what step name`."""
        return (
            f"{self.file}:{self.line}: {self.what} "
            f"{self.step}{f' → {self.name}' if self.name else ''}"
        )


@dataclass(slots=True)
class JourneyCoverage:
    """One journey's share of steps, exits, options, table rows and failures gone through.

    (gone through, in all), and what was missed.
    """

    journey: str
    steps: tuple[int, int] = (0, 0)
    exits: tuple[int, int] = (0, 0)
    options: tuple[int, int] = (0, 0)
    rows: tuple[int, int] = (0, 0)
    failures: tuple[int, int] = (0, 0)
    missed: list[Missed] = field(default_factory=list)


@dataclass(slots=True)
class Coverage:
    """A library's coverage by journey."""

    journeys: list[JourneyCoverage]

    def share(self, what: str) -> float | None:
        """Return the share of steps, exits, options, rows or failures gone through, 0 to 1.

        None when there are none.
        """
        done = sum(getattr(one, what)[0] for one in self.journeys)
        total = sum(getattr(one, what)[1] for one in self.journeys)
        return done / total if total else None

    @property
    def missed(self) -> list[Missed]:
        """Everything no test went through, by file and line."""
        return sorted(
            (one for each in self.journeys for one in each.missed),
            key=lambda one: (one.file, one.line),
        )


class Gone:
    """What sessions went through, each as a mark: kind, journey, step, and what tells it apart."""

    def __init__(self) -> None:
        self.marks: set[tuple[str | int, ...]] = set()

    def take(self, library: Library, events: Sequence[Event]) -> None:
        """Take in a session."""
        add = self.marks.add
        for journey, step, exit_name, values in _visits(events):
            add(("step", journey, step))
            if exit_name is not None:
                add(("exit", journey, step, exit_name))
            for name, value in (values or {}).items():
                for one in value if isinstance(value, list) else [value]:
                    add(("option", journey, step, name, _option(one)))
        for journey, step, row in rows(library, events):
            add(("row", journey, step, row))
        for journey, step, failure in failures(events):
            add(("failure", journey, step, failure))


def covered(
    loaded: Loaded, sessions: Iterable[Sequence[Event]], *, inherited: bool = False
) -> Coverage:
    """Return what sessions went through.

    Journeys inherited from the product are left out unless asked for.

    Raises:
        ValueError: the library could not be built.
    """
    library = loaded.library
    if library is None:
        raise ValueError("the library has errors of form: check it first")
    gone = Gone()
    for events in sessions:
        gone.take(library, events)
    found = []
    for journey_id in library.journeys:
        file = loaded.sources.journeys.get(journey_id, "")
        if inherited or file.startswith("journeys/"):
            found.append(_of_journey(loaded, library, journey_id, gone))
    return Coverage(found)


def _option(value: object) -> str:
    if value is True:
        return "yes"
    return "no" if value is False else str(value)


def _visits(
    events: Sequence[Event],
) -> Iterator[tuple[str, str, str | None, dict[str, object] | None]]:
    """Yield (journey, step, exit, values given) as a session went through them."""
    journey_of: dict[str, str] = {}
    at: dict[int, tuple[str, str]] = {}
    for event in events:
        match event:
            case Started():
                journey_of["main"] = event.journey
            case Opened():
                journey_of[event.run] = event.journey
            case Entered():
                at[event.visit] = (journey_of[event.run], event.step)
                yield (*at[event.visit], None, None)
            case Passed() if event.run in journey_of:
                at[event.visit] = (journey_of[event.run], event.step)
                yield (*at[event.visit], event.exit, None)
            case Left():
                yield (*at[event.visit], event.exit, event.values)
            case Restored():
                yield (*at[event.visit], event.exit, None)
            case _:
                continue


def _of_journey(loaded: Loaded, library: Library, journey_id: str, gone: Gone) -> JourneyCoverage:
    found = JourneyCoverage(journey_id)
    counts = {what: [0, 0] for what in ("step", "exit", "option", "row", "failure")}
    for step in library.journeys[journey_id].steps.values():
        for what, name, place, mark in _wanted(loaded, journey_id, step):
            done = (what, journey_id, step.id, *mark) in gone.marks
            counts[what][0] += int(done)
            counts[what][1] += 1
            if not done:
                found.missed.append(Missed(what, step.id, name, place.file, place.line))
    for what, (reached, total) in counts.items():
        setattr(found, f"{what}s", (reached, total))
    return found


Wanted = tuple[str, str, Position, tuple[str | int, ...]]
"""What is to be gone through: its kind, its name, where it is written, and what marks it."""


def _wanted(loaded: Loaded, journey: str, step: Step) -> Iterator[Wanted]:
    def here(*keys: str | int) -> Position:
        return loaded.sources.locate(journey, step.id, *keys)

    yield "step", "", here(), ()
    for name, keys in _exits(step):
        yield "exit", name, here(*keys), (name,)
    for name, option, keys in _options(step):
        yield "option", f"{name} = {option}", here(*keys), (name, option)
    for row in range(rows_of(step)):
        assert isinstance(step, Decide)
        assert step.table is not None
        table = step.table.table.id
        file = f"tables/{table}.yaml"
        place = here("decide", "table")
        if file in loaded.sources.texts:
            place = Position(file, *loaded.sources.position(file, ("rules", row)))
        yield "row", f"{table} {row + 1}", place, (row,)
    for failure in failures_of(step):
        yield "failure", failure, here("by_hand" if failure == BY_HAND else "do"), (failure,)


def _exits(step: Step) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the ways out to be gone through.

    None-of-these that leads to the library's own journey is not one of them.
    """
    said: set[str] = set()
    for target in step.targets():
        if (target.exit == "none" and target.journey is not None) or target.exit in said:
            continue
        said.add(target.exit)
        yield target.exit, exit_keys(step, target.exit)


def _options(step: Step) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    if not isinstance(step, Ask):
        return
    for question in step.questions:
        for place, option in enumerate(question.options):
            yes_no = question.type.name == "yes_no"
            where: tuple[str | int, ...] = (option.id,) if yes_no else ("options", place)
            yield question.name, option.id, ("ask", question.name, *where)
