"""Servers in processes of their own: the service, and FastAPI's hello beside it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

START_S = 30


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(*arguments: str, port: int, env: dict[str, str] | None = None) -> Iterator[int]:
    """Run `python -m …` until it listens, give its process id, and end it."""
    process = subprocess.Popen([sys.executable, "-m", *arguments], env=env)
    try:
        _wait(process, port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once, with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
