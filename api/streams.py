"""A session's events as they are committed, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from api.problems import Rounds

HEARTBEAT_EVERY = 15
"""Empty rounds of the feed, a second each, between two signs of life."""


class EventStream(Response):
    """Sends rounds of (number, event) until the client goes or the service closes.

    Nothing is kept for a client that reads slowly: the feed reads on only once it took a round.
    `id:` is the event's number, so that a client resumes with `Last-Event-ID`.
    """

    media_type = "text/event-stream"

    def __init__(self, rounds: Rounds, closing: asyncio.Event) -> None:
        super().__init__(status_code=200)
        self.raw_headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        self._rounds = rounds
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's form
        """Send it."""
        gone = asyncio.Event()
        listening = asyncio.create_task(_listen(receive, gone))
        try:
            await self._send(send, gone)
        finally:
            listening.cancel()

    async def _send(self, send: Send, gone: asyncio.Event) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        await _say(send, b": open\n\n")
        quiet = 0
        async for events in self._rounds:
            if gone.is_set() or self._closing.is_set():
                break
            quiet = 0 if events else quiet + 1
            if events:
                await _say(send, b"".join(_event(number, event) for number, event in events))
            elif quiet % HEARTBEAT_EVERY == 0:
                await _say(send, b": still here\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


def _event(number: int, event: Mapping[str, Any]) -> bytes:
    if number == 0:
        # No event of the session: it takes no place among them.
        return b"event: %b\ndata: %b\n\n" % (
            str(event["kind"]).encode("ascii"),
            msgspec.json.encode(event),
        )
    return b"id: %d\nevent: session\ndata: %b\n\n" % (number, msgspec.json.encode(event))


async def _listen(receive: Receive, gone: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()
