"""What tests went through of each journey.

Its steps, its ways out, its options, and the lines they left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from authoring.checks.exits import exit_keys
from authoring.load import Loaded
from engine.events import Entered, Event, Left, Opened, Passed, Restored, Started
from engine.model import Library
from engine.steps.ask import Ask
from engine.steps.base import Step


@dataclass(frozen=True, slots=True)
class Missed:
    """Something no test went through.

    What (step, exit or option), its name, and where it is written.
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
    """One journey's share of steps, exits and options gone through.

    (gone through, in all), and what was missed.
    """

    journey: str
    steps: tuple[int, int] = (0, 0)
    exits: tuple[int, int] = (0, 0)
    options: tuple[int, int] = (0, 0)
    missed: list[Missed] = field(default_factory=list)


@dataclass(slots=True)
class Coverage:
    """A library's coverage by journey."""

    journeys: list[JourneyCoverage]

    def share(self, what: str) -> float | None:
        """Return the share of steps, exits or options gone through, 0 to 1.

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
    steps: set[tuple[str, str]] = set()
    exits: set[tuple[str, str, str]] = set()
    options: set[tuple[str, str, str, str]] = set()
    for events in sessions:
        for journey, step, exit_name, values in _visits(events):
            steps.add((journey, step))
            if exit_name is not None:
                exits.add((journey, step, exit_name))
            for name, value in (values or {}).items():
                for one in value if isinstance(value, list) else [value]:
                    options.add((journey, step, name, _option(one)))
    found = []
    for journey_id in library.journeys:
        file = loaded.sources.journeys.get(journey_id, "")
        if inherited or file.startswith("journeys/"):
            found.append(_of_journey(loaded, library, journey_id, (steps, exits, options)))
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


def _of_journey(
    loaded: Loaded,
    library: Library,
    journey_id: str,
    gone: tuple[set[tuple[str, str]], set[tuple[str, str, str]], set[tuple[str, str, str, str]]],
) -> JourneyCoverage:
    steps, exits, options = gone
    journey = library.journeys[journey_id]
    found = JourneyCoverage(journey_id)
    counts = {"step": [0, 0], "exit": [0, 0], "option": [0, 0]}
    for step in journey.steps.values():
        wanted: list[tuple[str, str, tuple[str | int, ...], bool]] = [
            ("step", "", (), (journey_id, step.id) in steps)
        ]
        wanted += (
            ("exit", name, keys, (journey_id, step.id, name) in exits)
            for name, keys in _exits(step)
        )
        wanted += (
            ("option", f"{name} = {option}", keys, (journey_id, step.id, name, option) in options)
            for name, option, keys in _options(step)
        )
        for what, name, keys, done in wanted:
            counts[what][0] += done
            counts[what][1] += 1
            if not done:
                place = loaded.sources.locate(journey_id, step.id, *keys)
                found.missed.append(Missed(what, step.id, name, place.file, place.line))
    found.steps = (counts["step"][0], counts["step"][1])
    found.exits = (counts["exit"][0], counts["exit"][1])
    found.options = (counts["option"][0], counts["option"][1])
    return found


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
