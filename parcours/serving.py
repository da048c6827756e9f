"""The service behind its port, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING

from api.app import create_app, tell
from api.server import make_server
from runtime.settings import PREFIX, as_text
from runtime.wiring import Service, open_service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from api.server import Server
    from runtime.settings import Settings


LISTENING = "PARCOURS_LISTENING_FD"
"""Tells a worker the socket it shares; only `serve_with_workers` sets it."""


def listening() -> int | None:
    """Return the socket that whoever started this process listens on already, if it does."""
    number = os.environ.get(LISTENING)
    return None if number is None else int(number)


async def serve_forever(
    settings: Settings,
    *,
    fd: int | None = None,
    prepare: Callable[[Service], Awaitable[None]] | None = None,
) -> None:
    """Open the service and answer requests until a signal.

    Args:
        settings: where it listens, and everything else.
        fd: a socket that listens already, shared by several processes.
        prepare: what is done with the service before the first request.

    Raises:
        Failure: the service cannot be opened.
    """
    servers: list[Server] = []
    with _ending_well(servers):
        async with open_service(settings) as service:
            if prepare is not None:
                await prepare(service)

            @asynccontextmanager
            async def opened(_: Settings) -> AsyncIterator[Service]:
                yield service

            app = create_app(settings, opener=opened)
            if prepare is None:
                tell(app, service)
            servers.append(make_server(app, host=settings.bind, port=settings.port))
            # As a socket: given its number, uvicorn takes it for a Unix socket and leaves Nagle's
            # algorithm on, which costs every answer 40 ms.
            shared = None if fd is None else [socket.socket(fileno=fd)]
            if fd is not None:
                asyncio.get_running_loop().add_reader(sys.stdin, _orphaned, servers[0])
            await servers[0].serve(sockets=shared)


def _orphaned(server: Server) -> None:
    """Stop: the process that started this one is gone, and with it the other end of its input."""
    asyncio.get_running_loop().remove_reader(sys.stdin)
    server.should_exit = True


@contextmanager
def _ending_well(servers: Sequence[Server]) -> Iterator[None]:
    """Let a signal end the service with 0, and a second one not disturb its closing.

    uvicorn takes signals while it serves, and raises them again once it has stopped.
    """

    def told(number: int, _frame: object) -> None:
        if not any(server.should_exit for server in servers):
            raise SystemExit(128 + number)

    before = {one: signal.signal(one, told) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def serve_with_workers(settings: Settings, workers: int) -> int:
    """Run several processes behind one port; return 0 once all ended well.

    When one ends by itself the others are told to stop too: whatever restarts services then sees
    one that failed, rather than one that limps.
    """
    with socket.create_server((settings.bind, settings.port), backlog=2048) as listening:
        listening.set_inheritable(True)
        number = listening.fileno()
        command = [sys.executable, "-m", "parcours.main", "serve"]
        given = {
            PREFIX + one.name.upper(): as_text(getattr(settings, one.name))
            for one in fields(settings)
            if getattr(settings, one.name) is not None
        }
        given[LISTENING] = str(number)
        children: list[subprocess.Popen[bytes]] = []
        told: set[int] = set()

        def stop_all() -> None:
            for child in children:
                child.terminate()

        def stop(number: int, _frame: object) -> None:
            # One that was still starting has nothing in flight and ends by the signal itself.
            told.update((0, -signal.SIGTERM, -number, 128 + signal.SIGTERM, 128 + number))
            stop_all()

        before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            while len(children) < workers and not told:
                children.append(
                    subprocess.Popen(  # noqa: S603 - this very program
                        command,
                        pass_fds=[number],
                        env={**os.environ, **given},
                        stdin=subprocess.PIPE,  # never written: its end is how they know of ours
                    )
                )
            if not told:
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            stop_all()
            ended = [child.wait() for child in children]
            return max((0 if code in told else abs(code) for code in ended), default=0)
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
