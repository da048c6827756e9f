"""Journeys made up by Hypothesis, and a session that walks them, for the engine's properties."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engine import codec, snapshot
from engine.answers import build
from engine.commands import Command
from engine.events import Event, Requested
from engine.evolve import fold
from engine.expressions import compile_expression
from engine.machine import Decision, Env, Start, decide, start
from engine.model import AXES, Journey, Library
from engine.parts import Code, Field, Operation, Option
from engine.state import State
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.decide import Decide, Rule
from engine.steps.do import ByHand, Do
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.steps.say import Say
from engine.steps.wait import Wait
from engine.wording import Text

PARIS = ZoneInfo("Europe/Paris")
VALUES = ("a", "b", "c")
OUTPUT = {"v": build("choice", {"options": VALUES})}


def _operation(name: str, effect: str) -> Operation:
    from engine.kinds import ANY

    return Operation(id=name, title=None, effect=effect, inputs={}, output=OUTPUT, kind=ANY)


OPERATIONS = {o.id: o for o in (_operation("read", "read"), _operation("write", "keyed"), _operation("undo", "keyed"))}


def _choice(name: str, targets: list[str | None]) -> Field:
    options = tuple(
        Option(id=v, label=Text.plain(v), next=target, codes=(Code("declaration", f"d.{v}"),))
        for v, target in zip(VALUES, targets, strict=True)
    )
    return Field(name=name, type=build("choice", {"options": VALUES}), options=options)


@st.composite
def steps(draw: st.DrawFn, ids: list[str], index: int, called: list[str]) -> Step:
    """Draw one step: anything but an end; cycles only through questions and waits."""
    own = ids[index]
    later = ids[index + 1 :]
    anywhere = st.sampled_from(ids)
    ahead = st.sampled_from(later)
    kinds = ["ask", "ask", "text", "say", "decide", "read", "write", "behind", "wait", "verbatim"]
    kind = draw(st.sampled_from([*kinds, "call"] if called else kinds))
    following = later[0]
    read = draw(st.sampled_from(["x", "y", "z"]))
    if kind == "ask":
        targets = [draw(st.none() | anywhere) for _ in VALUES]
        name = draw(st.sampled_from(["x", "y"]))
        return Ask(id=own, next=following, questions=(_choice(name, targets),), router=name)
    if kind == "text":
        return Ask(id=own, next=following, questions=(Field(name="t", type=build("text", {}), required=False),))
    if kind in ("say", "verbatim"):
        return Say(id=own, next=following, say=Text.plain("…"), verbatim=kind == "verbatim")
    if kind == "decide":
        rule = Rule("1", compile_expression(f'{read} == "a"'), draw(ahead), (Code("qualification", "q.1"),))
        return Decide(id=own, next=following, needs=frozenset([read]),
                      rules=(rule, Rule("else", None, draw(ahead), (), (("z", compile_expression('"b"')),))))  # fmt: skip
    if kind == "call":
        return Call(id=own, next=following, journey=draw(st.sampled_from(called)), inputs={}, saves={"y": "x"}, on={})
    if kind == "wait":
        return Wait(id=own, next=following, what="delay", delay=60_000, inputs={})
    return _action(kind, own, following, read, draw(st.sampled_from(["keep", "compensate"])))


def _action(kind: str, own: str, following: str, read: str, on_amend: str) -> Step:
    """Return a `do`: a look-up, a look-up behind, or a writing action that may be undone."""
    writes = kind == "write"
    return Do(
        id=own, next=following, operation=OPERATIONS["write" if writes else "read"], needs=frozenset([read]),
        inputs={"k": compile_expression(read)}, saves={"z": "result.v"}, behind=kind == "behind",
        effect="keyed" if writes else "read", refused={}, on_amend=on_amend,
        by_hand=ByHand(Text.plain("…"), (Field(name="z", type=OUTPUT["v"]),)),
        compensate=OPERATIONS["undo"] if writes else None, codes=(Code("action", "a.1"),),
    )  # fmt: skip


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Draw a library of one journey to start, one to call, and the failure journey."""
    made = {}
    for name, called, size in (("sub", [], 4), ("main", ["sub"], 9)):
        count = draw(st.integers(2, size))
        ids = [f"s{i}" for i in range(count)] + ["done"]
        body: dict[str, Step] = {ids[i]: draw(steps(ids, i, called)) for i in range(count)}
        body["done"] = End(id="done", outcome="resolved")
        made[name] = Journey(id=name, title=Text.plain(name), steps=body, start=ids[0], startable=name == "main")
    failure: dict[str, Step] = {
        "sorry": Say(id="sorry", next="over", say=Text.plain("…")),
        "over": End(id="over", outcome="unresolved"),
    }
    made["oops"] = Journey(id="oops", title=Text.plain("oops"), steps=failure, start="sorry", startable=False)
    made["nothing"] = Journey(
        id="nothing", title=Text.plain("nothing"), startable=False, start="over",
        steps={"over": End(id="over", outcome="unresolved")},
    )  # fmt: skip
    return Library(
        name="made", revision="r", title=Text.plain("made"), languages=("en",), journeys=made, operations=OPERATIONS,
        codes={axis: {} for axis in AXES}, system={"failure": "oops", "nothing_fits": "nothing"},
        digressions=("nothing",),
    )  # fmt: skip


@dataclass
class Session:
    """A session being walked; every turn is checked against what holds always."""

    library: Library
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)
    now: int = 1_790_000_000_000
    checked: int = 0

    def env(self, role: str) -> Env:
        """Return the circumstances of the next turn, a second later."""
        self.now += 1_000
        return Env(self.now, PARIS, f"{role}:test", role)

    def begin(self) -> None:
        """Start on the main journey."""
        self.take(start(self.library, Start("s", "main", "advisor"), self.env("advisor")))

    def bring(self, name: str, role: str = "advisor", **body: Any) -> None:
        """Bring a command."""
        self.take(decide(self.library, self.state, Command(name, body), self.env(role)))

    def take(self, decision: Decision) -> None:
        """Keep what happened."""
        self.events += decision.events
        self.state = decision.state

    def settle(self, status: str = "succeeded", result: Any = None) -> bool:
        """Give the oldest requested action its result; False when there is none."""
        for effect in self.state.effects.values():
            if effect.status == "requested":
                self.bring("effect_result", "system", effect=effect.id, status=status, result=result)
                return True
        return False

    def check(self) -> None:
        """Assert what holds after every turn."""
        folded = snapshot.dump(fold(self.events))
        assert folded == snapshot.dump(self.state)
        assert snapshot.dump(snapshot.load(json.loads(json.dumps(folded)))) == folded
        for event in self.events[self.checked :]:
            header, payload = json.loads(json.dumps(codec.encode(event)))
            assert codec.decode(event.KIND, at=event.at, by=event.by, header=header, payload=payload) == event
        self.checked = len(self.events)
        asked = [e.effect for e in self.events if isinstance(e, Requested)]
        assert len(asked) == len(set(asked)), "an action was executed twice"
        places = [
            (e.run, e.step, e.occ, e.generation)
            for e in self.events
            if isinstance(e, Requested) and e.compensates is None
        ]
        assert len(places) == len(set(places)), "an execution is unique per run, step, occurrence and generation"


def standing(state: State) -> dict[str, Any]:
    """Return what an amend must leave as a fresh session would: position, values, codes, outcome."""
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
