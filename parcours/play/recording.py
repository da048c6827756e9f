"""A walk that was played, saved as a test of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authoring.testkit import record

if TYPE_CHECKING:
    from pathlib import Path

    from parcours.play.table import Table


def save(table: Table, path: Path) -> None:
    """Write a test that plays the same walk again and expects it to end the same way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.stem.replace("_", " ").replace("-", " ")
    path.write_text(record(table.library, table.turns, name=name), encoding="utf-8")
