"""What written journeys are made of: operations, codes, values, types and wordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OPERATION = {"status": "choice", "amount": "money", "day": "date", "lines": "list"}
ROLES = ("supervisor", "advisor")
CODES = (
    {"declares": "d.a"},
    {"declares": "d.b"},
    {"qualifies": "q.a"},
    {"qualifies": {"code": "q.b", "principal": True}},
    {"acts": ["x.a"]},
    {"acts": "x.b"},
)
CONSTANTS = {
    "choice": ['"held"', '"sent"', '"a"', '"b"'],
    "text": ['"a"', '"abc"'],
    "money": ["10 EUR", "0 EUR"],
    "number": ["3", "0", "12"],
    "date": ["today", 'date("2026-09-20")'],
    "yes_no": ["true", "false"],
}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "max_length": 40},
    "number": {"type": "number", "min": 0, "max": 20, "integer": True},
    "money": {"type": "money", "currency": "EUR"},
    "date": {"type": "date"},
    "yes_no": {"type": "yes_no"},
    "time": {"type": "time"},
    "period": {"type": "period"},
    "email": {"type": "email"},
    "rating": {"type": "rating", "min": 1, "max": 5},
    "consent": {"type": "consent", "text": {"fr": "D'accord ?", "en": "Agreed?"}},
    "group": {"type": "group", "fields": {"item": {"type": "text"}}, "max": 3},
}
SHOWN = ("text", "number", "money", "date", "choice", "yes_no", "time", "email", "rating")


def told(text: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"fr": f"{text} (fr)", "en": text}


def whole(saves: dict[str, str]) -> list[str]:
    """Return all that a person can fill in of what an action saves."""
    fills = []
    for name, source in saves.items():
        fills += [f"{name}.{part}" for part in OPERATION] if source == "result" else [name]
    return fills


@dataclass
class Written:
    """A journey as written, and the names and types of the values it may give."""

    data: dict[str, Any]
    gives: dict[str, str]
