"""Codes taken by a step, an option, a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import Code

KEYS = {"declares": "declaration", "qualifies": "qualification", "acts": "action"}


def coded(data: Mapping[str, Any]) -> tuple[Code, ...]:
    """Return the codes of `declares`, `qualifies` and `acts`, as written."""
    found: list[Code] = []
    for key, axis in KEYS.items():
        given = data.get(key)
        if given is None:
            continue
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str):
                found.append(Code(axis, one))
            else:
                found.append(Code(axis, one["code"], one.get("principal", False)))
    return tuple(found)
