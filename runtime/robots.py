"""Robots that walk files of cases by themselves, when they are due.

A run whose process went away is taken up by another: what it had begun has the same keys, and is
not begun again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.model import Journey
from engine.refusals import Refused
from runtime.access import Actor
from runtime.cases import Case, fingerprint, read_cases
from runtime.cells import answer_of
from runtime.errors import Failure, StoreUnavailable, WrongSetting
from runtime.idempotency import Key
from runtime.putting import put, stamp
from runtime.revisions import Revisions
from runtime.robot_file import Robot
from runtime.runs import Run, Runs
from runtime.sessions import Sessions, StartRequest
from runtime.surroundings import Surroundings
from runtime.turns import zone_of

AT_ONCE: Final = 4
LOOK: Final = 1.0
"""Seconds between two looks at the clock."""
READ: Final = (".csv", ".jsonl", ".ndjson")

_log = logging.getLogger("parcours.robots")


@dataclass(slots=True, kw_only=True)
class Robots:
    """The robots of a service."""

    robots: Sequence[Robot]
    runs: Runs
    revisions: Revisions
    sessions: Sessions
    surroundings: Surroundings

    async def work(self) -> None:
        """Run what is due until cancelled."""
        async with asyncio.TaskGroup() as group:
            for robot in self.robots:
                group.create_task(self._follow(robot))

    async def _follow(self, robot: Robot) -> None:
        told = ""
        while True:
            try:
                await self.tick(robot)
                told = ""
            except Failure as failure:
                # Said once, not at every look.
                if told != failure.code:
                    _log.warning("robot_waits", extra={"robot": robot.name, "code": failure.code})
                told = failure.code
            await asyncio.sleep(LOOK)

    async def tick(self, robot: Robot) -> bool:
        """Run a robot if it is due and no other process has it; return whether it ran.

        Raises:
            UnknownJourney, StoreUnavailable: it cannot be run now.
        """
        run = await self._taken(robot)
        if run is None:
            return False
        try:
            rows, failures = await self._run(robot, run)
        except _Lost:
            return True
        for failure in failures:
            said = failure.message.get("en", "")
            _log.error(
                "robot_failed", extra={"robot": robot.name, "code": failure.code, "why": said}
            )
        state = "failed" if failures else "done"
        await self.runs.ended(run, state, len(rows))
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["state"]] = counts.get(row["state"], 0) + 1
        told = {"robot": robot.name, "due": run.due, "state": state, **counts}
        _log.info("robot_ran", extra=told)
        return True

    async def _taken(self, robot: Robot) -> Run | None:
        left = await self.runs.left(robot.tenant, robot.name)
        if left is not None:
            return left
        revision = await self.revisions.startable(robot.tenant, robot.journey)
        zone = zone_of(revision.library.timezone)
        return await self.runs.due(robot.tenant, robot.name, when=robot.when, zone=zone)

    async def _run(self, robot: Robot, run: Run) -> tuple[list[dict[str, Any]], list[Failure]]:
        """Walk every case; return what became of each, and what could not be read or written.

        A file that cannot be read stops no other, and hides nothing of what was walked.
        """
        rows: list[dict[str, Any]] = []
        failures: list[Failure] = []
        for path in await asyncio.to_thread(files_of, robot.cases):
            try:
                cases = await asyncio.to_thread(read_cases, path)
            except WrongSetting as failure:
                failures.append(failure)
                why = {"code": failure.code, "message": failure.message["en"]}
                rows.append({"file": path.name, "case": None, "line": None, "state": "wrong"} | why)
                continue
            for first in range(0, len(cases), AT_ONCE):
                part = cases[first : first + AT_ONCE]
                rows += await asyncio.gather(
                    *(self._case(robot, case, run, path.name) for case in part)
                )
                if not await self.runs.lives(run):
                    raise _Lost
        if robot.results is not None:
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            path = robot.results / f"{robot.name}-{stamp(run.due)}.jsonl"
            try:
                await asyncio.to_thread(put, path, text.encode())
            except OSError as error:
                failures.append(_not_written(path, error))
        return rows, failures

    async def _case(self, robot: Robot, case: Case, run: Run, file: str) -> dict[str, Any]:
        actor = Actor(robot.tenant, "robot", robot.name)
        row: dict[str, Any] = {"file": file, "case": case.name, "line": case.line}
        if case.wrong is not None:
            wrong = case.wrong
            return row | {"state": "wrong", "code": wrong.code, "message": wrong.text["en"]}
        try:
            return row | _told(await self._walk(actor, robot, case, f"{run.due}\0{file}"))
        except StoreUnavailable:
            raise
        except (Failure, Refused) as refused:
            return row | {"state": "wrong", "code": refused.code, "message": str(refused)}

    async def _walk(self, actor: Actor, robot: Robot, case: Case, run: str) -> dict[str, Any]:
        mark = fingerprint(case)
        said = f"{robot.name}\0{run}\0{case.name}\0{mark}".encode("utf-8", "surrogatepass")
        key = hashlib.sha256(said).hexdigest()[:40]
        revision = await self.revisions.startable(actor.tenant, robot.journey)
        journey = revision.library.journeys[robot.journey]
        request = StartRequest(
            journey=robot.journey,
            audience="robot",
            inputs=inputs_of(journey, case),
            **case.own,
        )
        begun = await self.sessions.start(actor, request, key=Key(f"{key}-start", mark))
        answer = await self.sessions.view(actor, begun.session)
        view: dict[str, Any] = json.loads(answer.view)
        if "autopilot" not in view["commands"] or view["transfer"] is not None:
            return view
        others = [n for n in case.values if n not in journey.inputs]
        listed: dict[str, Any] = {}
        if others and not case.typed:
            warm = await self.sessions.admit(actor, begun.session)
            listed = {q["name"]: q for q in await self.surroundings.questions(actor, warm)}
        body = {"type": "autopilot", "values": _typed(case, listed, others)}
        answer = await self.sessions.command(
            actor, begun.session, body, match=answer.version, key=Key(f"{key}-go", mark)
        )
        walked: dict[str, Any] = json.loads(answer.view)
        return walked


class _Lost(Exception):
    """Another process has taken the run up."""


def _not_written(path: Path, error: OSError) -> WrongSetting:
    return WrongSetting({
        "fr": f"{path} : résultats non écrits ({error.strerror}).",
        "en": f"{path}: results not written ({error.strerror}).",
    })  # fmt: skip


def files_of(path: Path) -> list[Path]:
    """Return the files of cases a path means: itself, or those of a folder by their names."""
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.iterdir() if one.suffix.lower() in READ)


def inputs_of(journey: Journey, case: Case) -> dict[str, Any]:
    """Return what a case says of a journey's inputs, as they take it."""
    fields = journey.inputs
    listed = {n: {"type": f.type.name, "valid": f.type.schema()} for n, f in fields.items()}
    return _typed(case, listed, [name for name in case.values if name in fields])


def _typed(case: Case, questions: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    if case.typed:
        return {name: case.values[name] for name in names}
    return {name: answer_of(case.values[name], questions.get(name)) for name in names}


def _told(view: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a case; one whose action is still under way goes on by itself."""
    state = "under_way" if view["pilot"] is not None else "handed_over"
    if view["status"] in {"ended", "failed"}:
        state = view["status"]
    step = view["step"]
    return {
        "state": state, "session": view["session"], "outcome": view["outcome"], **view["codes"],
        "step": None if step is None else step["id"],
    }  # fmt: skip
