"""Durations and targets as they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from authoring.building.desk import Desk
from authoring.sources import Path
from engine.expressions import parse_duration
from engine.parts import DAY_MS

MS = 1000
HINT = "Write it as 30s, 2m, 4h, 3 days or 2 weeks."


def milliseconds(desk: Desk, data: Any, path: Path) -> int | None:
    """Return a duration in milliseconds; None when it is left out, or reported."""
    if data is None:
        return None
    seconds = parse_duration(str(data))
    if seconds is None:
        desk.report("form.duration", path, f"`{data}` is not a duration.", hint=HINT)
        return None
    return seconds * MS


_MONTHS: Final = re.compile(r"\s*([0-9]{1,3})\s*(month|months|year|years)\s*")


def retention(desk: Desk, data: Mapping[str, Any], path: Path) -> dict[str, int]:
    """Return how long things are kept, in milliseconds; here a year has 365 days, in 12 months."""
    found: dict[str, int] = {}
    for key, value in data.items():
        months = _MONTHS.fullmatch(str(value))
        if months is not None:
            count = int(months[1]) * (12 if months[2].startswith("year") else 1)
            found[key] = round(count * 365 / 12) * DAY_MS
            continue
        span = milliseconds(desk, value, (*path, key))
        if span is not None:
            found[key] = span
    return found


def targets(desk: Desk, data: Mapping[str, Any], path: Path) -> dict[str, float]:
    """Return target figures: durations in milliseconds, shares as they are."""
    found: dict[str, float] = {}
    for key, value in data.items():
        if isinstance(value, int | float):
            found[key] = value
        else:
            span = milliseconds(desk, value, (*path, key))
            if span is not None:
                found[key] = span
    return found
