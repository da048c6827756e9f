"""Conversations with one step kind, as an expert reads them: what is brought, what happens.

A file of `tests/golden/steps` holds cases: a small library, then turns. A turn brings a command in
the API's form (`by` says in which role), and says what happens in short, what is seen, or how it is
refused. `after` is the state at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from authoring.yaml.reader import read
from engine import events as e
from engine.model import Library
from engine.refusals import Refused
from tests.support.sessions import Session
from tests.support.small_libraries import as_file, small_library

FOLDER = Path(__file__).parents[1] / "golden" / "steps"
SEEN = ("step", "status", "say", "do", "fields", "by_hand", "wait", "transfer", "commands")


def cases(kind: str) -> list[dict[str, Any]]:
    """Return the cases of a step kind."""
    path = FOLDER / f"{kind}.yaml"
    found = read(path.read_text(encoding="utf-8"), path.name)
    assert found.findings == [], path
    assert found.data["kind"] == kind
    return list(found.data["cases"])


def library_of(case: Mapping[str, Any]) -> Library:
    """Return a case's library: the small one, with its journeys and tables."""
    written = {"main": {"steps": case["steps"]}, **case.get("journeys", {})}
    files = {
        f"journeys/{name}.yaml": as_file({"parcours": 1, "journey": name, "title": name, **keys})
        for name, keys in written.items()
    }
    for name, table in case.get("tables", {}).items():
        files[f"tables/{name}.yaml"] = as_file({"parcours": 1, "table": name, **table})
    return small_library("", files=files)


class Player:
    """Plays one case; what it gives has the form of what the case says."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.case = case
        self.session = Session(library_of(case))
        self.steps: dict[int, str] = {}

    def begin(self) -> list[str]:
        """Start the session."""
        self.session.begin(**self.case.get("start", {}))
        return self.told(self.session.events)

    def turn(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """Bring one turn's command; return what the case should say of it."""
        body = dict(written["do"])
        name, session = body.pop("type"), self.session
        role = written.get("by", session.state.audience)
        if name == "effect_result":
            body["effect"], role = session.open_effects()[0].id, "system"
        elif name == "wake":
            assert session.state.wait is not None
            body["wait"], role = session.state.wait.id, "system"
        try:
            events = session.bring(name, role, **body)
        except Refused as refused:
            return {"refused": refused.code}
        given: dict[str, Any] = {"events": self.told(events)}
        if "view" in written:
            seen = self.seen()
            given["view"] = {key: seen[key] for key in written["view"]}
        return given

    def seen(self) -> dict[str, Any]:
        """Return what the actor sees, in short."""
        view = self.session.look()
        step = view["step"] or {}
        return {
            "step": step.get("id"),
            "status": view["status"],
            "say": [one["text"] for one in view["say"]],
            "do": view["do"],
            "fields": [field["name"] for field in view["fields"]],
            "by_hand": step.get("by_hand"),
            "wait": None if view["wait"] is None else view["wait"]["what"],
            "transfer": None if view["transfer"] is None else view["transfer"]["to"],
            "commands": view["commands"],
        }

    def after(self) -> dict[str, Any]:
        """Return the state at the end, in short."""
        state = self.session.state
        return {
            "status": state.status,
            "outcome": state.outcome,
            "values": self.session.values,
            "codes": [f"{axis} {code}" for axis, codes in state.codes.items() for code in codes],
        }

    def told(self, events: list[e.Event]) -> list[str]:
        """Return events in short."""
        for event in events:
            if isinstance(event, e.Entered | e.Passed):
                self.steps[event.visit] = event.step
        return [short(event, self.steps, self.session.now) for event in events]


def short(event: e.Event, steps: Mapping[int, str], now: int) -> str:
    """Return an event as one line: its kind, its step, how, and what it brings."""
    words = [event.KIND]
    step = getattr(event, "step", None) or steps.get(getattr(event, "visit", None) or 0)
    operation = getattr(event, "operation", None)
    words += [word for word in (getattr(event, "journey", None), step, operation) if word]
    if isinstance(event, e.Halted):
        words = ["halted", steps[event.visit], f"before {event.step}"]
    if isinstance(event, e.Tripped):
        words = ["tripped", event.code]
    if isinstance(event, e.Settled):
        words = ["settled", event.effect.split("/")[-1].split("~")[0]]
    if isinstance(event, e.Slept):
        due = "" if event.due is None else f" for {(event.due - now) // 1000}s"
        words.append(f"({event.what}{due})")
    for name in ("what", "how", "status", "outcome", "to", "audience"):
        if name in getattr(event, "__slots__", ()) and not isinstance(event, e.Started | e.Slept):
            value = getattr(event, name)
            words += [str(value)] if value else []
    line = " ".join(words)
    if getattr(event, "exit", None) is not None:
        line += f", by {event.exit}"  # type: ignore[attr-defined]  # Left, Passed and Restored have one
    for name, says in (("inputs", "with"), ("values", "taking"), ("assigned", "keeping"),
                       ("result", "giving"), ("reason", "because")):  # fmt: skip
        value = getattr(event, name, None)
        if value:
            line += f", {says} {_plain(value)}"
    codes = [f"{axis} {code}" for axis, code, _ in getattr(event, "codes", ())]
    return line + (f", coding {' and '.join(codes)}" if codes else "")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return str(value)
