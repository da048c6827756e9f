"""One service per SQLite file: an exclusive lock beside it, which says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any, Final

from runtime.errors import DatabaseInUse, WrongSetting

NETWORKED: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre"}
)
"""File systems on which SQLite's locks and WAL cannot be trusted."""


def lock_path(database: Path) -> Path:
    """Return where the lock of a database stands."""
    return database.with_name(database.name + ".lock")


def holder(database: Path) -> dict[str, Any]:
    """Return who holds a database: {pid, address}; empty when nobody does or it does not say."""
    try:
        descriptor = os.open(lock_path(database), os.O_RDWR)
    except FileNotFoundError:
        return {}
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file.read())
        return {}


def _read(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of file system a path is on, from the text of the system's mount table."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = point == "/" or str(path) == point or str(path).startswith(point + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


class FileLock:
    """The lock of a database, held until released or until this process ends, however it ends."""

    def __init__(self, database: Path, *, address: str = "") -> None:
        """Take the lock.

        Raises:
            DatabaseInUse: another process has it.
            WrongSetting: the file would be on a network file system.
        """
        mounts = Path("/proc/mounts")
        if mounts.exists():
            kind = file_system(database.resolve(), mounts.read_text(encoding="utf-8"))
            if kind in NETWORKED:
                raise WrongSetting(
                    {
                        "fr": f"{database} est sur un système de fichiers réseau ({kind}) : "
                        "placez-le sur un disque local, ou prenez PostgreSQL.",
                        "en": f"{database} is on a network file system ({kind}): put it on a "
                        "local disk, or use PostgreSQL.",
                    },
                    setting="database",
                )
        path = lock_path(database)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = _read(self._file.read())
            self._file.close()
            raise DatabaseInUse(str(database), said) from None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), "address": address}))
        self._file.flush()

    def release(self) -> None:
        """Let it go. The file stays: removing it would let two processes hold two locks."""
        self._file.seek(0)
        self._file.truncate()
        self._file.close()
