"""Durations and targets as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.desk import Desk
from authoring.sources import Path
from engine.expressions import parse_duration

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
