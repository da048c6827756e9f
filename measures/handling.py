"""Handling time and conversation time (DMT, DMC). Source: measures.md A2."""

from __future__ import annotations

from collections.abc import Sequence

from measures.figure import Figure
from measures.times import TALK, ContactTime

MS_PER_SECOND = 1000


def _mean(contacts: Sequence[ContactTime], *categories: str) -> float | None:
    handled = [contact for contact in contacts if not contact.abandoned]
    if not handled:
        return None
    return sum(contact.of(*categories) for contact in handled) / len(handled) / MS_PER_SECOND


def conversation_time(contacts: Sequence[ContactTime]) -> float | None:
    """Return the mean of talk and hold over handled contacts, in seconds."""
    return _mean(contacts, *TALK, "hold")


def handling_time(contacts: Sequence[ContactTime]) -> float | None:
    """Return the mean of talk, hold and after-call work over handled contacts, in seconds."""
    return _mean(contacts, *TALK, "hold", "after_call")


CONVERSATION_TIME = Figure(
    "conversation_time",
    {"fr": "Durée moyenne de conversation (DMC)", "en": "Conversation time (talk and hold)"},
    "s",
    "measures.md A2",
    conversation_time,
)
HANDLING_TIME = Figure(
    "handling_time",
    {"fr": "Durée moyenne de traitement (DMT)", "en": "Handling time (AHT)"},
    "s",
    "measures.md A2",
    handling_time,
)
