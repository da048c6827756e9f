"""A session as a test plays it.

The engine itself, a clock that only the test moves, and stubs behind its actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from authoring.testkit.cases import Case
from authoring.testkit.stubs import Connectors, with_stubs
from authoring.values import canonical
from engine.commands import Command
from engine.effects import requests
from engine.events import Amended, Event, Json
from engine.ledger import Contact, segments, totals
from engine.machine import Decision, Env, Start, decide, start
from engine.model import Field, Library
from engine.state import State, Visit
from engine.steps.do import Do
from engine.trace import trace
from engine.view import view

IDLE = frozenset({"ended", "failed"})


@dataclass(slots=True)
class Session:
    """One session of a test.

    `now` is in milliseconds UTC; `turns` keeps what was brought and what it gave.
    """

    library: Library
    case: Case
    now: int
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)
    turns: list[tuple[Start | Command, list[Event]]] = field(default_factory=list)
    due: list[tuple[int, int, dict[str, Json]]] = field(default_factory=list)
    """Results still to come: (when, number, body of `effect_result`)."""
    amended: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """Steps undone and brought back by the last correction."""
    connectors: Connectors = field(init=False)

    def __post_init__(self) -> None:
        given = self.case.given
        calls = given.get("calls")
        self.library = with_stubs(self.library, calls if isinstance(calls, dict) else {})
        written = given.get("connectors")
        self.connectors = Connectors(self.library, written if isinstance(written, dict) else {})

    @property
    def zone(self) -> ZoneInfo:
        """The library's time zone."""
        return ZoneInfo(self.library.timezone)

    @property
    def audience(self) -> str:
        """Who plays now: the session's own audience, which a hand-over changes."""
        return self.state.audience if self.turns else self.first_audience

    @property
    def first_audience(self) -> str:
        """Who begins."""
        return str(self.case.given.get("audience", self.library.default_audience))

    def begin(self, journey: str) -> None:
        """Start the session.

        Raises:
            Refused: it cannot be started so.
        """
        given = self.case.given
        declared = self.library.journeys[journey].inputs if journey in self.library.journeys else {}
        channel = given.get("channel")
        request = Start(
            session="test",
            journey=journey,
            audience=self.first_audience,
            language=given.get("language"),
            channel=channel,
            contact=given.get("contact", "test"),
            ticket=given.get("ticket"),
            customer=given.get("customer"),
            inputs={
                name: canonical(declared[name].type, value) if name in declared else value
                for name, value in (given.get("inputs") or {}).items()
            },
            known=self._known(given.get("known") or {}),
            words=given.get("words"),
        )
        self._took(request, start(self.library, request, self._env(self.first_audience)))
        self.settle()

    def _known(self, written: Mapping[str, Json]) -> dict[str, Json]:
        return {
            name: {
                "value": canonical(self.library.facts[name].type, value)
                if name in self.library.facts
                else value,
                "at": self.now,
                "source": "test",
            }
            for name, value in written.items()
        }

    def _env(self, role: str) -> Env:
        return Env(self.now, self.zone, "system" if role == "system" else f"{role}:test", role)

    def bring(self, name: str, body: Mapping[str, Json], *, role: str | None = None) -> None:
        """Bring one command, and the results that come at once.

        Raises:
            Refused: nothing was recorded.
        """
        self._command(Command(name, dict(body)), role or self.audience)
        self.settle()

    def _command(self, command: Command, role: str) -> None:
        before = {visit.id: visit.step for visit in self.state.path}
        decision = decide(self.library, self.state, command, self._env(role))
        self._took(command, decision)
        for event in decision.events:
            if isinstance(event, Amended):
                after = {visit.id: visit.step for visit in decision.state.path}
                self.amended = (
                    tuple(before.get(visit, "") for visit in event.pruned),
                    tuple(after.get(visit, "") for visit in event.restored),
                )

    def _took(self, brought: Start | Command, decision: Decision) -> None:
        self.state = decision.state
        self.events += decision.events
        self.turns.append((brought, list(decision.events)))
        for request in requests(decision.events):
            answer = self.connectors.answer(request.operation)
            body = {"effect": request.effect, **answer.body}
            self.due.append((self.now + answer.delay, len(self.events), body))
        self.due.sort(key=lambda one: one[:2])

    def settle(self) -> None:
        """Bring the results that are there by now."""
        while self.due and self.due[0][0] <= self.now:
            _, _, body = self.due.pop(0)
            self._command(Command("effect_result", body), "system")

    def catch_up(self) -> None:
        """Let time pass while somebody waits for a result that is on its way."""
        while self.due and self.blocked:
            self.now = max(self.now, self.due[0][0])
            self.settle()

    @property
    def blocked(self) -> bool:
        """Whether nobody can go on before a result comes."""
        waits = self.state.wait is not None and self.state.wait.what == "effect"
        return waits or (self.state.status == "pending" and self.state.wait is None)

    def pass_time(self, span: int) -> None:
        """Move the clock on: results come and timers ring when they are due."""
        end = self.now + span
        while True:
            wait = self.state.wait
            rings = wait.due if wait is not None and wait.what != "effect" else None
            if self.state.status in IDLE:
                rings = None
            arrives = self.due[0][0] if self.due else None
            nearest = min(
                (moment for moment in (rings, arrives) if moment is not None), default=None
            )
            if nearest is None or nearest > end:
                break
            self.now = max(self.now, nearest)
            if nearest == arrives:
                self.settle()
            elif wait is not None:
                self.bring("wake", {"wait": wait.id, "timeout": True}, role="system")
                if self.state.wait is not None and self.state.wait.id == wait.id:
                    break
        self.now = end

    # What a test looks at

    def look(self) -> dict[str, Any]:
        """Return what the actor sees now."""
        seen: dict[str, Any] = view(
            self.library,
            self.state,
            audience=self.state.audience,
            language=self.state.language,
            channel=self.state.channel,
            now=self.now,
            zone=self.zone,
        )
        return seen

    def trace(self) -> dict[str, Any]:
        """Return the trace on the three axes."""
        seen: dict[str, Any] = trace(self.library, self.state, self.state.language)
        return seen

    def spent(self) -> dict[str, int]:
        """Return the milliseconds of each category of time since the session began."""
        begun = self.state.started_at
        contact = Contact(
            self.state.contact or "test",
            self.state.channel,
            "inbound",
            begun,
            begun,
            self.now,
            self.now,
        )
        parts = segments(contact, [self.events])
        return dict(totals(parts))

    def questions(self, visit: Visit | None) -> dict[str, Field]:
        """Return the questions of a visit by name, those of a manual procedure included."""
        if visit is None or visit.run not in self.state.runs:
            return {}
        step = self.library.journeys[self.state.runs[visit.run].journey].steps[visit.step]
        if isinstance(step, Do):
            return {one.name: one for one in (step.by_hand.fills if step.by_hand else ())}
        return {one.name: one for one in step.fields()}
