"""What must hold after a move, or at the end.

Each expectation is compared, and a difference is said in one line.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from authoring.testkit.session import Session
from engine.events import Json, Requested
from engine.expressions import parse_duration
from engine.ledger import CATEGORIES
from engine.model import AXES

MS = 1000
COMPARISON = re.compile(r"\s*(>=|<=|==|>|<|)\s*(.+)")
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "": operator.eq,
}

MAPPINGS = {
    "trace": "{declaration: …, qualification: …, action: […]}",
    "calls": "{operation: times}",
    "values": "{name: value}",
    "time": "{category: comparison}",
}
"""Expectations that are a mapping, and how they are written."""


def differences(session: Session, expected: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield (key, what is different) for every expectation that does not hold."""
    for key, wanted in expected.items():
        if key in MAPPINGS and not isinstance(wanted, dict):
            yield key, f"{key}: expected in the form {MAPPINGS[key]}"
            continue
        compare = EXPECTATIONS.get(key)
        if compare is None:
            yield (
                key,
                f"'{key}' is not something a test can expect: {', '.join(sorted(EXPECTATIONS))}.",
            )
            continue
        for difference in compare(session, wanted):
            yield key, difference


def _is(name: str, found: Json, wanted: Json) -> Iterator[str]:
    if found != wanted:
        yield f"{name}: expected {_text(wanted)}, is {_text(found)}"


