"""Events to and from the two JSON objects they are stored as.

A header without personal data, and a payload.
"""

from __future__ import annotations

from dataclasses import MISSING, fields

from engine.events import EVENTS, Event, Json

ERASED = "ERASED"
"""What stands in place of a payload once its person has been erased; `evolve` accepts it."""

_HEADER: dict[type[Event], tuple[str, ...]] = {}
_TUPLES: dict[type[Event], tuple[str, ...]] = {}
_DEFAULTS: dict[type[Event], dict[str, Json]] = {}
_REQUIRED: dict[type[Event], frozenset[str]] = {}
for _kind in EVENTS.values():
    _names = tuple(f.name for f in fields(_kind) if f.name not in ("at", "by"))
    _HEADER[_kind] = tuple(name for name in _names if name not in _kind.PAYLOAD)
    _TUPLES[_kind] = tuple(f.name for f in fields(_kind) if str(f.type).startswith("tuple["))
    _REQUIRED[_kind] = frozenset(
        f.name for f in fields(_kind) if f.default is MISSING and f.default_factory is MISSING
    )
    _DEFAULTS[_kind] = {f.name: f.default for f in fields(_kind) if f.default is not MISSING}


def encode(event: Event) -> tuple[dict[str, Json], dict[str, Json] | None]:
    """Return the header and the payload of an event, without `at` and `by` (columns of their own).

    Fields at their default are left out. The payload is None when the event brings no personal
    value.
    """
    kind = type(event)
    defaults = _DEFAULTS[kind]
    header = {}
    for name in _HEADER[kind]:
        value = getattr(event, name)
        if name not in defaults or value != defaults[name]:
            header[name] = value
    payload = None
    for name in kind.PAYLOAD:
        value = getattr(event, name)
        if value is not None and (value != {} or name in _DEFAULTS[kind]):
            if payload is None:
                payload = {}
            payload[name] = value
    return header, payload


def decode(kind: str, *, at: int, by: str, header: dict[str, Json], payload: Json) -> Event:
    """Return the event stored under `kind`; an erased payload leaves its values empty.

    Raises:
        KeyError: no such kind of event (a newer release wrote it).
    """
    event_type = EVENTS[kind]
    values = dict(header)
    if isinstance(payload, dict):
        values.update(payload)
    for name in _TUPLES[event_type]:
        if name in values:
            items = values[name]
            values[name] = tuple(tuple(i) if isinstance(i, list) else i for i in items)
    for name in event_type.PAYLOAD:
        if name not in values and name in _REQUIRED[event_type]:
            values[name] = ERASED
    return event_type(at, by, **values)
