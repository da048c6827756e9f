"""A value stream as rows: for CSV, Parquet and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from measures.streams.table import OF_WHOLE

_SHARES: Final = ("share_of_time", "share_of_delay")
_PLAIN: Final = ("walks", "visits", "waste", *_SHARES)
_UNITS: Final = {"efficiency": "share", "waste": "ratio", **dict.fromkeys(_SHARES, "share"),
                 "walks": "count", "visits": "count"}  # fmt: skip


def unit_of(name: str) -> str:
    """Return the unit of one of a line's figures."""
    return _UNITS.get(name, "s")


def rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a value stream as rows with the same columns: each step, and the whole last.

    Times are seconds; what is of before begins with `before_`, what is between with `difference_`.
    """
    made = [_row(found, one) for one in found["steps"]]
    made.append(_row(found, {"journey": None, "step": None, "is_sub": False, **found["total"]}))
    columns = list(dict.fromkeys(name for row in made for name in row))
    return [{name: row.get(name) for name in columns} for row in made]


def _row(found: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    row = {
        "of": found["journey"], "revision": found["revision"], **found["period"],
        "journey": line["journey"], "step": line["step"], "is_sub": line["is_sub"],
        "is_total": line["step"] is None, **_flat(line["now"], ""),
    }  # fmt: skip
    row |= {"marks": " ".join(line["now"]["marks"]), "reason": line["now"]["reason"]}
    if line["before"] is not None:
        row |= {**_flat(line["before"], "before_"), "before_reason": line["before"]["reason"]}
        row |= _flat(line["difference"], "difference_")
    return row


def _flat(figures: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return figures as columns: `spent_s`, `spent_low_s` … and `walks`."""
    made: dict[str, Any] = {}
    for name in (*_PLAIN, *OF_WHOLE):
        if name not in figures:
            continue
        end = "_s" if unit_of(name) == "s" else ""
        one = figures[name]
        if name in _PLAIN:
            made[f"{prefix}{name}"] = one
            continue
        made[f"{prefix}{name}{end}"] = one and one["value"]
        for part in ("low", "high", "median", "p90"):
            if one is not None and part in one:
                made[f"{prefix}{name}_{part}{end}"] = one[part]
    return made
