"""A real helpdesk for tests: django-helpdesk, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.environments import place_of, python_of

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = place_of("helpdesk")
FOLDER: Final = ROOT / "tests" / "peers" / "helpdesk"
WANTED: Final = FOLDER / "requirements.txt"
MADE: Final = PLACE / "desk.sqlite3"
USER: Final = "parcours"
PASSWORD: Final = "canary-of-the-desk-5d1"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Give the address of a helpdesk made anew in a folder, and stop it."""
    python = python_of("helpdesk", WANTED, what="django-helpdesk")
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
