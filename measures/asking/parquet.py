"""An answer's rows as a Parquet file, for those who read figures with other tools."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from measures.facts.tail import insert
from measures.sql import quoted

_TEXTS: Final = frozenset(
    {"measure", "unit", "from", "to", "of", "revision", "journey", "step", "marks"}
)


def to_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as a Parquet file: texts, yes-or-no columns, and numbers."""
    import duckdb

    kinds = {name: _kind(name) for name in rows[0]}
    columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        connection.execute(f"CREATE TABLE answer ({columns})")
        insert(connection, "answer", json.loads(json.dumps(rows)), kinds=kinds)
        made = Path(folder) / "answer.parquet"
        connection.execute(f"COPY answer TO {quoted(str(made))} (FORMAT parquet)")
        return made.read_bytes()


def _kind(name: str) -> str:
    if name in _TEXTS or name.startswith("by_") or name.endswith("reason"):
        return "VARCHAR"
    return "BOOLEAN" if name.startswith("is_") else "DOUBLE"
