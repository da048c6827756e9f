"""The actions of a journey."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.survey import Subject
from engine.steps.do import Do


def actions(subject: Subject) -> Iterator[tuple[int, Do]]:
    """Yield the actions of a journey with their numbers."""
    return ((place, step) for place, step in enumerate(subject.flow.steps) if isinstance(step, Do))
