"""Turns as a store sees them, for its tests."""

from runtime.store import statements as s
from runtime.store.port import Store, Unit


def begun(session: str, *, tenant: str = "acme", key: str | None = None) -> Unit:
    """Return a session's first turn: one event with a payload."""
    unit = Unit()
    if key is not None:
        unit.add(
            s.TAKE_KEY, tenant, "advisor:ana", key, "print", "done", session, 1, "{}", 1_000, 2_000
        )
    unit.add(
        s.NEW_SESSION, tenant, session, "rev", "parcel", 1, 1, "active", None, "ask", None, None,
        None, "phone", "advisor", "fr", "advisor:ana", 1_000, 1_000,
        None, None, "advisor:ana",
    )  # fmt: skip
    unit.add(s.NEW_EVENT, tenant, "session", session, 1, "started", 1_000, "advisor:ana", "{}")
    unit.add(s.NEW_PAYLOAD, tenant, "session", session, 1, '{"words":"où est mon colis ?"}')
    return unit


def moved(
    session: str, *, expected: int, tenant: str = "acme", key: str | None = None, events: int = 1
) -> Unit:
    """Return a further turn of so many events, decided on what stood at `expected`."""
    unit = Unit()
    to = expected + events
    unit.add(
        s.MOVE_SESSION, tenant, session, expected, to, to, "active", None, "next", None, None,
        "phone", "advisor", "fr", 2_000, None, None, None,
    )  # fmt: skip
    for seq in range(expected + 1, to + 1):
        unit.add(s.NEW_EVENT, tenant, "session", session, seq, "left", 2_000, "advisor:ana", "{}")
    if key is not None:
        unit.add(
            s.TAKE_KEY, tenant, "advisor:ana", key, "print", "done", session, to, "{}", 1_000, 2_000
        )
    return unit


async def numbers(store: Store, session: str, *, tenant: str = "acme") -> list[int]:
    """Return the numbers of a session's events."""
    return [row[0] for row in await store.read(s.EVENTS, tenant, "session", session, 0, 1_000)]
