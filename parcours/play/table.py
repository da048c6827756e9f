"""The session being played: the engine itself, a mock behind its actions, a clock to move on."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.commands import Command
from engine.effects import requests
from engine.events import Event, Requested
from engine.evolve import ENDED
from engine.ledger import Contact, segments, totals, useful_share
from engine.machine import Env, Start, decide, preview, start
from engine.steps.do import Do
from engine.trace import trace
from engine.view import view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from connectors.port import Connector, Outcome
    from engine.events import Json
    from engine.model import Field, Library
    from engine.state import State

Turn = tuple[Start | Command, list[Event]]
"""What was brought, and the events it gave."""


@dataclass(slots=True)
class Clock:
    """Milliseconds UTC: the machine's, moved on when nobody wants to wait."""

    base: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    begun: float = field(default_factory=time.monotonic)
    skipped: int = 0

    def now(self) -> int:
        """Return the present time."""
        return self.base + int((time.monotonic() - self.begun) * 1000) + self.skipped

    def move_to(self, instant: int) -> None:
        """Let the time up to an instant pass at once."""
        self.skipped += max(0, instant - self.now())


@dataclass(slots=True)
class Table:
    """One session in memory. `turns` keeps every command with the events it gave, in order."""

    library: Library
    state: State
    connector: Connector | None
    audience: str
    language: str
    clock: Clock
    turns: list[Turn] = field(default_factory=list)
    waiting: Callable[[str], AbstractContextManager[object]] = nullcontext
    """What surrounds an action while it is under way; told its operation."""

    @property
    def zone(self) -> ZoneInfo:
        """The library's time zone."""
        return ZoneInfo(self.library.timezone)

    def send(self, name: str, /, **body: Json) -> None:
        """Bring a command, and carry out the actions it asks for.

        Raises:
            Refused: nothing was recorded.
        """
        self.bring(Command(name, body), by=f"{self.audience}:play", role=self.audience)
        self.settle()

    def system(self, name: str, /, **body: Json) -> None:
        """Bring what the system brings: a result, a wake-up."""
        self.bring(Command(name, body), by="system", role="system")
        self.settle()

    def bring(self, command: Command, *, by: str, role: str) -> None:
        """Bring one command as somebody; the actions it asks for are left to `settle`."""
        env = Env(self.clock.now(), self.zone, by, role)
        decision = decide(self.library, self.state, command, env)
        self.state = decision.state
        self.turns.append((command, list(decision.events)))

    def settle(self) -> None:
        """Carry out what the last turn asked for, and bring each result."""
        for request in requests(self.turns[-1][1]):
            if self.connector is None:
                result: dict[str, Any] = {"status": "failed", "reason": "no mock"}
            else:
                with self.waiting(request.operation):
                    outcome = asyncio.run(_call(self.connector, request))
                result = {
                    "status": outcome.status,
                    "result": outcome.result,
                    "reason": outcome.reason,
                }
            given = {key: value for key, value in result.items() if value is not None}
            self.bring(
                Command("effect_result", {"effect": request.effect, **given}),
                by="system",
                role="system",
            )
            self.settle()

    def view(self) -> dict[str, Any]:
        """Return what the actor sees now."""
        seen: dict[str, Any] = view(
            self.library,
            self.state,
            audience=self.audience,
            language=self.language,
            channel=self.state.channel,
            now=self.clock.now(),
            zone=self.zone,
            role=self.audience,
        )
        return seen

    def preview_amend(self, visit: int, values: Mapping[str, Json]) -> dict[str, Any]:
        """Return what a correction would undo, bring back and leave to decide."""
        env = Env(self.clock.now(), self.zone, f"{self.audience}:play", self.audience)
        command = Command("amend", {"visit": visit, "values": dict(values)})
        seen: dict[str, Any] = preview(self.library, self.state, command, env)
        return seen

    def questions(self, visit: int | None = None) -> dict[str, Field]:
        """Return the questions of a visit of the path (the current one without), by name."""
        found = self.state.current if visit is None else self.state.visit(visit)
        if found is None:
            return {}
        step = self.library.journey(self.state.runs[found.run].journey).steps[found.step]
        if isinstance(step, Do):
            return {one.name: one for one in (step.by_hand.fills if step.by_hand else ())}
        return {question.name: question for question in step.fields()}

    def trace(self) -> dict[str, Any]:
        """Return the trace on the three axes."""
        seen: dict[str, Any] = trace(self.library, self.state, self.language)
        return seen

    def ledger(self) -> tuple[dict[str, int], float | None]:
        """Return the milliseconds of each category, and the useful share."""
        # A walk that is over ends with its last event, not when its time is looked at.
        over = self.state.status in ENDED
        end = self.turns[-1][1][-1].at if over else self.clock.now()
        begun = self.state.started_at
        contact = Contact("play", self.state.channel, "inbound", begun, begun, end, end)
        events = [event for _, turn in self.turns for event in turn]
        sums = totals(segments(contact, [events]))
        return sums, useful_share(sums, identification_useful=self.library.identification_useful)


async def _call(connector: Connector, request: Requested) -> Outcome:
    return await connector.call(
        request.operation, request.inputs, key=request.effect, timeout_ms=request.timeout
    )


def sit_down(
    library: Library,
    journey: str,
    *,
    audience: str,
    language: str,
    connector: Connector | None,
    clock: Callable[[], Clock] = Clock,
) -> Table:
    """Return a session started on a journey, its first actions carried out.

    Raises:
        Refused: the journey cannot be started so.
    """
    ticking = clock()
    request = Start(
        session="play",
        journey=journey,
        audience=audience,
        language=language,
        channel="phone" if audience == "advisor" else "chat",
        contact="play",
        ticket=None,
        customer=None,
        inputs={},
        known={},
        words=None,
    )
    env = Env(ticking.now(), ZoneInfo(library.timezone), f"{audience}:play", audience)
    decision = start(library, request, env)
    table = Table(library, decision.state, connector, audience, language, ticking)
    table.turns.append((request, list(decision.events)))
    table.settle()
    return table
