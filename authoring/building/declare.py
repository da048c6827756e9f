"""What each step of a journey gives, before any expression is read.

Types of fields, names and kinds of values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from authoring.building.desk import Desk
from authoring.building.names import Draft
from authoring.building.types import answer_type
from authoring.sources import Path
from engine.kinds import ANY, Kind

Step = Mapping[str, Any]


def declare(desk: Desk, draft: Draft, kind: str, *, data: Step, at: int, step: str) -> None:
    """Note on a journey's draft what one of its steps gives."""
    teller = GIVES.get(kind)
    if teller is not None:
        teller(desk, draft, data, ("steps", at), step)


def _fields(desk: Desk, draft: Draft, fields: Mapping[str, Any], path: Path, step: str) -> None:
    at = path[1]
    assert isinstance(at, int)
    for name, spec in fields.items():
        answers = answer_type(desk, draft.ground, spec, path=(*path, name))
        if answers is None:
            draft.vague.add(name)
            continue
        draft.types[at, name] = answers
        optional = isinstance(spec, dict) and spec.get("required") is False
        draft.give(step, name, answers.kind.or_missing() if optional else answers.kind)


def _ask(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    _fields(desk, draft, data["ask"], (*path, "ask"), step)


def _consult(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    _fields(desk, draft, data["consult"].get("fields") or {}, (*path, "consult", "fields"), step)


def _decide(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    del desk, path
    rules = data["decide"]
    if isinstance(rules, dict):
        found = draft.tables.get(rules["table"])
        saves = rules.get("saves")
        if found is None:
            draft.vague.update([saves] if isinstance(saves, str) else saves or ())
            return
        rules = found.rows
        if found.table.hit == "collect" and isinstance(saves, str):
            draft.give(step, saves, Kind.list_of(Kind.record(found.outputs)))
        elif isinstance(saves, str):
            draft.give(step, saves, Kind.record(found.outputs))
        for name in saves if isinstance(saves, list) else ():
            kind = found.outputs.get(name, ANY)
            draft.give(step, name, Kind.list_of(kind) if found.table.hit == "collect" else kind)
    for rule in rules:
        for name, expression in (rule.get("set") or {}).items():
            draft.give_set(step, name, expression)


def _do(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    del desk, path
    operation = draft.ground.operations.get(data["do"])
    for name, source in (data.get("saves") or {}).items():
        if operation is None:
            draft.vague.add(name)
            continue
        kind = operation.kind
        part = source.removeprefix("result").removeprefix(".")
        if part:
            kind = (kind.fields or {}).get(part, ANY)
        draft.give(step, name, kind)


def _call(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    del desk, path
    callee = draft.callees.get(data["call"])
    for mine, theirs in saved_names(data.get("saves")).items():
        kind = None if callee is None else callee.values.get(theirs)
        draft.give(step, mine, ANY if kind is None else kind)


def saved_names(saves: Any) -> dict[str, str]:
    """Return own name -> the called journey's name."""
    return {name: name for name in saves} if isinstance(saves, list) else dict(saves or {})


def _wait(desk: Desk, draft: Draft, data: Step, path: Path, step: str) -> None:
    del desk, path
    for name in data["wait"].get("saves") or {}:
        draft.give(step, name, ANY)


GIVES: dict[str, Callable[[Desk, Draft, Step, Path, str], None]] = {
    "ask": _ask,
    "consult": _consult,
    "decide": _decide,
    "do": _do,
    "call": _call,
    "wait": _wait,
}
"""By kind of step; the kinds that are not here give no values."""
