"""What sleeping sessions wait for, so that it is found by what another system says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from engine.events import Event, Slept
from engine.state import State, Wait
from runtime.json_text import canonical
from runtime.store import arrivals as s
from runtime.store.port import Unit


def key_of(event: str, match: Mapping[str, Any] | None) -> str | None:
    """Return what an event and its match are found by; None where a value is missing.

    It tells nothing of the values. `1042` and `"1042"` are the same: systems differ in that.
    """
    plain = {name: _plain(value) for name, value in (match or {}).items()}
    if None in plain.values():
        return None
    return hashlib.sha256(canonical([event, plain])).hexdigest()


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return canonical(value).decode()


def note_wait(
    unit: Unit, tenant: str, state: State, *, was: Wait | None, events: Iterable[Event]
) -> None:
    """Add to a turn that its session begins to wait for an event, or no longer does."""
    if was is not None and was.what == "event":
        unit.add(s.END_AWAITING, tenant, state.session)
    wait = state.wait
    if wait is None or wait.what != "event" or wait.name is None:
        return
    for event in events:
        if isinstance(event, Slept) and event.wait == wait.id:
            key = key_of(wait.name, event.match)
            if key is not None:
                unit.add(
                    s.AWAIT, tenant, state.session, wait.id, wait.name, key, event.at, 0
                )  # fmt: skip
