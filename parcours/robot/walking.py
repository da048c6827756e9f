"""One case, walked over HTTP: begun, let go on by itself, and told how far it came.

Every write has a key made of the case, so that a run which was killed goes on without a case
being walked twice.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcours.client import Answer, NoAnswer
from parcours.stops import FOUND, Stop
from runtime.cells import answer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parcours.client import Client
    from runtime.cases import Case

PATIENCE_S = 60.0
"""How long a service that does not answer, or has no room, is tried again."""
LOOK_S = (0.05, 1.0)
"""Seconds between two looks at a session that waits for a system: the first, the longest."""
FINAL = frozenset({"ended", "handed_over", "failed", "wrong"})
"""States of a case that a further run leaves as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is the same for all cases: their journey, the run's name, how long they may wait."""

    journey: str
    run: str
    inputs: Mapping[str, Mapping[str, Any]]
    wait_s: float
    begun: Callable[[str, str], None]
    """Told each session that begins: (key, session)."""
    questions: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def key(self, case: Case, fingerprint: str) -> str:
        """Return what a case is known by: the same in every attempt at this run, and no other."""
        text = f"{self.journey}\0{self.run}\0{case.name}\0{fingerprint}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class Refusal(Exception):
    """The service refuses a case: what it says of it."""

    def __init__(self, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        super().__init__(str(body.get("detail", answer.status)))
        self.code = str(body.get("code", f"http.{answer.status}"))
        fields = body.get("errors") or {}
        first = next(iter(fields), None) if isinstance(fields, dict) else None
        self.column = first
        self.detail = str(self)
        if first is not None and isinstance(fields[first], dict):
            said = fields[first].get("message")
            self.code = str(fields[first].get("code", self.code))
            self.detail = said if isinstance(said, str) and said else self.detail


def walk(
    client: Client, batch: Batch, case: Case, *, key: str, session: str | None
) -> dict[str, Any]:
    """Return what became of a case; see `results.COLUMNS`.

    Raises:
        Stop: the service refuses the key, or does not answer for a minute.
    """
    begun = time.monotonic()
    try:
        view = _begin(client, batch, case, key) if session is None else _look(client, session)
        view = _go_on(client, batch, case, view=view, key=key)
        view = _settle(client, view, until=begun + batch.wait_s)
        found = _told(client, view)
    except Refusal as refusal:
        return {
            "state": "wrong", "code": refusal.code, "column": refusal.column,
            "message": refusal.detail,
        }  # fmt: skip
    return found


def _begin(client: Client, batch: Batch, case: Case, key: str) -> dict[str, Any]:
    own = dict(case.own)
    inputs = {
        name: _typed(case, value, batch.inputs[name])
        for name, value in case.values.items()
        if name in batch.inputs
    }
    body = {"journey": batch.journey, "audience": "robot", "inputs": inputs, **own}
    answer = _sent(client, "/v1/sessions", body, key=f"{key}-start")
    view: dict[str, Any] = answer.body["view"]
    batch.begun(key, view["session"])
    # An answer that was stored may be older than the session now is.
    return _look(client, view["session"])


def _typed(case: Case, value: Any, question: Mapping[str, Any] | None) -> Any:
    return value if case.typed else answer_of(value, question)


def _go_on(
    client: Client, batch: Batch, case: Case, *, view: dict[str, Any], key: str
) -> dict[str, Any]:
    """Set the robot going, unless it is or has been already."""
    path = f"/v1/sessions/{view['session']}"
    others = {name: value for name, value in case.values.items() if name not in batch.inputs}
    if others and not batch.questions and not case.typed:
        listed = _sent(client, f"{path}/questions").body["items"]
        batch.questions.update({one["name"]: one for one in listed})
    values = {
        name: _typed(case, value, batch.questions.get(name)) for name, value in others.items()
    }
    while "autopilot" in view["commands"] and view["transfer"] is None:
        answer = _sent(
            client, f"{path}/commands", {"type": "autopilot", "values": values}, key=f"{key}-go",
            etag=f'"{view["version"]}"', may={412},
        )  # fmt: skip
        view = _look(client, view["session"]) if answer.status == 412 else answer.body
        if answer.status != 412:
            break
    return view


def _settle(client: Client, view: dict[str, Any], *, until: float) -> dict[str, Any]:
    """Look at a session until it is over, somebody's, or takes longer than it may."""
    pause = LOOK_S[0]
    while _is_under_way(view) and time.monotonic() < until:
        time.sleep(pause)
        pause = min(LOOK_S[1], pause * 1.6)
        view = _look(client, view["session"])
    return view


def _is_under_way(view: Mapping[str, Any]) -> bool:
    turn = view["goes_on"]
    return turn is not None and turn["what"] == "effect" and view["pilot"] is not None


def _look(client: Client, session: str) -> dict[str, Any]:
    view: dict[str, Any] = _sent(client, f"/v1/sessions/{session}").body
    return view


def _told(client: Client, view: Mapping[str, Any]) -> dict[str, Any]:
    timeline = _sent(client, f"/v1/sessions/{view['session']}/timeline").body
    step = view["step"]
    state = "waiting"
    if view["status"] in {"ended", "failed"}:
        state = view["status"]
    elif view["pilot"] is None:
        state = "handed_over"
    return {
        "state": state,
        "session": view["session"],
        "outcome": view["outcome"],
        **view["codes"],
        "step": None if step is None else step["id"],
        "waits_for": waits_for(view),
        "seconds": sum(one["duration_ms"] for one in timeline["contacts"]) / 1000,
        "unused": [one["name"] for one in view["offers_unused"]],
        "code": view["failure"],
    }


def waits_for(view: Mapping[str, Any]) -> str | None:
    """Return whose turn it is and what for, `advisor: accept`; of an event which one."""
    turn, wait = view["goes_on"], view["wait"]
    if turn is None:
        return None
    named = f" {wait['name']}" if turn["by"] == "event" and wait and wait["name"] else ""
    return f"{turn['by']}: {turn['what']}{named}"


def _sent(
    client: Client, path: str, body: Any = None, *, key: str | None = None,
    etag: str | None = None, may: set[int] | None = None,
) -> Answer:  # fmt: skip
    """Return the answer to a request, tried again while the service has no room or is away.

    Raises:
        Refusal: the service refuses the case.
        Stop: it refuses whoever asks, or does not answer for too long.
    """
    until = time.monotonic() + PATIENCE_S
    pause = 0.2
    while True:
        try:
            answer = client.send(path, body, key=key, etag=etag)
        except NoAnswer:
            if time.monotonic() > until:
                raise
            answer = None
        if answer is not None:
            if answer.status < 300 or answer.status in (may or ()):
                return answer
            if answer.status in {401, 403}:
                raise Stop(
                    fr=f"Le service refuse : {Refusal(answer)}",
                    en=f"The service refuses: {Refusal(answer)}", code=FOUND,
                )  # fmt: skip
            again = answer.status in {409, 429} or answer.status >= 500
            if not again or time.monotonic() > until:
                raise Refusal(answer)
            told = answer.headers.get("retry-after", "")
            pause = min(10.0, float(told)) if told.isdigit() and told != "0" else pause
        time.sleep(pause)
        pause = min(2.0, pause * 1.5)
