"""Files that others read: there whole, or not at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path


def stamp(moment: int) -> str:
    """Return a moment, in milliseconds UTC, as the names of files hold it: 20260105T063000Z."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def put(path: Path, content: bytes) -> None:
    """Write a file under its name once it is whole and on disk; its folder is made.

    Raises:
        OSError: it cannot be written; what had that name stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
