"""A disk that answers `fsync` with EIO: a tracer stands between a process and the system.

Source: promises.md T12.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

INJECTION = "inject=fdatasync,fsync:error=EIO"
_TRACED = "trace=fdatasync,fsync"


def why_not() -> str | None:
    """Return why no disk can be made to fail here; None when one can."""
    tracer = shutil.which("strace")
    if tracer is None:
        return "no disk can be made to fail: strace is not installed (apt-get install strace)"
    tried = subprocess.run(
        [tracer, "-f", "-e", "trace=exit_group", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if tried.returncode != 0 or "exited with 0" not in tried.stderr:
        told = tried.stderr.strip().splitlines() or ["nothing"]
        return f"no disk can be made to fail: strace may not trace here ({told[0]})"
    return None


def from_the(number: int) -> list[str]:
    """Return the command under which a process finds every fsync from a number on failing."""
    traced = ["-o", os.devnull, "-e", _TRACED, "-e", f"{INJECTION}:when={number}+"]
    return ["strace", "-f", "--seccomp-bpf", "-qq", *traced]


@contextmanager
def failing(process: int) -> Iterator[None]:
    """Have every fsync of a running process fail while the block lasts."""
    command = ["strace", "-f", "-o", os.devnull, "-e", _TRACED, "-e", INJECTION, "-p", str(process)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        said = tracer.stderr.readline()
        assert "attached" in said, said
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate()