def _text(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_text(one) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _at(session: Session, wanted: Json) -> Iterator[str]:
    step = session.look()["step"]
    yield from _is("at", None if step is None else step["id"], wanted)


def _journey(session: Session, wanted: Json) -> Iterator[str]:
    step = session.look()["step"]
    yield from _is("journey", None if step is None else step["journey"], wanted)


def _status(session: Session, wanted: Json) -> Iterator[str]:
    yield from _is("status", session.state.status, wanted)


def _outcome(session: Session, wanted: Json) -> Iterator[str]:
    yield from _is("outcome", session.state.outcome, wanted)


def _says(session: Session, wanted: Json) -> Iterator[str]:
    told = said(session.look())
    for words in _listed(wanted):
        if " ".join(str(words).split()) not in told:
            yield f"says: expected “{words}”, says “{told}”"


def said(view: Mapping[str, Any]) -> str:
    """Return everything a view tells: what to say, what to do, and the labels of its questions."""
    told = [text for one in view["say"] for text in (one["text"], one["goal"]) if text]
    told += [view["do"]] if view["do"] else []
    told += [question["label"] for question in view["fields"] if question["label"]]
    return " ".join(" ".join(told).split())


def _fields(session: Session, wanted: Json) -> Iterator[str]:
    asked = [question["name"] for question in session.look()["fields"]]
    if sorted(asked) != sorted(str(one) for one in _listed(wanted)):
        yield f"fields: expected {_text(_listed(wanted))}, asks {_text(asked)}"


def _options(session: Session, wanted: Json) -> Iterator[str]:
    offered = [one["id"] for question in session.look()["fields"] for one in question["options"]]
    if offered != _listed(wanted):
        yield f"options: expected {_text(_listed(wanted))}, offers {_text(offered)}"


def _commands(session: Session, wanted: Json) -> Iterator[str]:
    allowed = session.look()["commands"]
    missing = [one for one in _listed(wanted) if one not in allowed]
    if missing:
        yield f"commands: {_text(missing)} not allowed; allowed are {_text(allowed)}"


def _axis(axis: str) -> Callable[[Session, Json], Iterator[str]]:
    def compare(session: Session, wanted: Json) -> Iterator[str]:
        entries = session.trace()[axis]
        taken = [entry["code"] for entry in entries]
        if isinstance(wanted, list):
            if sorted(taken) != sorted(str(one) for one in wanted):
                yield f"{axis}: expected {_text(wanted)}, coded {_text(taken)}"
            return
        # One code on its own is the one that counts; a declaration or an action has no rank.
        counting = (
            [e["code"] for e in entries if e["principal"]] if axis == "qualification" else taken
        )
        if wanted is None and taken:
            yield f"{axis}: expected nothing, coded {_text(taken)}"
        elif wanted is not None and wanted not in counting:
            yield f"{axis}: expected {wanted}, coded {_text(taken)}"

    return compare


def _trace(session: Session, wanted: Json) -> Iterator[str]:
    for axis, codes in wanted.items():
        if axis == "not_reached":
            yield from _is("not_reached", session.trace()["not_reached"], _listed(codes))
        elif axis == "undone":
            undone = [entry["code"] for entry in session.trace()["undone"]]
            yield from _holds("undone", undone, codes)
        elif axis in AXES:
            yield from _axis(axis)(session, codes)
        else:
            yield f"trace: '{axis}' is not an axis ({', '.join(AXES)})"


def _holds(name: str, found: Iterable[str], wanted: Json) -> Iterator[str]:
    held = list(found)
    missing = [one for one in _listed(wanted) if one not in held]
    if missing:
        yield f"{name}: expected {_text(missing)} among {_text(held)}"


def _pruned(session: Session, wanted: Json) -> Iterator[str]:
    yield from _holds("pruned", session.amended[0], wanted)


def _restored(session: Session, wanted: Json) -> Iterator[str]:
    yield from _holds("restored", session.amended[1], wanted)


def _calls(session: Session, wanted: Json) -> Iterator[str]:
    for operation, count in wanted.items():
        made = sum(isinstance(e, Requested) and e.operation == operation for e in session.events)
        if made != count:
            yield f"calls: expected {operation} {count} time(s), was called {made}"


def _values(session: Session, wanted: Json) -> Iterator[str]:
    runs = session.state.runs
    run = session.state.stack[-1] if session.state.stack else next(iter(runs))
    for name, value in wanted.items():
        found: Json = runs[run].values
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        yield from _is(name, found, value)


def _transfer(session: Session, wanted: Json) -> Iterator[str]:
    transfer = session.state.transfer
    yield from _is("transfer", None if transfer is None else transfer[1], wanted)


def _wait(session: Session, wanted: Json) -> Iterator[str]:
    wait = session.state.wait
    found = () if wait is None else (wait.what, wait.name)
    if wanted not in found and not (wanted is None and wait is None):
        yield f"wait: expected {_text(wanted)}, waits for {_text([one for one in found if one])}"


def _promises(session: Session, wanted: Json) -> Iterator[str]:
    yield from _is("promises", len(session.state.promises), wanted)


def _offers(session: Session, wanted: Json) -> Iterator[str]:
    unused = [offer["name"] for offer in session.look()["offers_unused"]]
    yield from _is("offers_unused", sorted(unused), sorted(str(one) for one in _listed(wanted)))


def _time(session: Session, wanted: Json) -> Iterator[str]:
    spent = session.spent()
    for category, text in wanted.items():
        if category not in CATEGORIES:
            yield f"time: '{category}' is not a category ({', '.join(CATEGORIES)})"
            continue
        matched = COMPARISON.fullmatch(str(text))
        seconds = parse_duration(matched[2].strip()) if matched is not None else None
        if matched is None or seconds is None:
            yield f"time: '{text}' is not a comparison with a duration, such as “> 0s”"
            continue
        found = spent.get(category, 0) / MS
        if not OPERATORS[matched[1]](found, seconds):
            yield f"time: expected {category} {text}, is {found:g}s"


EXPECTATIONS: Mapping[str, Callable[[Session, Json], Iterator[str]]] = {
    "at": _at,
    "journey": _journey,
    "status": _status,
    "outcome": _outcome,
    "says": _says,
    "fields": _fields,
    "options": _options,
    "commands": _commands,
    **{axis: _axis(axis) for axis in AXES},
    "trace": _trace,
    "pruned": _pruned,
    "restored": _restored,
    "calls": _calls,
    "values": _values,
    "transfer": _transfer,
    "wait": _wait,
    "promises": _promises,
    "offers_unused": _offers,
    "time": _time,
}
"""What a test can expect, by its key."""
