"""An event log as OCEL 2.0, in a SQLite file of its own.

Source: OCEL 2.0 specification (ocel-standard.org), 2023: section 5.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from measures.logs.log import EVENT, OBJECTS, Log, moment

_TABLES: Final = (
    "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL)",
    "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL)",
    "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL)",
    "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL)",
    "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)",
    "CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT)",
)


def to_sqlite(log: Log) -> bytes:
    """Return a log as the bytes of a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite"
        with closing(sqlite3.connect(path)) as file:
            for table in _TABLES:
                file.execute(table)
            _events(file, log)
            _objects(file, log)
            file.commit()
        return path.read_bytes()


def _events(file: sqlite3.Connection, log: Log) -> None:
    kinds = _mapped({one.kind for one in log.happenings})
    for kind, name in kinds.items():
        columns = ", ".join(f"{one} TEXT" for one in EVENT)
        file.execute(f"CREATE TABLE event_{name} (ocel_id TEXT, ocel_time TEXT, {columns})")
        rows = [
            (one.id, moment(one.begins), *(one.attributes[name] for name in EVENT))
            for one in log.happenings
            if one.kind == kind
        ]
        _insert(file, f"event_{name}", rows)
    _insert(file, "event_map_type", kinds.items())
    _insert(file, "event", ((one.id, one.kind) for one in log.happenings))
    related = ((one.id, *pair) for one in log.happenings for pair in one.related)
    _insert(file, "event_object", related)


def _objects(file: sqlite3.Connection, log: Log) -> None:
    for kind, names in OBJECTS.items():
        columns = "".join(f", {one} TEXT" for one in names)
        file.execute(
            f"CREATE TABLE object_{kind} "
            f"(ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT{columns})"
        )
        rows = [
            (one.id, moment(one.at), None, *(one.attributes[name] for name in names))
            for one in log.things.values()
            if one.kind == kind
        ]
        _insert(file, f"object_{kind}", rows)
    _insert(file, "object_map_type", ((kind, kind) for kind in OBJECTS))
    _insert(file, "object", ((one.id, one.kind) for one in log.things.values()))
    related = ((one.id, *pair) for one in log.things.values() for pair in one.related)
    _insert(file, "object_object", related)


def _mapped(kinds: Iterable[str]) -> dict[str, str]:
    """Return the name of each type's table: letters, digits and a number that tells them apart."""
    return {
        kind: f"{re.sub(r'[^A-Za-z0-9]', '', kind)}{place}"
        for place, kind in enumerate(sorted(kinds))
    }


def _insert(file: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        places = ", ".join("?" * len(row))
        file.execute(f"INSERT INTO {table} VALUES ({places})", tuple(row))  # noqa: S608 - our own names
