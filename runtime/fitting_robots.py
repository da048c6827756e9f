"""Whether the robots of a deployment can walk what they are told to: told before they are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from authoring.checks.nearest import near
from connectors.faults import Fault, Misconfigured, Places
from engine.machine import Start, start
from engine.model import Journey, Library
from engine.reading import Env
from engine.refusals import Refused
from runtime.cases import Case, read_cases
from runtime.errors import Failure
from runtime.robot_file import Robot, read_robots
from runtime.robots import files_of, inputs_of
from runtime.turns import zone_of

NAME: Final = "robots.toml"
ROWS: Final = 10_000
"""Most rows of a file that are tried: a look, not a run."""
TOLD: Final = 20
"""Most faults of one file of cases: beyond, whatever wrote it is mended."""


def robot_faults(path: Path, library: Library | None, *, now: int) -> Iterator[Fault]:
    """Yield what keeps the robots of a file from walking a library's journeys as they are told.

    Nothing is begun: of each row it is tried in memory whether a session would begin with it.
    Without a library, only what is wrong in the file itself.
    """
    try:
        robots, places = read_robots(path)
    except Misconfigured as wrong:
        yield from wrong.faults
        return
    if library is None:
        return
    for robot in robots:
        journey = library.journeys.get(robot.journey)
        if journey is None or not journey.startable:
            names = [one.id for one in library.journeys.values() if one.startable]
            yield places.fault(
                "deployment.unknown-journey", (robot.name, "journey"),
                fr=f"la bibliothèque n'a aucun parcours « {robot.journey} » qui se démarre.",
                en=f"the library has no journey '{robot.journey}' that can be started. "
                f"{near(robot.journey, names)}",
            )  # fmt: skip
            continue
        if not robot.cases.exists():
            yield places.fault(
                "deployment.no-cases", (robot.name, "cases"),
                fr=f"{robot.cases} n'existe pas : une exécution échoue tant qu'il manque.",
                en=f"{robot.cases} is not there: a run fails until it is.",
            )  # fmt: skip
            continue
        for file in files_of(robot.cases):
            yield from islice(_of_cases(file, robot, places, library, now=now), TOLD)


def _of_cases(
    file: Path, robot: Robot, places: Places, library: Library, *, now: int
) -> Iterator[Fault]:
    try:
        cases = read_cases(file)
    except Failure as failure:
        line, column = places.of((robot.name, "cases"))
        yield Fault("deployment.unreadable", (robot.name, "cases"), failure.message, places.file,
                    line, column)  # fmt: skip
        return
    journey = library.journeys[robot.journey]
    first = next((case for case in cases if case.wrong is None), None)
    if first is not None and not first.typed:
        missing = list(_missing_columns(file, first, journey))
        yield from missing
        if missing:
            return
    asked = {*journey.inputs, *_questions(library)}
    unknown: set[str] = set()
    for case in cases[:ROWS]:
        for name in case.values:
            if name not in asked and name not in unknown:
                unknown.add(name)
                line = case.line if case.typed else 1
                yield _at(file, line, "deployment.unknown-column", name, {
                    "fr": "aucune entrée ni question de ce nom dans la bibliothèque.",
                    "en": "no input or question of that name in the library. "
                    f"{near(name, asked)}",
                })  # fmt: skip
        yield from _of_case(file, case, library, robot.journey, now=now)


def _missing_columns(file: Path, first: Case, journey: Journey) -> Iterator[Fault]:
    for name, field in journey.inputs.items():
        if field.required and name not in first.values:
            yield _at(file, 1, "deployment.missing-column", name, {
                "fr": f"le parcours « {journey.id} » en a besoin : ajoutez la colonne.",
                "en": f"journey '{journey.id}' needs it: add the column.",
            })  # fmt: skip


def _of_case(
    file: Path, case: Case, library: Library, journey: str, *, now: int
) -> Iterator[Fault]:
    if case.wrong is not None:
        yield _at(file, case.line, case.wrong.code, case.wrong.column, case.wrong.text)
        return
    begun = Start(
        "tried", journey, "robot", language=case.own.get("language"),
        channel=case.own.get("channel"), inputs=inputs_of(library.journeys[journey], case),
    )  # fmt: skip
    try:
        start(library, begun, Env(now, zone_of(library.timezone), "robot:tried", "robot"))
    except Refused as refused:
        for name, wrong in refused.fields.items():
            yield _at(
                file, case.line, str(wrong["code"]), name, wrong["message"] or refused.message
            )
        if not refused.fields:
            yield _at(file, case.line, refused.code, None, refused.message)


def _questions(library: Library) -> Iterator[str]:
    """Yield the names of every question: a called journey's may be answered by a column too."""
    for journey in library.journeys.values():
        for step in journey.steps.values():
            yield from (field.name for field in step.fields())


def _at(file: Path, line: int, code: str, column: str | None, message: Mapping[str, str]) -> Fault:
    return Fault(code, () if column is None else (column,), message, file.as_posix(), line, 1)
