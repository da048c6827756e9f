"""What a batch has done so far, on disk line by line: a run that was killed goes on from it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self, TextIO

from parcours.robot.walking import FINAL
from parcours.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Mapping


class Journal:
    """The journal beside a result file: which cases have begun, and what became of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sessions: dict[str, str] = {}
        self.results: dict[str, dict[str, Any]] = {}
        self._lock = Lock()
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        """Read what was done before, and keep it open for what is done now.

        Raises:
            Stop: it cannot be written, or another run has it.
        """
        import fcntl

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(
                fr=f"{self.path} : un autre lot l'écrit en ce moment.",
                en=f"{self.path}: another batch is writing it now.",
            ) from error
        except OSError as error:
            raise Stop(
                fr=f"{self.path} : impossible à écrire ({error.strerror}).",
                en=f"{self.path}: cannot be written ({error.strerror}).",
            ) from error
        self._file.seek(0)
        content = self._file.read()
        for line in content.split("\n"):
            self._take(line)
        if content and not content.endswith("\n"):
            # Cut short by whatever ended the run before: what it said is asked for again.
            self._file.write("\n")
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; nothing is waited for."""
        if self._file is not None:
            self._file.close()

    def _take(self, line: str) -> None:
        try:
            said = json.loads(line)
            key = said["key"]
        except (ValueError, KeyError, TypeError):
            return
        if "session" in said:
            self.sessions[key] = said["session"]
        if "result" in said:
            self.results[key] = said["result"]

    def is_over(self, key: str) -> bool:
        """Return whether nothing is left to do for a case."""
        return self.results.get(key, {}).get("state") in FINAL

    def begun(self, key: str, session: str) -> None:
        """Note the session of a case."""
        self._write({"key": key, "session": session})
        self.sessions[key] = session

    def ended(self, key: str, result: Mapping[str, Any]) -> None:
        """Note what became of a case."""
        self._write({"key": key, "result": dict(result)})
        self.results[key] = dict(result)

    def _write(self, said: Mapping[str, Any]) -> None:
        assert self._file is not None
        with self._lock:
            self._file.write(json.dumps(said, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
