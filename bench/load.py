"""Sixteen connections that each send a request as soon as the last one is answered."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 16
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Reply:
    """A response: its status, its ETag, its body."""

    status: int
    etag: str
    body: bytes


@dataclass(slots=True)
class Load:
    """What a run gave: how many requests, in how long, their latencies, the server's own time."""

    requests: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def cpu_us(self) -> float:
        """The server's processor time for one request, in microseconds."""
        return self.cpu_s / self.requests * 1e6

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


Script = Callable[[Reply | None], tuple[bytes, bool]]
"""Given the last reply (None at first), the next request's bytes, and whether it counts."""


def request(method: str, path: str, body: bytes = b"", *, headers: dict[str, str]) -> bytes:
    """Return the bytes of one request on a connection kept open."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Reply(status, headers.get("etag", ""), body)


async def _connection(port: int, script: Script, until: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reply: Reply | None = None
    try:
        while time.perf_counter() < until:
            sent, counts = script(reply)
            begun = time.perf_counter()
            writer.write(sent)
            reply = await _read(reader)
            if counts:
                load.latencies_ms.append((time.perf_counter() - begun) * 1e3)
            load.requests += counts
            load.statuses[reply.status] = load.statuses.get(reply.status, 0) + 1
    finally:
        writer.close()
        await writer.wait_closed()


def cpu_of(pid: int) -> float:
    """Return the processor time a process has used since it began, in seconds (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def press(port: int, pid: int, make: Callable[[int], Script], *, seconds: float) -> Load:
    """Return what a server bears: `make(n)` gives the script of the n-th connection."""

    async def run() -> Load:
        load = Load()
        begun, used = time.perf_counter(), cpu_of(pid)
        until = begun + seconds
        await asyncio.gather(*(_connection(port, make(n), until, load) for n in range(CONNECTIONS)))
        load.seconds = time.perf_counter() - begun
        load.cpu_s = cpu_of(pid) - used
        return load

    return asyncio.run(run())
