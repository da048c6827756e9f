"""The systems' HTTP: an ASGI application that answers, remembers keys, and can be broken."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from parcours.demo.systems.asked import Asked, Said, Unclear, no
from parcours.demo.systems.calls import Called
from parcours.demo.systems.faults import MODES, Faults, WrongFault
from parcours.demo.systems.page import page
from parcours.demo.systems.paying import Hook, pay
from parcours.demo.systems.routes import SYSTEMS, Route, route_of
from parcours.demo.systems.world import World, new_world

LARGEST: Final = 65_536
KEPT: Final = 200
"""How many calls are remembered."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Desk:
    """All the systems at one address, each below its name.

    Args:
        world: what they hold.
        language: of the page at `/`.
        pace: how their time passes: at 0 nothing takes any.
        hook: where a payment is told of.
    """

    def __init__(
        self, world: World, *, language: str = "en", pace: float = 1.0, hook: Hook | None = None
    ) -> None:
        self.world = world
        self.faults = Faults()
        self.calls: deque[Called] = deque(maxlen=KEPT)
        self._language = language
        self._pace = pace
        self._hook = hook
        self._kept: dict[tuple[str, str], tuple[Any, Said]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        # As it was written: a slash within a segment stays within it.
        path = scope["raw_path"].decode("ascii").partition("?")[0]
        content = await _content(receive)
        headers = {name.decode("latin-1"): one.decode("latin-1") for name, one in scope["headers"]}
        if path == "/":
            text = page(self.faults, list(self.calls), language=self._language)
            await _answer(send, 200, text.encode(), "text/plain; charset=utf-8")
            return
        if path.startswith("/_"):
            said = await self._about(scope["method"], path, headers, content)
        else:
            query = dict(parse_qsl(scope["query_string"].decode("ascii")))
            said = self._answer(scope["method"], path, headers, query=query, content=content)
        if said.after_s:
            await asyncio.sleep(said.after_s)
        await _answer(send, said.status, json.dumps(said.body, ensure_ascii=False).encode())

    # -- what they are asked

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], *,
        query: Mapping[str, str], content: bytes | None,
    ) -> Said:  # fmt: skip
        found = route_of(method, path)
        if found is None:
            return no("NO_SUCH_PATH", 404)
        route, parts = found
        key = headers.get("idempotency-key")
        broken = self.faults.of(route.operation)
        if broken is not None and broken.mode == "failing":
            said, repeated = no("BROKEN_ON_PURPOSE", 503), False
        else:
            body = _json(content) if content else {}
            if not isinstance(body, dict):
                return no("NOT_UNDERSTOOD", 422)
            path_parts = {name: unquote(value) for name, value in parts.items()}
            asked = Asked(path_parts, query, body)
            said, repeated = self._done(route, asked, key if method == "POST" else None)
        self.calls.append(Called(route.operation, method, path, said.status, key, repeated))
        late = 0.0 if broken is None else broken.seconds
        return Said(said.body, said.status, said.after_s * self._pace + late)

    def _done(self, route: Route, asked: Asked, key: str | None) -> tuple[Said, bool]:
        """Return what came of it; the same request with the same key is done once."""
        place = (route.operation, key or "")
        if key is not None and place in self._kept:
            before, said = self._kept[place]
            return said if before == asked else no("KEY_USED_OTHERWISE", 422), True
        try:
            said = route.handle(self.world, asked)
        except Unclear as unclear:
            return Said({"error": {"code": "NOT_UNDERSTOOD", "field": unclear.name}}, 422), False
        if key is not None and said.status < 500:
            self._kept[place] = (asked, said)
        return said, False

    # -- what is asked about them

    async def _about(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None
    ) -> Said:
        match (method, path):
            case ("GET", "/_calls"):
                return Said({"items": [asdict(one) for one in self.calls]})
            case ("GET", "/_faults"):
                return self._broken()
            case ("DELETE", "/_faults"):
                self.faults.broken.clear()
                return self._broken()
            case ("DELETE", "/_changes"):
                self.world = new_world(self.world.today)
                self._kept.clear()
                return Said({"as_new": True})
            case ("POST", "/_faults" | "/_paid"):
                # Of JSON alone: a page of the web cannot send it here without asking first.
                body = _json(content or b"")
                if headers.get("content-type") != "application/json" or not isinstance(body, dict):
                    return no("JSON_WANTED", 415)
                if path == "/_paid":
                    return await pay(self.world, self._hook, body)
                try:
                    self.faults.take(body)
                except WrongFault as wrong:
                    return Said({"error": {"code": "WRONG_FAULT", "takes": str(wrong)}}, 422)
                return self._broken()
        return no("NO_SUCH_PATH", 404)

    def _broken(self) -> Said:
        broken = {name: asdict(one) for name, one in self.faults.broken.items()}
        return Said({"broken": broken, "systems": SYSTEMS, "modes": MODES})


async def _content(receive: Receive) -> bytes | None:
    """Return a request's body; None when it is too large to be one."""
    content = b""
    while True:
        message = await receive()
        content += bytes(message.get("body", b""))
        if len(content) > LARGEST:
            return None
        if not message.get("more_body"):
            return content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


async def _answer(send: Send, status: int, body: bytes, kind: str = "application/json") -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
