"""The forms a log is written in, one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from measures.logs.log import Log
from measures.logs.ocel import to_json
from measures.logs.ocel_sqlite import to_sqlite
from measures.logs.xes import to_xes

FORMS: Final[dict[str, Callable[[Log], bytes]]] = {
    "ocel": to_json,
    "ocel-sqlite": to_sqlite,
    "xes": to_xes,
}
SUFFIXES: Final = {".json": "ocel", ".jsonocel": "ocel", ".sqlite": "ocel-sqlite", ".xes": "xes"}
"""Which form a file's name asks for."""
