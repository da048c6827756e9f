"""A refusal on its way: raised with a code of the table, answered as RFC 9457 has it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from api.languages import pick
from api.refusals import PROBLEMS, REFUSED

MEDIA_TYPE = b"application/problem+json"
URN = "urn:parcours:problem:"


class Problem(Exception):
    """A request is refused with one of the table's codes, or with the engine's own.

    Attributes:
        wrong: field -> {code, message by language, allowed}.
        params: facts about the refusal.
        extra: further members of the body (`view`, `findings`).
        message: what to do by language, when that is more precise than the table.
    """

    def __init__(
        self,
        code: str,
        *,
        params: Mapping[str, Any] | None = None,
        wrong: Mapping[str, Mapping[str, Any]] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[bytes, bytes] | None = None,
        message: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})
        self.wrong = {name: dict(value) for name, value in (wrong or {}).items()}
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status it is answered with."""
        return PROBLEMS.get(self.code, REFUSED).status


Rounds = AsyncIterator[Sequence[tuple[int, Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: a status, a body ready to send, and headers beside the usual ones."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    media_type: bytes = b"application/json"
    code: str | None = field(default=None)
    """The problem's code, for the log and the metrics."""
    rounds: Rounds | None = field(default=None)
    """Rounds of (number, event) to be sent as they come, in place of a body."""


def render(problem: Problem, *, language: str, trace_id: str) -> Reply:
    """Return a problem as RFC 9457 has it, in a language."""
    kind = PROBLEMS.get(problem.code, REFUSED)
    status = kind.status
    detail = problem.message or kind.detail
    body: dict[str, Any] = {
        "type": URN + problem.code,
        "title": pick(kind.title, language),
        "status": status,
        "detail": pick(detail, language),
        "code": problem.code,
        "trace_id": trace_id,
    }
    if problem.wrong:
        body["errors"] = {
            name: {**error, "message": pick(error["message"] or detail, language)}
            for name, error in problem.wrong.items()
        }
    if problem.params:
        body["params"] = problem.params
    body.update(problem.extra)
    headers = dict(problem.headers)
    headers[b"content-language"] = language.encode()
    if kind.retry_after_s is not None:
        headers.setdefault(b"retry-after", str(kind.retry_after_s).encode())
    if status == 401:
        headers[b"www-authenticate"] = b'Bearer realm="parcours"'
    return Reply(
        status, msgspec.json.encode(body), tuple(headers.items()), MEDIA_TYPE, code=problem.code
    )
