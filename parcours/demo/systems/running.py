"""The systems started and stopped, and the deployment file that leads to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from parcours.demo.systems.desk import Desk
from parcours.demo.systems.paying import Hook
from parcours.demo.systems.world import new_world

HOST: Final = "127.0.0.1"
WRITTEN: Final = Path(__file__).with_name("connectors.toml")
"""The shipped deployment file; the address in it is the one that is put in place of."""
WRITTEN_FOR: Final = "http://127.0.0.1:8081"
STOP_S: Final = 5.0


@contextmanager
def running(
    port: int, *, language: str, pace: float = 1.0, hook: Hook | None = None
) -> Iterator[str]:
    """Run the systems on a thread of this process while in the context; give their address.

    Args:
        port: the one to listen on, when nobody does; else a free one is taken.
        language: of their page.
        pace: how their time passes: at 0 nothing takes any.
        hook: the service that is told when a customer pays later.
    """
    desk = Desk(new_world(_today), language=language, pace=pace, hook=hook)
    listener = _listener(port)
    config = uvicorn.Config(
        desk,
        http=_protocol(desk),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    # As a daemon: whatever becomes of the service, the systems never outlive it.
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="demo-systems", daemon=True
    )
    thread.start()
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_S)
        listener.close()


def deployment(url: str) -> str:
    """Return the deployment file that leads to systems at an address."""
    return WRITTEN.read_text(encoding="utf-8").replace(WRITTEN_FOR, url)


def _today() -> date:
    return datetime.now(UTC).date()


def _listener(port: int) -> socket.socket:
    for one in (port, 0):
        try:
            return socket.create_server((HOST, one))
        except (OSError, OverflowError):
            continue
    raise OSError("no port is free on this machine")


def _protocol(desk: Desk) -> type[HttpToolsProtocol]:
    class HangingUp(HttpToolsProtocol):
        """uvicorn's protocol; a system that is down hangs up and answers nothing."""

        def on_headers_complete(self) -> None:
            """Hand the request to the systems, or hang up."""
            path = self.url.decode("latin-1").partition("?")[0]
            method = self.parser.get_method().decode("ascii")
            if desk.faults.hangs_up(method, path):
                self.transport.abort()
            else:
                super().on_headers_complete()

    return HangingUp
