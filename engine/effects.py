"""What the events of a turn ask of the outside.

A view of them, so that nothing is requested without being recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.events import Event, Requested, Slept


def requests(events: Iterable[Event]) -> list[Requested]:
    """Return the actions to be carried out."""
    return [event for event in events if isinstance(event, Requested)]


def timers(events: Iterable[Event]) -> list[tuple[str, int]]:
    """Return (wait id, due in milliseconds UTC) of the timers to set.

    A timer whose wait is over is harmless: a wake-up that names another wait makes nothing happen.
    """
    return [(e.wait, e.due) for e in events if isinstance(e, Slept) and e.due is not None]
