"""A file of the deployment that holds one table for each thing of a kind, read whole.

What is wrong in one table keeps no other from being read: everything is told at once, each at its
line. `teams.toml`, `robots.toml` and `exports.toml` are such files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from connectors.deployment import read_tables
from connectors.faults import Fault, Misconfigured
from connectors.fields import Fields
from connectors.reading import Source
from connectors.secret import Secrets

T = TypeVar("T")
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A table's name, unless its kind takes others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """What the tables of a file are.

    Attributes:
        fr: for each what there is a table, and what its name is.
        en: the same in English.
        read: makes one of a table, by its name; what is wrong is remembered in the reading.
        name: what a table may be called.
    """

    fr: str
    en: str
    read: Callable[[str, Fields], T]
    name: re.Pattern[str] = NAME


def read_named(
    path: Path, kind: Kind[T], *, secrets: Secrets | None = None
) -> tuple[list[T], Source]:
    """Return what the tables of a file make, in its order, and what they were read from.

    Raises:
        Misconfigured: everything wrong in the file, at once.
    """
    content, places = read_tables(path)
    source = Source(places, path.parent, secrets or Secrets({}))
    faults: list[Fault] = []
    found = []
    for name, table in content.items():
        try:
            found.append(_made(kind, name, table, source=source))
        except Misconfigured as wrong:
            faults += wrong.faults
    if faults:
        raise Misconfigured(faults)
    return found, source


def _made(kind: Kind[T], name: str, table: Any, *, source: Source) -> T:
    is_named = isinstance(table, dict) and kind.name.fullmatch(name) is not None
    read = Fields(table if is_named else {}, (name,), source)
    if not is_named:
        read.refuse(
            None, "deployment.wrong-table",
            fr=f"attendu : une table [nom] par {kind.fr}.",
            en=f"expected: one table [name] for each {kind.en}.",
        )  # fmt: skip
        read.done()
    made = kind.read(name, read)
    read.done()
    return made
