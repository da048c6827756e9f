"""What stands in for the outside in a test.

Connectors that answer from a list, and journeys that are not walked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from authoring.values import canonical, untyped
from engine.events import Json
from engine.expressions import parse_duration
from engine.model import Journey, Library
from engine.steps.end import End

if TYPE_CHECKING:
    from engine.places import Here
    from engine.walk import Walk

CONTROLS = frozenset({"refused", "failed", "unknown", "delay", "result", "reason"})
MS = 1000


@dataclass(slots=True)
class Answer:
    """What a stub answers.

    The fields of the `effect_result` command, and after how many milliseconds.
    """

    body: dict[str, Json]
    delay: int = 0


@dataclass(slots=True)
class Connectors:
    """Answers by operation, one a call; the last one serves all further calls."""

    library: Library
    written: Mapping[str, Json]
    calls: dict[str, int] = field(default_factory=dict)

    def answer(self, operation: str) -> Answer:
        """Return what an operation answers to its next call; one without a stub fails."""
        count = self.calls.get(operation, 0)
        self.calls[operation] = count + 1
        written = self.written.get(operation)
        listed = written if isinstance(written, list) else [written]
        if written is None or not listed:
            return Answer({"status": "failed", "reason": "test.no-answer"})
        return self._read(operation, listed[min(count, len(listed) - 1)])

    def _read(self, operation: str, one: Json) -> Answer:
        if not isinstance(one, dict) or not one or not set(one) <= CONTROLS:
            return Answer({"status": "succeeded", "result": self._result(operation, one)})
        delay = (parse_duration(str(one["delay"])) or 0) * MS if "delay" in one else 0
        for status in ("refused", "failed", "unknown"):
            if status in one and one[status] is not False:
                reason = one[status] if isinstance(one[status], str) else one.get("reason")
                body = (
                    {"status": status} if reason is None else {"status": status, "reason": reason}
                )
                return Answer(body, delay)
        return Answer(
            {"status": "succeeded", "result": self._result(operation, one.get("result"))}, delay
        )

    def _result(self, operation: str, written: Json) -> Json:
        declared = self.library.operations.get(operation)
        if declared is None:
            return untyped(written)
        return {
            name: canonical(declared.output[name], value) if name in declared.output else value
            for name, value in written.items()
        } if isinstance(written, dict) else written  # fmt: skip


@dataclass(slots=True, kw_only=True, eq=False)
class Stubbed(End):
    """The only step of a journey that is not walked.

    It gives its values and its outcome at once.
    """

    values: Mapping[str, Json]

    def arrive(self, walk: Walk, here: Here) -> None:
        """Give the values and end."""
        walk.leave(here, self.outcome, None, assigned=dict(self.values), codes=self.codes)
        walk.close(here.run, self.outcome, here.visit)


def with_stubs(library: Library, calls: Mapping[str, Json]) -> Library:
    """Return a library in which some journeys are not walked.

    Each ends as its stub says, with the stub's values.
    """
    stubbed: dict[str, Journey] = {}
    for journey_id, written in calls.items():
        journey = library.journeys.get(journey_id)
        if journey is None or not isinstance(written, dict):
            continue
        values = {name: untyped(value) for name, value in written.items() if name != "outcome"}
        step = Stubbed(id="stub", outcome=str(written.get("outcome", "resolved")), values=values)
        stubbed[journey_id] = replace(
            journey, steps={"stub": step}, start="stub", inputs={}, invariants=()
        )
    return replace(library, journeys={**library.journeys, **stubbed}) if stubbed else library


__all__ = ["Answer", "Connectors", "Stubbed", "with_stubs"]
