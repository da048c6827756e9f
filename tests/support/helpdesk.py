"""A real helpdesk for tests: django-helpdesk, in an environment of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = ROOT / ".venv-helpdesk"
FOLDER: Final = ROOT / "tests" / "peers" / "helpdesk"
WANTED: Final = FOLDER / "requirements.txt"
MADE: Final = PLACE / "desk.sqlite3"
USER: Final = "parcours"
PASSWORD: Final = "canary-of-the-desk-5d1"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Give the address of a helpdesk made anew in a folder, and stop it."""
    python = _installed()
    if MADE.is_file():
        shutil.copy(MADE, folder / MADE.name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "helpdesk.log"
    with log.open("wb") as said:
        child = subprocess.Popen(
            [str(python), str(FOLDER / "desk.py"), str(folder), str(port)],
            cwd=folder, stdout=subprocess.PIPE, stderr=said, text=True,
            env={"PATH": os.environ.get("PATH", ""), "HELPDESK_PASSWORD": PASSWORD},
        )  # fmt: skip
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n", log.read_text(errors="replace")[-2000:]
        if not MADE.is_file():
            # Its fifty migrations cost more than all the tests: done once for each checkout.
            part = MADE.with_suffix(f".{os.getpid()}")
            shutil.copy(folder / MADE.name, part)
            part.replace(MADE)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _installed() -> Path:
    """Return its Python, with exactly what is listed; installed when that was not done yet."""
    with PLACE.with_suffix(".lock").open("wb") as lock:
        # Tests on every core come here at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _made()


def _made() -> Path:
    python, ready = PLACE / "bin" / "python", PLACE / ".ready"
    if ready.is_file() and ready.stat().st_mtime >= WANTED.stat().st_mtime:
        return python
    uv, env = str(ROOT / ".ci" / "uv"), {**os.environ, "VIRTUAL_ENV": str(PLACE)}
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE)],
        [uv, "pip", "install", "--quiet", "-r", str(WANTED)],
    ):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = done.stderr.strip().splitlines()[-1:]
            pytest.skip(f"no django-helpdesk here: its packages could not be installed {said}")
    ready.touch()
    return python
