"""HTTP out, for every connector that speaks it: bounded in time and size, to named places only.

There is no redirection, no proxy of the environment and no cookie at this level: what is not there
cannot be turned on by mistake. Source: promises.md 2.4, 3.1.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import httpcore
import httpx

from connectors.egress import CONNECT_S, Denied, Egress, Pinned, Resolve, resolve_by_system
from connectors.urls import PORTS, is_header, origin_in, origin_of, parts_of

LARGEST: Final = 1024 * 1024
"""Most bytes of an answer, once decoded."""
IDLE_S: Final = 15.0
"""How long a connection is kept for the next call."""
CONNECTIONS: Final = 8
AGAIN: Final = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses after which the same call may succeed a little later."""
_OURS: Final = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "accept-encoding", "cookie", "te",
    "upgrade", "trailer", "expect", "proxy-authorization",
})  # fmt: skip
"""Headers no connector gives: they say what a request is, or where it goes."""


class NotAnswered(Exception):
    """No answer that can be used.

    Attributes:
        reason: a stable code, `connector.timeout`.
        sent: whether anything of the request may have reached the other system.
        again: whether the same request may do better a little later.
    """

    def __init__(self, reason: str, *, sent: bool, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.again = again


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. Its URL is absolute and holds no user, password or fragment."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, decoded; names of headers in small letters, the last one of a name."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def again(self) -> bool:
        """Whether the other system says to come back."""
        return self.status in AGAIN

    @property
    def after_ms(self) -> int | None:
        """How long it asks to be left alone first (`Retry-After`); None when it does not say."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return int(said[:9]) * 1_000
        try:
            until = parsedate_to_datetime(said)
            now = parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None
        seconds = (_utc(until) - _utc(now)).total_seconds()
        return max(0, int(seconds * 1_000))


class Outward:
    """A client of one other system. It reaches the origins it is given and nothing else.

    Args:
        origins: URLs whose scheme, host and port may be reached.
        egress: what else than public addresses over TLS is allowed.
        resolve: gives the addresses of a host; the system's by default.
        authorities: a file of certificate authorities to trust beside the public ones.
        largest: most bytes of an answer, once decoded.
    """

    def __init__(
        self,
        origins: Iterable[str],
        egress: Egress,
        *,
        resolve: Resolve = resolve_by_system,
        authorities: Path | None = None,
        largest: int = LARGEST,
    ) -> None:
        # Else whoever logs everything logs the headers of answers, which may echo a secret.
        logging.getLogger("httpcore").setLevel(logging.INFO)
        self._origins = frozenset(origin_of(one) for one in origins) - {None}
        self._egress = egress
        self._largest = largest
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_verifying(authorities),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=IDLE_S,
            http2=False,
            network_backend=Pinned(egress, resolve),
        )

    async def close(self) -> None:
        """Let its connections go."""
        await self._pool.aclose()

    async def send(self, ask: Ask, *, within_ms: int) -> Answer:
        """Return the whole answer to a request, whatever its status.

        Args:
            ask: the request.
            within_ms: how long all of it may take, from resolving the name to the last byte.

        Raises:
            NotAnswered: there is no answer, or none that is allowed; never by a redirection, which
                is an answer like any other.
        """
        request = self._request(ask)
        sent: list[bool] = []

        async def trace(name: str, _info: Any) -> None:
            if name == "http11.send_request_headers.started":
                sent.append(True)

        request.extensions["trace"] = trace
        request.extensions["timeout"] = {"connect": CONNECT_S}
        try:
            async with asyncio.timeout(within_ms / 1_000):
                return await self._answer(request)
        except NotAnswered:
            raise
        except Denied:
            raise NotAnswered("egress.denied", sent=False) from None
        except TimeoutError:
            raise NotAnswered("connector.timeout", sent=bool(sent), again=True) from None
        except httpcore.LocalProtocolError:
            raise NotAnswered("connector.input", sent=False) from None
        except (httpcore.RemoteProtocolError, httpcore.ProtocolError) as error:
            # httpcore says so of a connection closed before the answer, too.
            is_cut = "disconnected" in str(error) or "closed connection" in str(error)
            reason = "connector.cut" if is_cut else "connector.protocol"
            raise NotAnswered(reason, sent=True, again=is_cut) from None
        except (httpcore.NetworkError, httpcore.TimeoutException, ssl.SSLError, OSError) as error:
            raise _lost(error, sent=bool(sent)) from None

    def _request(self, ask: Ask) -> httpcore.Request:
        parts = parts_of(ask.url)
        if parts is None or origin_in(parts) not in self._origins or not self._speaks(parts.scheme):
            raise NotAnswered("egress.denied", sent=False)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
        standard = parts.port is None or parts.port == PORTS[parts.scheme]
        headers = {"accept": "application/json", "user-agent": "parcours"}
        headers |= {name.lower(): value for name, value in ask.headers.items()}
        if not _OURS.isdisjoint(headers) or not all(map(is_header, headers, headers.values())):
            raise NotAnswered("connector.input", sent=False)
        headers |= {
            "host": host if standard else f"{host}:{parts.port}",
            "accept-encoding": "gzip",
        }
        if ask.content or ask.method in {"POST", "PUT", "PATCH"}:
            headers["content-length"] = str(len(ask.content))
        try:
            url = httpcore.URL(
                scheme=parts.scheme, host=host.strip("[]"), port=parts.port, target=target
            )
        except UnicodeEncodeError:
            raise NotAnswered("egress.denied", sent=False) from None
        return httpcore.Request(
            ask.method,
            url,
            headers=list(headers.items()),
            content=ask.content,
            extensions={},
        )

    def _speaks(self, scheme: str) -> bool:
        return scheme == "https" or (scheme == "http" and self._egress.allow_http)

    async def _answer(self, request: httpcore.Request) -> Answer:
        response = await self._pool.handle_async_request(request)
        try:
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            body = bytearray()
            unpack = _unpacking(headers.get("content-encoding", ""))
            async for chunk in response.aiter_stream():
                # Never more than one byte beyond what is allowed, whatever a chunk unpacks to.
                body += unpack(chunk, self._largest + 1 - len(body))
                if len(body) > self._largest:
                    raise NotAnswered("connector.too-large", sent=True)
            return Answer(response.status, headers, bytes(body))
        finally:
            await response.aclose()


@lru_cache(maxsize=16)
def _verifying(authorities: Path | None) -> ssl.SSLContext:
    # Shared: reading the public authorities takes longer than a call.
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities is not None:
        context.load_verify_locations(cafile=authorities)
    return context


def _unpacking(encoding: str) -> Any:
    """Return what unpacks chunks: (chunk, room) -> at most `room` bytes."""
    if encoding.strip().lower() in {"", "identity"}:
        return lambda chunk, room: chunk[:room]
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise NotAnswered("connector.encoding", sent=True)
    unpacking = zlib.decompressobj(wbits=31)

    def unpack(chunk: bytes, room: int) -> bytes:
        try:
            return unpacking.decompress(chunk, room) if room > 0 else b""
        except zlib.error:
            raise NotAnswered("connector.encoding", sent=True) from None

    return unpack


def _lost(error: BaseException, *, sent: bool) -> NotAnswered:
    """Return how a connection ended, by what it ended with."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) and not sent:
            return NotAnswered("connector.tls", sent=False)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.PoolTimeout):
        return NotAnswered("connector.busy", sent=False, again=True)
    reason = "connector.cut" if sent else "connector.unreachable"
    return NotAnswered(reason, sent=sent, again=True)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
