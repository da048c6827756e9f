"""The ring every request passes: who calls, how much, and that every answer is one of ours."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from api import browsers, identity, site
from api import headers as http_headers
from api.bodies import ClientGone
from api.exchange import Exchange
from api.logs import where
from api.problems import Problem, Reply
from api.serving import problem_of, serve
from runtime.errors import Failure, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.context import Context
    from api.operations import Operation

    Find = Callable[[str, str], tuple[Operation, Mapping[str, str]] | None]

CODE = "/v1/codes:open"
"""What a customer with a code and nothing else asks: so often from one address."""
PUBLIC = frozenset({"/live", "/ready", "/sign-in/oidc", "/sign-in/oidc/callback", CODE})
DESCRIPTION = frozenset({"/docs", "/openapi.json"})
SIGN_IN = "/v1/sign-in/"
PROVIDER = "/sign-in/oidc"
"""What anybody may ask and costs a request to the identity provider: so often from one address."""
HEARD = ("/v1/hooks/", "/cti/")
"""What other systems send: each message brings its own proof, whose lack counts as a stranger's."""
PUBLIC_BELOW = ("/v1/schemas/", SIGN_IN, *HEARD)
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
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send=send, context=self.context)
        try:
            await self._within_limits(exchange)
        except ClientGone:
            return
        except Problem as problem:
            await exchange.refuse(problem)
        # The outermost ring: whatever nobody foresaw is logged, and answered without internals.
        except Exception as fault:
            self.context.log.error(  # noqa: TRY400 - its message may quote an answer: see `where`
                "fault",
                trace_id=exchange.trace_id,
                operation=exchange.operation,
                session=exchange.scope.get("path_params", {}).get("session"),
                **where(fault),
            )
            if exchange.status:
                raise
            await exchange.refuse(Problem("service.internal"))
        finally:
            self._note(exchange)

    async def _within_limits(self, exchange: Exchange) -> None:
        scope = exchange.scope
        path: str = scope["path"]
        exchange.headers = http_headers.read(scope["headers"])
        origins = self.context.embed_origins
        if origins and b"origin" in exchange.headers:
            if scope["method"] == "OPTIONS":
                allowed = browsers.preflight(exchange.headers, path, origins)
                if allowed is not None:
                    await exchange.reply(Reply(204, headers=allowed))
                    return
            exchange.shared = browsers.with_link(exchange.headers, origins)
        if self._is_public(path) or site.is_astray(scope["method"], path, exchange.headers):
            if path.startswith(SIGN_IN):
                identity.refuse_foreign_host(self.context, exchange.headers)
            elif path.startswith(PROVIDER) or path == CODE:
                self._take_as_stranger(scope)
            if path.startswith(HEARD):
                await self._heard(exchange)
            elif path == CODE:
                with self.context.room.place():
                    await self._pass(exchange)
            else:
                await self._pass(exchange)
            return
        room = self.context.streams if path.endswith(_STREAM_ENDS) else self.context.room
        with room.place():
            await self._identified(exchange)

    async def _heard(self, exchange: Exchange) -> None:
        """Take a message that brings its own proof; whoever cannot give one is a stranger."""
        with self.context.room.place():
            try:
                await self._pass(exchange)
            except Problem as problem:
                if problem.status == 401:
                    self._take_as_stranger(exchange.scope)
                raise

    def _is_public(self, path: str) -> bool:
        if path in DESCRIPTION:
            return self.context.is_described
        return path in PUBLIC or path.startswith(PUBLIC_BELOW) or site.is_public(path)

    async def _identified(self, exchange: Exchange) -> None:
        scope = exchange.scope
        try:
            actor = await identity.identify(self.context, scope["method"], exchange.headers)
        except Unauthenticated as unknown:
            self._take_as_stranger(scope)
            raise problem_of(unknown) from unknown
        except Failure as failure:
            raise problem_of(failure) from failure
        exchange.actor = actor
        caller = actor.key or f"{actor.tenant}/{actor.by}"
        self.context.callers.take(caller, now=time.monotonic())
        hot = self.find_hot(scope["method"], scope["path"])
        if hot is None:
            await self._pass(exchange)
            return
        operation, params = hot
        exchange.operation = operation.id
        reply = await serve(operation, params, exchange=exchange)
        await exchange.reply(reply)

    def _take_as_stranger(self, scope: Scope) -> None:
        client = scope.get("client") or ("local", 0)
        self.context.strangers.take(client[0], now=time.monotonic())

    async def _pass(self, exchange: Exchange) -> None:
        exchange.scope["parcours"] = exchange
        await self.app(exchange.scope, exchange.receive, exchange.send)

    def _note(self, exchange: Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        status = exchange.status or 499
        self.context.metrics.answered(
            exchange.operation, status, seconds=seconds, code=exchange.code
        )
        # A language model's refused call has a code, in an answer that is well.
        if status < 400 and exchange.code is None:
            return
        self.context.log.info(
            "request",
            operation=exchange.operation,
            status=status,
            code=exchange.code,
            ms=round(seconds * 1000, 1),
            trace_id=exchange.trace_id,
            actor=exchange.actor.by,
            tenant=exchange.actor.tenant,
        )


class Front:
    """Serves the hot operations before the framework's layers, and all others through them.

    The same gate stands in both ways.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_hot = scope["type"] == "http" and self.gate.find_hot(scope["method"], scope["path"])
        await (self.gate if is_hot else self.app)(scope, receive, send)
