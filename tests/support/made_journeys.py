"""Journeys made up by Hypothesis, for the engine's properties."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.answers import build
from engine.expressions import compile_expression
from engine.kinds import ANY
from engine.model import AXES, Fact, Journey, Library, Team
from engine.parts import Code, Field, Operation, Option
from engine.steps.action import ByHand, Gate
from engine.steps.approve import Approve
from engine.steps.ask import Ask
from engine.steps.base import Step
from engine.steps.call import Call
from engine.steps.consult import Consult
from engine.steps.decide import Decide, Rule
from engine.steps.do import Do
from engine.steps.end import End
from engine.steps.goto_journey import GotoJourney
from engine.steps.say import Say
from engine.steps.transfer import Transfer
from engine.steps.wait import Wait
from engine.wording import Text

VALUES = ("a", "b", "c")
OUTPUT = {"v": build("choice", {"options": VALUES})}
FACT = Fact("customer.x", build("choice", {"options": VALUES}), "customer")
KINDS = (
    "ask", "ask", "ask", "text", "say", "verbatim", "decide", "read", "write", "gated", "behind",
    "wait", "transfer", "consult", "approve", "call",
)  # fmt: skip


def _operation(name: str, effect: str) -> Operation:
    return Operation(id=name, title=None, effect=effect, inputs={}, output=OUTPUT, kind=ANY)


OPERATIONS = {
    one.id: one for one in map(_operation, ("read", "write", "undo"), ("read", "keyed", "keyed"))
}


class Draft:
    """One journey being made up: the ids of its steps, and which journeys it may call."""

    def __init__(self, draw: st.DrawFn, ids: list[str], called: list[str]) -> None:
        self.draw, self.ids, self.called = draw, ids, called

    def step(self, index: int) -> Step:
        """Make one step: anything but an end; cycles only through questions."""
        draw, own = self.draw, self.ids[index]
        kind = draw(st.sampled_from(KINDS if self.called else KINDS[:-1]))
        following, ahead = self.ids[index + 1], st.sampled_from(self.ids[index + 1 :])
        read = draw(st.sampled_from(["x", "y", "z"]))
        if kind == "ask":
            return self.choice(own, following)
        if kind == "text":
            field = Field(name="t", type=build("text", {}), required=False)
            return Ask(id=own, next=following, questions=(field,), needs=frozenset([read]))
        if kind in ("say", "verbatim"):
            verbatim = kind == "verbatim"
            return Say(id=own, next=following, say=Text.plain("…"), verbatim=verbatim)
        if kind == "decide":
            return self.decision(own, read, (draw(ahead), draw(ahead)))
        if kind == "call":
            journey = draw(st.sampled_from(self.called))
            return Call(id=own, next=following, journey=journey, inputs={}, saves={"y": "x"}, on={})
        if kind == "wait":
            return Wait(id=own, next=following, what="delay", delay=60_000, inputs={})
        if kind == "transfer":
            refused = draw(st.none() | ahead)
            return Transfer(id=own, next=following, team="team", refused=refused)
        if kind == "consult":
            reply = Field(name="c", type=build("choice", {"options": VALUES}))
            return Consult(id=own, next=following, team="team", replies=(reply,))
        if kind == "approve":
            return Approve(id=own, next=following, role="supervisor", timeout=60_000,
                           refused=draw(ahead), needs=frozenset([read]))  # fmt: skip
        return self.action(own, following, (kind, read))

    def choice(self, own: str, following: str) -> Step:
        """Make a question whose options may lead anywhere, and which may not fit."""
        anywhere = st.none() | st.sampled_from(self.ids)
        name = self.draw(st.sampled_from(["x", "y"]))
        options = tuple(
            Option(
                v, Text.plain(v), next=self.draw(anywhere), codes=(Code("declaration", f"d.{v}"),)
            )
            for v in VALUES
        )
        fact = self.draw(st.sampled_from([None, None, FACT.name]))
        kind = build("choice", {"options": VALUES})
        field = Field(name=name, type=kind, options=options, fact=fact,
                      default=self.draw(st.sampled_from([None, None, *VALUES])),
                      known=self.draw(st.sampled_from(["skip", "confirm"])))  # fmt: skip
        none = self.draw(st.sampled_from([None, False, "done"]))
        return Ask(id=own, next=following, questions=(field,), router=name, none=none,
                   barrier=self.draw(st.sampled_from([False] * 12 + [True])))  # fmt: skip

    def decision(self, own: str, read: str, ways: tuple[str, str]) -> Step:
        """Make two rules over a value."""
        codes = (Code("qualification", "q.1"),)
        first = Rule("1", compile_expression(f'{read} == "a"'), ways[0], codes)
        other = Rule("else", None, ways[1], (), (("z", compile_expression('"b"')),))
        return Decide(id=own, next=ways[1], needs=frozenset([read]), rules=(first, other))

    def action(self, own: str, following: str, what: tuple[str, str]) -> Step:
        """Make a look-up, one behind, or a writing action, maybe approved, that may be undone."""
        kind, read = what
        writes = kind in ("write", "gated")
        later = st.none() | st.sampled_from(self.ids[self.ids.index(own) + 1 :])
        refused = self.draw(later)
        return Do(
            id=own, next=following, operation=OPERATIONS["write" if writes else "read"],
            needs=frozenset([read]), inputs={"k": compile_expression(read)},
            saves={"z": "result.v"}, behind=kind == "behind", effect="keyed" if writes else "read",
            refused={} if refused is None else {"else": refused}, not_done=self.draw(later),
            on_amend=self.draw(st.sampled_from(["keep", "compensate", "confirm"])),
            gate=Gate("supervisor", timeout=60_000) if kind == "gated" else None,
            by_hand=ByHand(Text.plain("…"), (Field(name="z", type=OUTPUT["v"]),)),
            compensate=OPERATIONS["undo"] if writes else None, codes=(Code("action", "a.1"),),
        )  # fmt: skip


def _journey(name: str, steps: dict[str, Step], *, startable: bool = False) -> Journey:
    return Journey(
        id=name, title=Text.plain(name), steps=steps, start=next(iter(steps)), startable=startable
    )


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Draw a library: one journey to start, one to call, a digression, and the system's own."""
    made = {}
    for name, called, size in (("sub", [], 4), ("main", ["sub"], 9)):
        ids = [f"s{i}" for i in range(draw(st.integers(2, size)))] + ["done"]
        draft = Draft(draw, ids, called)
        body = {ids[i]: draft.step(i) for i in range(len(ids) - 1)}
        end: Step = End(id="done", outcome="resolved")
        if name == "main" and draw(st.booleans()):
            end = GotoJourney(id="done", journey="nothing", inputs={})
        made[name] = _journey(name, {**body, "done": end}, startable=name == "main")
    over = End(id="over", outcome="unresolved")
    sorry = Say(id="sorry", next="over", say=Text.plain("…"))
    clear = Field(name="clear", type=build("yes_no", {}), required=False)
    aside: dict[str, Step] = {
        "told": Ask(id="told", next="back", questions=(clear,), codes=(Code("action", "a.told"),)),
        "back": End(id="back", outcome="resolved"),
    }
    made |= {
        "oops": _journey("oops", {"sorry": sorry, "over": over}),
        "nothing": _journey("nothing", {"over": over}),
        "aside": _journey("aside", aside),
    }
    return Library(
        name="made", revision="r", title=Text.plain("made"), languages=("en",), journeys=made,
        operations=OPERATIONS, codes={axis: {} for axis in AXES}, facts={FACT.name: FACT},
        teams={"team": Team("team", Text.plain("team"))}, channels=("phone", "chat"),
        system={"failure": "oops", "nothing_fits": "nothing"}, digressions=("aside",),
    )  # fmt: skip
