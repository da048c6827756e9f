"""What is left for somebody to look at in a customer file, and the report of its quality."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from parcours.stops import Stop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from parcours.records.record import Record

SCREEN = 40
"""Most rows that are told one by one: the result file has them all."""


def tell_left(file: Path, records: Sequence[Record], rows: Sequence[Mapping[str, Any]]) -> None:
    """Say on the error output, at its place, what could not be brought or read."""
    left = [
        (record, row)
        for record, row in zip(records, rows, strict=True)
        if row.get("code") is not None or row["did"] in {"conflict", "doubtful"}
    ]
    for record, row in left[:SCREEN]:
        why = row.get("message") or f"{row['candidate']} {row['score']} {' '.join(row['reasons'])}"
        column = f" {row['column']}:" if row.get("column") else ""
        code = row.get("code") or f"import.{row['did']}"
        print(f"{file}:{record.place(row.get('column'))}:{column} {why} [{code}]", file=sys.stderr)
    if len(left) > SCREEN:
        print(f"… + {len(left) - SCREEN}", file=sys.stderr)


def write_report(path: Path, data: dict[str, Any]) -> None:
    """Write the quality report.

    Raises:
        Stop: the file cannot be written.
    """
    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise Stop(
            fr=f"{path} : impossible à écrire ({error.strerror}).",
            en=f"{path}: cannot be written ({error.strerror}).",
        ) from error
