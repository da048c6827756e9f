"""What is left for somebody to look at in a customer file, and the report of its quality."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from parcours.stops import writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from parcours.records.record import Record

SCREEN = 40
"""Most rows that are told one by one: the result file has them all."""


def tell_left(
    file: Path, records: Sequence[Record], rows: Sequence[Mapping[str, Any]], *,
    faults: Sequence[Sequence[tuple[str | None, str, str]]],
) -> None:  # fmt: skip
    """Say on the error output, at its place, what could not be brought or read."""
    left = [
        (record, row, wrong)
        for record, row, wrong in zip(records, rows, faults, strict=True)
        if wrong or row["did"] in {"conflict", "doubtful"}
    ]
    for record, row, wrong in left[:SCREEN]:
        for name, code, message in wrong or [(None, f"import.{row['did']}", _who(file, row))]:
            column = f" {name}:" if name else ""
            print(f"{file}:{record.place(name)}:{column} {message} [{code}]", file=sys.stderr)
    if len(left) > SCREEN:
        print(f"… + {len(left) - SCREEN}", file=sys.stderr)


def _who(file: Path, row: Mapping[str, Any]) -> str:
    """Return who a row may be: a customer with its score and reasons, else a line of the file."""
    if row.get("candidate") is None:
        return f"→ {file.name}:{row['of_line']}"
    return f"{row['candidate']} {row['score']} {' '.join(row['reasons'])}"


def write_report(path: Path, data: dict[str, Any]) -> None:
    """Write the quality report.

    Raises:
        Stop: the file cannot be written.
    """
    with writing(path):
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
