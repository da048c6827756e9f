"""Run the application in a uvicorn that refuses floods of headers and clients that dawdle."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from types import FrameType

    from fastapi import FastAPI

MAX_HEADERS = 100
MAX_HEADER_BYTES = 32 * 1024
PATIENCE_S = 10.0
"""How long a request's headers may take to arrive whole."""

GRACE_S = 25
"""How long requests in flight may take to finish once the service is told to stop."""

_TOO_MANY_HEADERS = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
_SIZED = b"\r\ncontent-length: "


class JoiningTransport:
    """A transport that sends the head of an answer together with its body.

    uvicorn writes them one after the other, and each write is a call to the system and a packet.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        """Send some bytes; a head that announces a body of known length waits for it."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and _SIZED in data:
            self._head = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        """Send a head nothing came after."""
        if self._head:
            data, self._head = self._head, b""
            self._transport.write(data)

    def close(self) -> None:
        """Close, once everything is sent."""
        self.flush()
        self._transport.close()


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with bounds on a request's headers: number, size, and time to arrive.

    uvicorn itself sets none with this parser. Source: promises.md T42.
    """

    _count = 0
    _size = 0
    _until: float | None = None
    """When the headers must be there (the loop's time); None while none are awaited."""
    _watch: asyncio.TimerHandle | None = None
    """Looks at `_until` now and then: a timer for each request would cost more than its guard."""
    _joining: JoiningTransport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Take a new connection."""
        self._joining = JoiningTransport(transport)
        super().connection_made(self._joining)  # type: ignore[arg-type]  # it has what uvicorn uses
        self._begin_waiting()

    def on_response_complete(self) -> None:
        """End an answer."""
        self._joining.flush()
        super().on_response_complete()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._count = self._size = 0
        self._begin_waiting()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._size += len(url)
        if self._is_within_bounds():
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header."""
        self._count += 1
        self._size += len(name) + len(value)
        if self._is_within_bounds():
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request to the application."""
        self._stop_waiting()
        if not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body."""
        if not self.transport.is_closing():
            super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def _is_within_bounds(self) -> bool:
        if self._count <= MAX_HEADERS and self._size <= MAX_HEADER_BYTES:
            return True
        if not self.transport.is_closing():
            self.transport.write(_TOO_MANY_HEADERS)
            self.transport.close()
        return False

    def _begin_waiting(self) -> None:
        if self._until is None:
            self._until = self.loop.time() + PATIENCE_S
            if self._watch is None:
                self._watch = self.loop.call_at(self._until, self._look)

    def _look(self) -> None:
        self._watch = None
        if self._until is None:
            return
        if self.loop.time() >= self._until:
            self.transport.close()
        else:
            self._watch = self.loop.call_at(self._until, self._look)

    def _stop_waiting(self) -> None:
        self._until = None


class Server(uvicorn.Server):
    """A uvicorn server that tells the application to close as soon as it is told to stop.

    Event streams then end, readiness goes, and requests in flight finish.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at a signal."""
        # First: told already that it stops, uvicorn takes Ctrl+C for a second one and breaks off.
        super().handle_exit(sig, frame)
        self.stop()

    def stop(self) -> None:
        """Finish what is in flight, then end."""
        self._app.state.context.closing.set()
        self.should_exit = True


def make_server(app: FastAPI, *, host: str, port: int, **more: Any) -> Server:
    """Return a server for an application, not yet started.

    Port 0 takes a free one. `more` are further settings of uvicorn's (`fd`, `ssl_keyfile` …).
    """
    config = uvicorn.Config(
        app.state.front,
        host=host,
        port=port,
        http=GuardedProtocol,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
        **more,
    )
    return Server(app, config)
