"""A conversation that was played, written down as a test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from authoring.testkit.moves import MAIN_FIELD
from engine.commands import Command
from engine.events import Event, Json, Requested, Settled
from engine.evolve import fold
from engine.machine import Start
from engine.model import AXES, Library
from engine.state import State

MS = 1000
BARE = re.compile(r"[A-Za-z_?][A-Za-z0-9_.?-]*")
WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
Turn = tuple[Start | Command, Sequence[Event]]


def record(library: Library, turns: Sequence[Turn], *, name: str) -> str:
    """Return the YAML of a test that plays these turns again and expects them to end the same way.

    Each turn is what was brought, and the events it gave; results of actions become the connectors'
    stubs.

    Raises:
        ValueError: the first turn does not start a session.
    """
    if not turns or not isinstance(turns[0][0], Start):
        raise ValueError("a recording begins with the start of a session")
    events = [event for _, given in turns for event in given]
    begun = events[0].at
    zone = ZoneInfo(library.timezone)
    test: dict[str, Json] = {
        "parcours": 1,
        "test": name,
        "as_of": datetime.fromtimestamp(begun / MS, zone).isoformat(timespec="seconds"),
        "given": _given(turns[0][0], events),
        "do": _moves(library, turns, begun),
        "expect": _expected(fold(events)),
    }
    return to_yaml(test)


def _given(start: Start, events: Sequence[Event]) -> dict[str, Json]:
    given: dict[str, Json] = {"audience": start.audience}
    for key in ("channel", "language", "customer", "words"):
        value = getattr(start, key)
        if value is not None:
            given[key] = value
    if start.inputs:
        given["inputs"] = dict(start.inputs)
    if start.known:
        given["known"] = {
            name: one.get("value") for name, one in start.known.items() if isinstance(one, dict)
        }
    operations = {event.effect: event for event in events if isinstance(event, Requested)}
    answers: dict[str, list[Json]] = {}
    for event in events:
        if isinstance(event, Settled) and event.effect in operations and event.status != "kept":
            request = operations[event.effect]
            answers.setdefault(request.operation, []).append(_answer(event, event.at - request.at))
    if answers:
        given["connectors"] = answers
    return given


def _answer(event: Settled, took: int) -> Json:
    late: dict[str, Json] = {"delay": f"{took // MS}s"} if took >= MS else {}
    if event.status == "succeeded":
        result = event.result if isinstance(event.result, dict) else {}
        return {"result": result, **late}
    return {event.status: event.reason or True, **late}


def _moves(library: Library, turns: Sequence[Turn], begun: int) -> list[Json]:
    moves: list[Json] = []
    now = begun
    seen: list[Event] = []
    for place, (brought, events) in enumerate(turns):
        at = events[0].at if events else now
        before = fold(seen) if seen else State()
        seen += events
        if isinstance(brought, Command) and brought.type == "effect_result":
            continue
        after = fold([*seen, *_at_once(turns[place + 1 :], at)])
        if isinstance(brought, Command) and brought.type == "wake" and _rings(before, at):
            # The clock of a test rings its timers by itself.
            span = -(-(at - now) // MS)
            moves.append({"wait": f"{span}s", "expect": _seen(library, after)})
            now += span * MS
            continue
        if at - now >= MS:
            moves.append({"wait": f"{(at - now) // MS}s"})
            now += (at - now) // MS * MS
        moves.append(_move(library, brought, before, after))
    return moves


def _at_once(turns: Sequence[Turn], at: int) -> Iterator[Event]:
    """Yield the events of results that came in the same second: a test's stubs answer at once."""
    for brought, events in turns:
        is_result = isinstance(brought, Command) and brought.type == "effect_result"
        if not is_result or not events or events[0].at - at >= MS:
            return
        yield from events


def _rings(state: State, at: int) -> bool:
    return state.wait is not None and state.wait.due is not None and at >= state.wait.due


def _move(library: Library, brought: Start | Command, before: State, after: State) -> Json:
    if isinstance(brought, Start):
        move: Json = {"start": brought.journey}
    else:
        move = _written(brought, before)
    done = move if isinstance(move, dict) else {move: True}
    return {**done, "expect": _seen(library, after)}


def _seen(library: Library, after: State) -> dict[str, Json]:
    """Return what the actor sees: the step looked at, or the status where there is none."""
    current = after.current if after.focus is None else after.visit(after.focus)
    if current is None or current.run not in after.runs:
        return {"status": after.status}
    known = after.runs[current.run].journey in library.journeys
    return {"at": current.step} if known else {"status": after.status}


def _written(command: Command, before: State) -> Json:
    body = {key: value for key, value in command.body.items() if key != "step"}
    current = before.current
    match command.type:
        case "answer":
            by_hand = current is not None and current.by_hand is not None
            return {"by_hand" if by_hand else "answer": body["values"]}
        case "amend":
            step = next((visit.step for visit in before.path if visit.id == body["visit"]), None)
            move: dict[str, Json] = {"amend": body["values"], "at": step}
            if body.get("effects"):
                move["effects"] = {
                    before.effects[effect].step: choice
                    for effect, choice in body["effects"].items()
                }
            return move
        case "back" | "rewind":
            step = next(
                (visit.step for visit in before.path if visit.id == body.get("visit")), None
            )
            return command.type if step is None else {command.type: step}
        case "provide":
            return {"provide": body["values"]}
        case "wake":
            wait = before.wait
            move = {"wake": (wait.name or wait.what) if wait is not None else None}
            return {**move, **{key: body[key] for key in ("event", "timeout") if key in body}}
        case _:
            main = MAIN_FIELD.get(command.type)
            if set(body) <= {main}:
                return {command.type: body[main]} if body and main is not None else command.type
            return {command.type: body}


def _expected(state: State) -> dict[str, Json]:
    expected: dict[str, Json] = {"status": state.status}
    if state.outcome is not None:
        expected = {"outcome": state.outcome}
    codes = state.codes
    taken = {axis: codes[axis] for axis in AXES if codes[axis]}
    if taken:
        expected["trace"] = taken
    return expected


def to_yaml(value: Json, indent: int = 0) -> str:
    """Return data as block YAML in our restricted form.

    A mapping of plain values stands on one line.
    """
    pad = "  " * indent
    if isinstance(value, dict):
        return "".join(
            f"{pad}{_scalar(key)}:{_inner(inner, indent)}" for key, inner in value.items()
        )
    if isinstance(value, list):
        lines = []
        for inner in value:
            if isinstance(inner, dict) and inner:
                lines.append(f"{pad}- {to_yaml(inner, indent + 1).lstrip()}")
            else:
                lines.append(f"{pad}- {_flow(inner)}\n")
        return "".join(lines)
    return f"{pad}{_flow(value)}\n"


def _inner(value: Json, indent: int) -> str:
    flat = _flow(value)
    if isinstance(value, (dict, list)) and value and (len(flat) > 80 or _deep(value)):
        return f"\n{to_yaml(value, indent + 1)}"
    return f" {flat}\n" if flat != "null" else "\n"


def _deep(value: Json) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(one, (dict, list)) and one for one in inner)


def _flow(value: Json) -> str:
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and BARE.fullmatch(value) and value not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
