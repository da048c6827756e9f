"""A walk that was played, saved as a test of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authoring.testkit import record
from engine.commands import Command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from parcours.play.table import Table, Turn


def save(table: Table, path: Path) -> None:
    """Write a test that plays the same walk again and expects it to end the same way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.stem.replace("_", " ").replace("-", " ")
    turns = _with_results(table.turns)
    path.write_text(record(table.library, turns, name=name), encoding="utf-8")


def _with_results(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns with the results that came at once put to the turn that asked for them.

    A test's connectors answer within the move, so what it expects after a move is what was there
    once they had answered.
    """
    merged: list[Turn] = []
    for brought, events in turns:
        if merged and isinstance(brought, Command) and brought.type == "effect_result":
            asked, before = merged[-1]
            merged[-1] = (asked, [*before, *events])
        else:
            merged.append((brought, list(events)))
    return merged
