"""A connector whose answers are written in a file, for demonstrations and rehearsals."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from connectors.deployment import Deployment
from connectors.faults import Misconfigured
from connectors.port import Described, Outcome

_UNITS: Final = {"ms": 0.001, "s": 1.0, "min": 60.0}
_ANSWERS: Final = ("result", "refused", "failed", "unknown")
_DAY: Final = re.compile(r"today(?:([+-])(\d{1,4}))?")


class WrongMock(Exception):
    """A mock file is not well formed; the message says where."""


class Mock:
    """Gives the first answer whose `when` agrees with the inputs.

    ```yaml
    operations:
      oms.get_order:
        - when: {id: F-1042}
          result: {status: shipped}
          delay: 2s
        - refused: unknown_order
    ```

    An answer is one of `result` (any value), `refused` (a reason), `failed` or `unknown` (a reason
    or true). An operation without an answer that agrees fails, as one nobody configured does.
    In a result, `today`, `today-3` and `today+10` are days, so that a demonstration does not age.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take a parsed file.

        Raises:
            WrongMock: it is not in the form above.
        """
        operations = content.get("operations")
        if not isinstance(operations, Mapping):
            raise WrongMock("a mock file needs `operations`: {operation: [answers]}")
        self._answers: dict[str, list[tuple[Mapping[str, Any], Outcome, float]]] = {}
        for operation, answers in operations.items():
            if not isinstance(answers, list):
                raise WrongMock(f"operations.{operation}: a list of answers is expected")
            self._answers[operation] = [
                _answer(f"operations.{operation}[{place}]", answer)
                for place, answer in enumerate(answers)
            ]
        self.calls: list[tuple[str, dict[str, Any], str]] = []
        """Every call made: (operation, inputs, key)."""

    def operations(self) -> Mapping[str, Described] | None:
        """Return None: a mock stands in for any system, its answers are its own."""
        return None

    async def close(self) -> None:
        """Have nothing to let go of."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Return the written answer, after its delay; a longer wait than allowed ends the call."""
        self.calls.append((operation, dict(inputs), key))
        for when, outcome, delay in self._answers.get(operation, ()):
            if all(_agrees(inputs, name, value) for name, value in when.items()):
                if delay:
                    await asyncio.sleep(min(delay, timeout_ms / 1_000))
                if delay * 1_000 > timeout_ms:
                    return Outcome("unknown", reason="connector.timeout", again=True)
                if outcome.status != "succeeded":
                    return outcome
                today = datetime.now(UTC).date()
                return Outcome("succeeded", result=dated(outcome.result, today))
        return Outcome("failed", reason="mock.no-answer", sent=False)


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Mock:
    """Return the stand-in for one system.

    ```toml
    [oms]
    kind = "mock"
    answers = "mock.yaml"
    ```

    Raises:
        Misconfigured: the file is not there, or is not a mock file.
    """
    fields = deployment.fields(name, table)
    path = fields.file("answers")
    made = None
    if path is not None:
        try:
            content = deployment.read(path)
            made = Mock(content if isinstance(content, Mapping) else {})
        except (ValueError, WrongMock) as error:
            said = f"{path} : {error}"
            fields.refuse("answers", "deployment.wrong-file", fr=said, en=said)
    fields.done()
    if made is None:
        raise Misconfigured(fields.faults)
    return made


def dated(value: Any, today: date) -> Any:
    """Return a result with its relative days (`today-3`) written as dates, `YYYY-MM-DD`."""
    if isinstance(value, Mapping):
        return {name: dated(part, today) for name, part in value.items()}
    if isinstance(value, list):
        return [dated(part, today) for part in value]
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    days = int(found[2] or 0) * (-1 if found[1] == "-" else 1)
    return (today + timedelta(days=days)).isoformat()


def _agrees(inputs: Mapping[str, Any], name: str, value: Any) -> bool:
    """Return whether an input has a value; `a.b` looks inside."""
    found: Any = inputs
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return bool(found == value)


def _answer(where: str, answer: Any) -> tuple[Mapping[str, Any], Outcome, float]:
    if not isinstance(answer, Mapping):
        raise WrongMock(f"{where}: a mapping is expected")
    unknown = set(answer) - {*_ANSWERS, "when", "delay"}
    if unknown:
        raise WrongMock(f"{where}: unknown {', '.join(sorted(unknown))}")
    given = [name for name in _ANSWERS if name in answer]
    if len(given) > 1:
        raise WrongMock(f"{where}: one of {', '.join(_ANSWERS)} is expected, not {len(given)}")
    when = answer.get("when", {})
    if not isinstance(when, Mapping):
        raise WrongMock(f"{where}.when: a mapping of inputs is expected")
    status = given[0] if given else "result"
    value = answer.get(status)
    reason = value if isinstance(value, str) else None
    match status:
        case "refused":
            outcome = Outcome("refused", reason=reason)
        case "failed":
            outcome = Outcome("failed", reason=reason or "mock.failed")
        case "unknown":
            outcome = Outcome("unknown", reason=reason or "mock.unknown")
        case _:
            outcome = Outcome("succeeded", result=value)
    return when, outcome, _seconds(where, answer.get("delay", 0))


def _seconds(where: str, delay: Any) -> float:
    if isinstance(delay, int | float) and not isinstance(delay, bool):
        return float(delay)
    matched = (
        re.fullmatch(r"(\d+(?:\.\d+)?) ?(ms|s|min)", delay) if isinstance(delay, str) else None
    )
    if matched is None:
        raise WrongMock(f"{where}.delay: `2s`, `300ms` or `1 min` is expected")
    return float(matched[1]) * _UNITS[matched[2]]
