"""The measured walk in the engine, with validation, trace, ledger and amendable answers."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from authoring.load import load, load_folder
from bench.floor import walk as floor_walk
from bench.libraries import questions
from bench.measure import Row, cpu_each
from engine.commands import Command
from engine.effects import requests
from engine.machine import Decision, Env, Start, decide, start
from engine.model import Library
from engine.state import State

HERE = Path(__file__).parent
GIVEN = {
    "reason": {"reason": "late"},
    "weight": {"weight": 12},
    "place": {"seen": "depot"},
    "content": {"content": True},
}
RESULTS = {"bench.trace": {"place": "Lyon"}, "bench.resend": {"number": "R-1"}}
BEGUN = 1_767_225_600_000


def walk_library() -> Library:
    """Return the library of the measured walk."""
    loaded = load_folder(HERE / "library")
    assert loaded.library is not None, loaded.findings
    return loaded.library


def begin(library: Library, journey: str) -> Decision:
    """Return a session just started."""
    request = Start("ses_1", journey, "advisor", "en", "phone", None, None, None, {}, {}, None)
    return start(library, request, Env(BEGUN, UTC, "advisor:ana", "advisor"))


def walk(library: Library) -> State:
    """Walk the whole journey once: the start and six turns."""
    decision = begin(library, "bench.walk")
    now = BEGUN
    while decision.state.status not in ("ended", "failed"):
        now += 1_000
        asked = requests(decision.events)
        if asked:
            body = {
                "effect": asked[0].effect,
                "status": "succeeded",
                "result": RESULTS[asked[0].operation],
            }
            command = Command("effect_result", body)
            env = Env(now, UTC, "system", "system")
        else:
            current = decision.state.current
            assert current is not None
            command = Command("answer", {"step": current.step, "values": GIVEN[current.step]})
            env = Env(now, UTC, "advisor:ana", "advisor")
        decision = decide(library, decision.state, command, env)
    assert decision.state.outcome == "resolved", decision.state.tripped
    return decision.state


def answered(count: int) -> tuple[Library, State]:
    """Return a session that has answered so many questions."""
    loaded = load(questions(count))
    assert loaded.library is not None, loaded.findings
    library = loaded.library
    decision = begin(library, "bench.questions")
    for number in range(count):
        current = decision.state.current
        assert current is not None
        values = {"first": "one"} if number == 0 else {f"value{number}": number}
        env = Env(BEGUN + number, UTC, "advisor:ana", "advisor")
        decision = decide(library, decision.state, Command("answer", {"values": values}), env)
    return library, decision.state


def amend(library: Library, state: State) -> Decision:
    """Correct the first of many answers; the others are restored."""
    first = next(visit for visit in state.path if visit.values)
    command = Command("amend", {"visit": first.id, "values": {"first": "two"}})
    return decide(library, state, command, Env(BEGUN + 10_000, UTC, "advisor:ana", "advisor"))


def rows() -> list[Row]:
    """Measure the walk beside the floor, and a correction after a hundred answers."""
    library = walk_library()
    floor = cpu_each(floor_walk, times=20_000)
    ours = cpu_each(lambda: walk(library), times=500)
    many, state = answered(100)
    corrected = amend(many, state)
    kept = sum(1 for visit in corrected.state.path if visit.values)
    assert kept == 100, f"{kept} answers are left after the correction"
    amending = cpu_each(lambda: amend(many, state), times=10) / 1_000
    return [
        Row("the walk in memory (12 steps, 7 turns)", ours, "µs", floor, "hand-written", 4),
        Row("amend after 100 answers", amending, "ms", None, "", 5),
    ]
