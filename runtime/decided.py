"""What people decided about something that is no session: kept as its own stream of events."""

from __future__ import annotations

from typing import Any

from runtime.access import Actor
from runtime.json_text import to_text
from runtime.store import statements as s
from runtime.store.port import Store, Unit


async def note_decision(
    store: Store, unit: Unit, actor: Actor, *, about: tuple[str, str], what: str, at: int,
    **header: Any,
) -> None:  # fmt: skip
    """Add to a unit who decided what, and when.

    `about` is the stream and what in it, such as `("letter", "dlt_…")`; what follows `at` holds
    codes and ids, nothing that people said.
    """
    last = await store.read(s.LAST_OF_STREAM, actor.tenant, *about)
    number = last[0][0] + 1
    unit.add(s.NEW_EVENT, actor.tenant, *about, number, what, at, actor.by, to_text(header))
