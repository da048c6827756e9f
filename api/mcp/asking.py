"""Ask an operation of the API in somebody's stead: as a request of their own would be served.

A tool has no rule of its own: who may do it, what it takes, what it does and how it refuses are
those of the operation it asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from api.exchange import Exchange
from api.headers import etag
from api.problems import Problem, render
from api.serving import serve

if TYPE_CHECKING:
    from starlette.types import Message

    from api.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an operation is asked: as the parts of a request.

    `key` is its Idempotency-Key, `version` what If-Match names, `language` the one to be answered
    in, whoever asks's own otherwise.
    """

    operation: Operation
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    key: str | None = None
    version: int | None = None
    language: str | None = None


async def ask(asked: Asked, outer: Exchange) -> Any:
    """Return what an operation gives whoever sent `outer`, as JSON data.

    Raises:
        Problem: it is refused.
    """
    sent = msgspec.json.encode(asked.body)

    async def receive() -> Message:
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(_: Message) -> None:
        raise AssertionError("an operation gives its answer back, and sends nothing")

    scope = {**outer.scope, "query_string": urlencode(asked.query).encode("ascii")}
    if asked.language is not None:
        scope["headers"] = [(b"accept-language", asked.language.encode("ascii"))]
    inner = Exchange(scope, receive, send=send, context=outer.context)
    inner.actor = outer.actor
    headers = {b"content-type": b"application/json"}
    if asked.key is not None:
        headers[b"idempotency-key"] = asked.key.encode("ascii")
    if asked.version is not None:
        headers[b"if-match"] = etag(asked.version)
    inner.headers = headers
    reply = await serve(asked.operation, asked.params, exchange=inner)
    return msgspec.json.decode(reply.body)


def refusal(problem: Problem, outer: Exchange) -> dict[str, Any]:
    """Return a refusal in the words of the API, as JSON data."""
    reply = render(problem, language=outer.language, trace_id=outer.trace_id)
    said: dict[str, Any] = msgspec.json.decode(reply.body)
    return said
