"""What every event has: when, by whom, and which of its fields are personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

Json = Any
"""A value in its JSON form: text, number, boolean, None, list or dict."""

Coded = tuple[str, str, bool]
"""One code taken on the path: (axis, code, whether it is the principal one)."""


@dataclass(slots=True)
class Event:
    """The base of all events."""

    at: int
    by: str

    KIND: ClassVar[str] = ""
    PAYLOAD: ClassVar[tuple[str, ...]] = ()
    MOVES: ClassVar[bool] = False
    """Whether position or resolutions change, which raises the walk version (the ETag)."""
