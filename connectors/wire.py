"""Connections to one other system, kept open between calls: HTTP/1.1 and nothing more.

What a call costs here is paid inside an advisor's turn. A general client spends 2 ms of processor
time on a call; h11 on an asyncio protocol a fifth of that (`python -m bench inline`).
"""

from __future__ import annotations

import asyncio
import select
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import h11

from connectors.egress import CONNECT_S, Pinned, Unreachable

HEAD: Final = 100 * 1024
"""Most bytes of an answer's headers."""
AHEAD: Final = 128 * 1024
"""Bytes that are taken off the network before they are asked for."""


class Cut(ConnectionError):
    """The connection ended before the answer did."""


class Origin(NamedTuple):
    """Where a connection leads."""

    scheme: str
    host: str
    port: int


class Head(NamedTuple):
    """How an answer begins; names of headers in small letters."""

    status: int
    headers: list[tuple[bytes, bytes]]


class _Bytes(asyncio.Protocol):
    """What came over a connection and was not read yet."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.is_over = False
        self._found = bytearray()
        self._lost: Exception | None = None
        self._news: asyncio.Future[None] | None = None
        self._is_paused = False

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came that nobody asked for, its end included."""
        return not self._found and not self.is_over

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._found += data
        if len(self._found) > AHEAD and not self._is_paused and self.transport is not None:
            self._is_paused = True
            self.transport.pause_reading()
        self._tell()

    def eof_received(self) -> bool:
        self.is_over = True
        self._tell()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over, self._lost = True, exc
        self._tell()

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def read(self) -> bytes:
        """Return what came, at least a byte; nothing once the other side has ended."""
        while not self._found and not self.is_over:
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        if not self._found and self._lost is not None:
            raise Cut(str(self._lost)) from self._lost
        data = bytes(self._found)
        self._found.clear()
        if self._is_paused and self.transport is not None:
            self._is_paused = False
            self.transport.resume_reading()
        return data


class Line:
    """One connection: a request and its answer at a time."""

    def __init__(self, origin: Origin, transport: asyncio.Transport, came: _Bytes) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self._transport = transport
        self._came = came
        self._speech = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)

    @property
    def is_of_use(self) -> bool:
        """Whether another request may be sent: nothing came since the last answer, nor its end."""
        if self._transport.is_closing() or not self._came.is_quiet:
            return False
        # What the system has and the loop has not seen yet: most often that the other side left.
        asked = select.poll()
        asked.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not asked.poll(0)

    async def ask(
        self, method: str, target: str, *, headers: list[tuple[str, str]], content: bytes
    ) -> Head:
        """Send a request and return how its answer begins.

        Raises:
            h11.LocalProtocolError: the request is none that may be sent; nothing was.
            h11.RemoteProtocolError, Cut: there is no answer, or none in HTTP/1.1.
        """
        say = self._speech.send
        request = say(h11.Request(method=method, target=target, headers=headers)) or b""
        body = (say(h11.Data(data=content)) or b"") if content else b""
        self._transport.write(request + body + (say(h11.EndOfMessage()) or b""))
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                return Head(event.status_code, list(event.headers))
            if not isinstance(event, h11.InformationalResponse):
                raise Cut("no answer")

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the parts of an answer's body, as they come."""
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    async def _next(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        while True:
            try:
                event = self._speech.next_event()
            except h11.RemoteProtocolError as error:
                if self._came.is_over:
                    raise Cut(str(error)) from error
                raise
            if event is not h11.NEED_DATA:
                return event
            self._speech.receive_data(await self._came.read())

    def is_done(self) -> bool:
        """Return whether both sides said all, and another request may follow; make ready for it."""
        speech = self._speech
        if speech.our_state is not h11.DONE or speech.their_state is not h11.DONE:
            return False
        if speech.trailing_data[0]:
            return False
        speech.start_next_cycle()
        return True

    def drop(self) -> None:
        """Let the connection go at once."""
        self._transport.abort()


class Lines:
    """The connections to a system.

    Args:
        pinned: connects, to addresses that were looked at.
        context: for those over TLS.
        most: connections at once; more wait.
        idle_s: how long one is kept for the next call.
    """

    def __init__(
        self, pinned: Pinned, context: ssl.SSLContext, *, most: int, idle_s: float
    ) -> None:
        self._pinned = pinned
        self._context = context
        self._idle_s = idle_s
        self._places = asyncio.Semaphore(most)
        self._idle: list[Line] = []
        self._busy: set[Line] = set()

    @asynccontextmanager
    async def line(self, origin: Origin) -> AsyncIterator[Line]:
        """Give a connection, kept for the next call if this one ends well.

        Raises:
            Denied: an address of it may not be reached.
            Unreachable: nobody answers there.
            ssl.SSLError: somebody does, and not the one whose name it is.
        """
        async with self._places:
            line = self._kept(origin) or await self._opened(origin)
            self._busy.add(line)
            is_well = False
            try:
                yield line
                is_well = line.is_done()
            finally:
                self._busy.discard(line)
                if is_well:
                    line.idle_since = time.monotonic()
                    self._idle.append(line)
                else:
                    line.drop()

    def _kept(self, origin: Origin) -> Line | None:
        """Return the connection that was used last, of those that may still be."""
        oldest = time.monotonic() - self._idle_s
        for line in [one for one in self._idle if one.idle_since < oldest]:
            self._idle.remove(line)
            line.drop()
        for line in reversed(self._idle):
            if line.origin == origin:
                self._idle.remove(line)
                if line.is_of_use:
                    return line
                line.drop()
        return None

    async def _opened(self, origin: Origin) -> Line:
        reached = await self._pinned.connect(origin.host, origin.port)
        loop, came = asyncio.get_running_loop(), _Bytes()
        is_tls = origin.scheme == "https"
        try:
            transport, _ = await loop.create_connection(
                lambda: came,
                sock=reached,
                ssl=self._context if is_tls else None,
                server_hostname=origin.host if is_tls else None,
                ssl_handshake_timeout=CONNECT_S if is_tls else None,
            )
        except OSError as error:
            # Whoever listens there and ends the handshake, with a word about it or not.
            raise (ssl.SSLError if is_tls else Unreachable)(str(error)) from error
        return Line(origin, transport, came)

    async def close(self) -> None:
        """Let all of them go."""
        for line in (*self._idle, *self._busy):
            line.drop()
        self._idle.clear()
        # Transports say goodbye at the loop's next turn.
        await asyncio.sleep(0)
