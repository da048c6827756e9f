"""What is wrong in a deployment file: where, why, and what to write instead, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Path = tuple[str, ...]
"""Where something stands: its table, the tables in it, its key."""

_HEADER: Final = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_KEY: Final = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*\S+?)*)\s*=""")
_PART: Final = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a deployment file.

    Attributes:
        code: stable and dotted, `deployment.missing-key`.
        path: the table and key it is about; empty for the file as a whole.
        message: what to do about it, `fr` and `en`.
        file: the file's name, as it was given.
        line: its line, counted from 1.
        column: its column, counted from 1.
    """

    code: str
    path: Path
    message: Mapping[str, str]
    file: str = "connectors.toml"
    line: int = 1
    column: int = 1

    def text(self, language: str) -> str:
        """Return it for a person: `connectors.toml:3:1: oms.base_url: https is expected …`."""
        about = f" {'.'.join(self.path)}:" if self.path else ""
        place = f"{self.file}:{self.line}:{self.column}:"
        return f"{place}{about} {self.message[language]} [{self.code}]"


class Misconfigured(Exception):
    """A deployment cannot be used as it is written; everything wrong, at once.

    Attributes:
        faults: in the order of the file.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda one: (one.line, one.column, one.path, one.code))
        super().__init__("; ".join(one.text("en") for one in self.faults))


class Places:
    """Where the tables and keys of a TOML file stand; of what stands inside a line, that line."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._found: dict[Path, tuple[int, int]] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.fullmatch(line)
            if header is not None:
                table = _parts(header[1])
                self._found.setdefault(table, (number, line.index("[") + 1))
                continue
            key = _KEY.match(line)
            if key is not None:
                column = len(line) - len(line.lstrip()) + 1
                self._found.setdefault((*table, *_parts(key[1])), (number, column))

    def of(self, path: Path) -> tuple[int, int]:
        """Return the line and column of a key, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._found:
                return self._found[path[:length]]
        return 1, 1

    def fault(self, code: str, path: Path, *, fr: str, en: str) -> Fault:
        """Return something wrong at a key of this file."""
        return Fault(code, path, {"fr": fr, "en": en}, self.file, *self.of(path))


def _parts(dotted: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))
