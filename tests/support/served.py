"""`parcours serve` as a process of its own, on a free port, as an administrator starts it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 40


@contextmanager
def serving(
    database: object, *more: str, wait: bool = True, under: Sequence[str] = (),
    log: Path | None = None,
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:  # fmt: skip
    """Run `parcours serve` until the block is left, however it is left; give it and its port.

    Args:
        database: where it stores.
        more: further arguments.
        wait: until it is ready.
        under: the command it is run by, such as a tracer's; what is given is then that process.
        log: the file that takes what it says on its error output.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [*under, sys.executable, "-m", "parcours.main", "serve", "--port", str(port)]
    command += ["--database", str(database), *more]
    with (
        (log or Path(os.devnull)).open("ab") as said,
        # Where a database is no file, facts would be left in the folder tests run in.
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as facts,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={"PARCOURS_FACTS": f"{facts}/facts", **os.environ},
            stderr=said if log else None,
            start_new_session=True,
        ) as process,
    ):
        try:
            if wait:
                _until_ready(process, port)
            yield process, port
        finally:
            # The group: a tracer that is killed leaves what it traces running.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert process.poll() is None, "the service ended"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/ready")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the service does not answer")
