"""A session that a test walks, checked after every turn against what always holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import codec, snapshot
from engine.commands import Command
from engine.events import Event, Requested
from engine.evolve import fold
from engine.machine import Decision, Env, Start, decide, preview, start
from engine.model import Library
from engine.refusals import Refused
from engine.state import Effect, State, Visit
from engine.trace import trace
from engine.view import view

PARIS = ZoneInfo("Europe/Paris")
BEGUN = 1_790_000_000_000
"""When a test's session begins: 2026-09-21, 16:13:20 in Paris."""


@dataclass
class Session:
    """One session and its clock, which moves a second before each turn."""

    library: Library
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)
    now: int = BEGUN
    checked: int = 0
    found: tuple[str | None, dict[str, Any]] | None = None
    """Who the next command's answers tell the customer is, and what is known of them."""

    def env(self, role: str, *, jump: int = 0) -> Env:
        """Return the circumstances of the next turn, a second later."""
        self.now += 1_000
        return Env(self.now, PARIS, f"{role}:test", role, jump, self.found)

    def begin(self, journey: str = "main", audience: str = "advisor", **more: Any) -> Session:
        """Start on a journey."""
        self.take(start(self.library, Start("s", journey, audience, **more), self.env(audience)))
        return self

    def bring(self, name: str, role: str = "advisor", **body: Any) -> list[Event]:
        """Bring a command; return what happened."""
        before = snapshot.dump(self.state)
        decision = decide(self.library, self.state, Command(name, body), self.env(role))
        assert snapshot.dump(self.state) == before, "the state given was changed"
        return self.take(decision)

    def answer(self, **values: Any) -> list[Event]:
        """Answer the current questions, or those of the visit in focus."""
        return self.bring("answer", values=values)

    def amend(self, step: str, effects: dict[str, str] | None = None, **values: Any) -> list[Event]:
        """Change the answers given at a step's last visit."""
        return self.bring("amend", visit=self.at(step).id, values=values, effects=effects or {})

    def preview(self, step: str, effects: dict[str, str] | None = None, **values: Any) -> Any:
        """Return what such a change would do."""
        return self.preview_at(self.at(step).id, values, effects or {})

    def preview_at(self, visit: int, values: dict[str, Any], effects: dict[str, str]) -> Any:
        """Return what changing a visit's answers would do."""
        body = {"visit": visit, "values": values, "effects": effects}
        return preview(self.library, self.state, Command("amend", body), self.env("advisor"))

    def refuses(self, name: str, role: str = "advisor", **body: Any) -> Refused:
        """Return why a command is refused; nothing happened."""
        count, before = len(self.events), snapshot.dump(self.state)
        with pytest.raises(Refused) as refused:
            self.bring(name, role, **body)
        assert (len(self.events), snapshot.dump(self.state)) == (count, before)
        return refused.value

    def take(self, decision: Decision) -> list[Event]:
        """Keep what happened."""
        self.found = None
        self.events += decision.events
        self.state = decision.state
        self.check()
        return decision.events

    def open_effects(self) -> list[Effect]:
        """Return the actions whose result has not come, oldest first."""
        return [one for one in self.state.effects.values() if one.status == "requested"]

    def settle(self, status: str = "succeeded", result: Any = None, reason: str = "") -> bool:
        """Give the oldest requested action its result; False when there is none."""
        waiting = self.open_effects()
        if waiting:
            said = {"reason": reason} if reason else {}
            self.bring("effect_result", "system", effect=waiting[0].id, status=status,
                       result=result, **said)  # fmt: skip
        return bool(waiting)

    def wake(self, **body: Any) -> list[Event]:
        """Bring the wake-up of the current wait."""
        assert self.state.wait is not None
        return self.bring("wake", "system", wait=self.state.wait.id, **body)

    # What a test looks at

    def at(self, step: str) -> Visit:
        """Return the last live visit of a step."""
        return next(v for v in reversed(self.state.path) if v.step == step)

    @property
    def step(self) -> str | None:
        """The step it stands on."""
        current = self.state.current
        return None if current is None else current.step

    @property
    def values(self) -> dict[str, Any]:
        """The values of the first journey's run."""
        return self.state.runs["main"].values

    def look(self, role: str | None = None, audience: str | None = None) -> dict[str, Any]:
        """Return what an actor sees."""
        return view(
            self.library, self.state, audience=audience or self.state.audience, role=role,
            language=self.state.language, channel=self.state.channel, now=self.now, zone=PARIS,
        )  # fmt: skip

    def trace(self) -> dict[str, Any]:
        """Return the trace on the three axes."""
        return trace(self.library, self.state, self.state.language)

    def asked(self, operation: str) -> list[Requested]:
        """Return the requests made to an operation."""
        return [e for e in self.events if isinstance(e, Requested) and e.operation == operation]

    def check(self) -> None:
        """Assert what holds after every turn."""
        folded = snapshot.dump(fold(self.events))
        assert folded == snapshot.dump(self.state)
        assert snapshot.dump(snapshot.load(json.loads(json.dumps(folded)))) == folded
        for event in self.events[self.checked :]:
            header, payload = json.loads(json.dumps(codec.encode(event)))
            again = codec.decode(
                event.KIND, at=event.at, by=event.by, header=header, payload=payload
            )
            assert again == event
        self.checked = len(self.events)
        requests = [e for e in self.events if isinstance(e, Requested)]
        names = [e.effect for e in requests]
        assert len(names) == len(set(names)), "an action was executed twice"
        places = [(e.run, e.step, e.occ, e.generation) for e in requests if e.compensates is None]
        assert len(places) == len(set(places)), "one execution a run, step, occurrence, generation"


def standing(state: State) -> dict[str, Any]:
    """Return where a session stands and what it holds: what an amend leaves as a fresh one."""
    current = state.current
    return {
        "status": state.status,
        "outcome": state.outcome,
        "at": None if current is None else current.key,
        "by_hand": None if current is None else current.by_hand is not None,
        "stack": state.stack,
        "values": {run.id: run.values for run in state.runs.values()},
        "codes": state.codes,
        "path": [(v.key, v.came, v.how, v.exit, v.values, v.assigned) for v in state.path],
    }
