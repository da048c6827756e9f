"""Who reads a journey."""

from __future__ import annotations

from authoring.checks.survey import Subject


def readers(subject: Subject) -> tuple[str, ...]:
    """Return the audiences that read a journey.

    Its own, else the library's; a robot reads nothing.
    """
    audiences = subject.journey.audience or subject.library.audiences
    return tuple(audience for audience in audiences if audience != "robot")


def robots(subject: Subject) -> bool:
    """Return whether robots may walk a journey: those it names, or any where it names nobody."""
    return not subject.journey.audience or "robot" in subject.journey.audience
