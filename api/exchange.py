"""One request being answered: what brought it, who sent it, and what goes back."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from api.headers import SECURITY
from api.identity import NOBODY
from api.languages import preferred
from api.problems import Problem, Reply, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Receive, Scope, Send

    from api.context import Context


class Exchange:
    """What serving a request, its log line and its counters need.

    `shared` are the headers that let a page of another origin read the answer.
    """

    __slots__ = (
        "_send", "_trace_id", "actor", "began", "code", "context", "headers", "operation",
        "receive", "scope", "shared", "status",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, *, send: Send, context: Context) -> None:
        self.scope = scope
        self.receive = receive
        self.context = context
        self._send = send
        self._trace_id = ""
        self.began = time.perf_counter()
        self.headers: Mapping[bytes, bytes] = {}
        self.actor = NOBODY
        self.operation = "other"
        self.status = 0
        self.code: str | None = None
        self.shared: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def trace_id(self) -> str:
        """What ties an answer to the log; the caller's own trace when it sent one."""
        if not self._trace_id:
            given = self.headers.get(b"traceparent", b"")
            own = given[3:35].decode("latin-1") if len(given) == 55 else ""
            self._trace_id = own if _is_trace(own) else f"{random.getrandbits(128):032x}"
        return self._trace_id

    @property
    def language(self) -> str:
        """The language to answer in."""
        for name, value in self.scope["headers"]:
            if name == b"accept-language":
                return preferred(value)
        return preferred(b"")

    async def send(self, message: Message) -> None:
        """Send what an ordinary route answers, with the headers every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            named = {name for name, _ in message["headers"]}
            extra = [pair for pair in SECURITY if pair[0] not in named]
            message = {**message, "headers": [*message["headers"], *self.shared, *extra]}
        await self._send(message)

    async def reply(self, reply: Reply) -> None:
        """Send a whole answer."""
        self.status = reply.status
        self.code = reply.code
        await self._send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [*headers_of(reply), *self.shared, *SECURITY],
            }
        )
        await self._send({"type": "http.response.body", "body": reply.body})

    async def refuse(self, problem: Problem) -> None:
        """Send a refusal, unless the answer has begun."""
        if self.status:
            raise problem
        await self.reply(render(problem, language=self.language, trace_id=self.trace_id))


def headers_of(reply: Reply) -> list[tuple[bytes, bytes]]:
    """Return an answer's own headers, with those of its body when it may have one."""
    if reply.status in {204, 304}:
        return [*reply.headers]
    if not reply.body:
        return [(b"content-length", b"0"), *reply.headers]
    return [
        (b"content-type", reply.media_type),
        (b"content-length", b"%d" % len(reply.body)),
        *reply.headers,
    ]


def _is_trace(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef") and text.strip("0") != ""
