"""One record of a file: its values by column, where they stand, and what keeps it from being read.

A value is found by a dotted name too, `contact.email`, where records hold others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parcours.stops import Stop

LARGEST = 512 * 1024 * 1024
LONGEST = 200_000
"""Bytes of a file, and characters of one record."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a stable code, and what to do in both languages."""

    code: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One row, line or element: `line` counts from 1, `columns` says which column a name is."""

    line: int
    values: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    wrong: Fault | None = None

    def get(self, name: str) -> Any:
        """Return a value, None where there is none or it is empty."""
        if name in self.values:
            found = self.values[name]
        else:
            found = self.values
            for part in name.split("."):
                found = found.get(part) if isinstance(found, Mapping) else None
        return None if isinstance(found, str) and not found.strip() else found

    def place(self, name: str | None = None) -> str:
        """Return where a value stands, to follow the file's name: `12:3`, or `12`."""
        at = None if name is None else self.columns.get(name)
        return str(self.line) if at is None else f"{self.line}:{at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is to be read, where its name does not say it."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None
    records: str | None = None
    """Where the list of records stands in a JSON document: `data.customers`."""


def fault(code: str, fr: str, en: str) -> Fault:
    """Return a fault of that code, said in both languages."""
    return Fault(code, {"fr": fr, "en": en})


def too_long(line: int) -> Record:
    """Return the record of a line that holds too much."""
    said = fault("file.too-long", f"Plus de {LONGEST} caractères.", f"Above {LONGEST} characters.")
    return Record(line, wrong=said)


def refused(path: object, place: str, *, fr: str, en: str) -> Stop:
    """Return the refusal of a whole file, at a place in it."""
    return Stop(fr=f"{path}{place} : {fr}", en=f"{path}{place}: {en}")
