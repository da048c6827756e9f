"""The ring every request passes: who calls, how much, and that every answer is one of ours."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from api import headers as http_headers
from api import identity
from api.bodies import ClientGone
from api.identity import NOBODY
from api.languages import preferred
from api.problems import Problem, Reply, render
from api.serving import problem_of, serve
from runtime.errors import Failure, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.context import Context
    from api.operations import Operation

    Find = Callable[[str, str], tuple[Operation, Mapping[str, str]] | None]

PUBLIC = frozenset({"/", "/live", "/ready"})
DESCRIPTION = frozenset({"/docs", "/openapi.json"})
PUBLIC_BELOW = ("/v1/schemas/",)
_STREAM_ENDS = "/events/stream"


class Gate:
    """ASGI middleware around the whole application.

    `find_hot` gives the operation to be served here, without the router, for a method and path.
    """

    def __init__(self, app: ASGIApp, *, context: Context, find_hot: Find) -> None:
        self.app = app
        self.context = context
        self.find_hot = find_hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        exchange = Exchange(scope, send)
        try:
            await self._within_limits(scope, receive, exchange)
        except ClientGone:
            return
        except Problem as problem:
            await exchange.refuse(problem)
        # The outermost ring: whatever nobody foresaw is logged, and answered without internals.
        except Exception as fault:
            self.context.log.exception(
                "fault", trace_id=exchange.trace_id, operation=exchange.operation, exc_info=fault
            )
            if exchange.status:
                raise
            await exchange.refuse(Problem("service.internal"))
        finally:
            self._note(exchange)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(scope, receive, send)

    async def _within_limits(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        path: str = scope["path"]
        if self._is_public(path):
            await self._pass(scope, receive, exchange)
            return
        exchange.headers = http_headers.read(scope["headers"])
        room = self.context.streams if path.endswith(_STREAM_ENDS) else self.context.room
        with room.place():
            await self._identified(scope, receive, exchange)

    def _is_public(self, path: str) -> bool:
        if path in DESCRIPTION:
            return self.context.is_described
        return path in PUBLIC or path.startswith(PUBLIC_BELOW)

    async def _identified(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        try:
            actor = await identity.identify(self.context, exchange.headers)
        except Unauthenticated as unknown:
            client = scope.get("client") or ("local", 0)
            self.context.strangers.take(client[0], now=time.monotonic())
            raise problem_of(unknown) from unknown
        except Failure as failure:
            raise problem_of(failure) from failure
        exchange.actor = actor
        caller = actor.key or f"{actor.tenant}/{actor.by}"
        self.context.callers.take(caller, now=time.monotonic())
        hot = self.find_hot(scope["method"], scope["path"])
        if hot is None:
            await self._pass(scope, receive, exchange)
            return
        operation, params = hot
        exchange.operation = operation.id
        reply = await serve(
            operation,
            params,
            context=self.context,
            actor=actor,
            headers=exchange.headers,
            language=exchange.language,
            scope=scope,
            receive=receive,
        )
        await exchange.reply(reply)

    async def _pass(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        scope["parcours"] = exchange
        await self.app(scope, receive, exchange.send)

    def _note(self, exchange: Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        status = exchange.status or 499
        self.context.metrics.answered(
            exchange.operation, status, seconds=seconds, code=exchange.code
        )
        note = self.context.log.debug if status < 400 else self.context.log.info
        note(
            "request",
            operation=exchange.operation,
            status=status,
            code=exchange.code,
            ms=round(seconds * 1000, 1),
            trace_id=exchange.trace_id,
            actor=exchange.actor.by,
            tenant=exchange.actor.tenant,
        )


class Exchange:
    """One request being answered: what its answer, its log line and its counters need."""

    __slots__ = (
        "_send", "_trace_id", "actor", "began", "code", "headers", "operation", "scope", "status",
    )  # fmt: skip

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self._send = send
        self._trace_id = ""
        self.began = time.perf_counter()
        self.headers: Mapping[bytes, bytes] = {}
        self.actor = NOBODY
        self.operation = "other"
        self.status = 0
        self.code: str | None = None

    @property
    def trace_id(self) -> str:
        """What ties an answer to the log; the caller's own trace when it sent one."""
        if not self._trace_id:
            given = self.headers.get(b"traceparent", b"")
            own = given[3:35].decode("latin-1") if len(given) == 55 else ""
            self._trace_id = own if _is_trace(own) else os.urandom(16).hex()
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
            extra = [pair for pair in http_headers.SECURITY if pair[0] not in named]
            message = {**message, "headers": [*message["headers"], *extra]}
        await self._send(message)

    async def reply(self, reply: Reply) -> None:
        """Send a whole answer."""
        self.status = reply.status
        self.code = reply.code
        await self._send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [
                    (b"content-type", reply.media_type),
                    (b"content-length", b"%d" % len(reply.body)),
                    *reply.headers,
                    *http_headers.SECURITY,
                ],
            }
        )
        await self._send({"type": "http.response.body", "body": reply.body})

    async def refuse(self, problem: Problem) -> None:
        """Send a refusal, unless the answer has begun."""
        if self.status:
            raise problem
        await self.reply(render(problem, language=self.language, trace_id=self.trace_id))


def _is_trace(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef") and text.strip("0") != ""
