"""Journeys made up by Hypothesis, for the engine's properties."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.answers import build
from engine.expressions import compile_expression
from engine.model import AXES, Journey, Library
from engine.parts import Code, Field, Operation, Option
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
