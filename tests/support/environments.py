"""Environments of their own for what tests speak to and the product never depends on."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]


def place_of(name: str) -> Path:
    """Return the folder of an environment in this checkout."""
    return ROOT / f".venv-{name}"


def python_of(name: str, wanted: Path, *, what: str) -> Path:
    """Return the Python of an environment with what a file of requirements lists.

    It is made when that was not done yet, or the file says something else since. Where its packages
    cannot be had, the test is skipped, saying so of `what`.
    """
    place, listed = place_of(name), wanted.read_text(encoding="utf-8")
    python, ready = place / "bin" / "python", place / ".ready"
    # Tests on every core come here at once.
    with place.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if ready.is_file() and ready.read_text(encoding="utf-8") == listed:
            return python
        uv, env = str(ROOT / ".ci" / "uv"), {**os.environ, "VIRTUAL_ENV": str(place)}
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place)],
            [uv, "pip", "install", "--quiet", "-r", str(wanted)],
        ):
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                said = done.stderr.strip().splitlines()[-1:]
                pytest.skip(f"no {what} here: its packages could not be installed {said}")
        ready.write_text(listed, encoding="utf-8")
    return python
