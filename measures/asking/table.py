"""An answer as rows: for CSV, Parquet and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

_VALUES: Final = ("value", "low", "high", "n", "clusters", "reason")


def rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return an answer's groups, and its total last, as flat rows with the same columns."""
    found = [_row(answer, group, group["key"]) for group in answer["groups"]]
    total = _row(answer, answer["total"], dict.fromkeys(answer["by"]))
    total["is_total"] = True
    found.append(total)
    columns = list(dict.fromkeys(name for row in found for name in row))
    return [{name: row.get(name) for name in columns} for row in found]


def _row(
    answer: Mapping[str, Any], group: Mapping[str, Any], key: Mapping[str, Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "measure": answer["slug"],
        "unit": answer["unit"],
        "from": answer["period"]["from"],
        "to": answer["period"]["to"],
        **{f"by_{name.replace(':', '_')}": value for name, value in key.items()},
        "is_total": False,
        **{name: group[name] for name in _VALUES},
        "marks": " ".join(group["marks"]),
        **group["also"],
    }
    if "before" in group:
        row["before"] = group["before"]["value"]
        row["difference"] = group["difference"]
    return row


def to_csv(found: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV; a text that a spreadsheet would take for a formula is made harmless."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(found[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in found)
    return out.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
