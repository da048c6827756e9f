"""What sessions promise, and what becomes of it, as rows that are listed over all sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from engine.events import Event, Promised, PromiseFollowed, PromiseMoved
from engine.recording import OWED
from engine.state import State
from runtime.json_text import from_text
from runtime.store import promises as s
from runtime.store.port import Row, Store, Unit

_NAMES: Final = (
    "session", "number", "at", "by", "team", "keeps", "due", "state", "state_at", "how",
    "said_by", "ticket", "customer", "journey", "status", "holder", "motive", "begins", "moves",
)  # fmt: skip


def note(unit: Unit, tenant: str, state: State, *, events: Iterable[tuple[int, Event]]) -> None:
    """Add to a turn what it promised, and what became of promises."""
    number = len(state.promises)
    numbered = list(events)
    number -= sum(isinstance(event, Promised) for _, event in numbered)
    for seq, event in numbered:
        if isinstance(event, Promised):
            number += 1
            unit.add(
                s.NEW_PROMISE, tenant, state.session, number, seq, event.at, event.by, event.team,
                event.keeps, event.due, "open", 1, event.at, None, None, None, event.begins, 0,
            )  # fmt: skip
        elif isinstance(event, PromiseMoved):
            unit.add(
                s.MOVE_PROMISE, tenant, state.session, event.promise, event.team, event.begins,
                event.due, event.at,
            )  # fmt: skip
        elif isinstance(event, PromiseFollowed):
            unit.add(
                s.FOLLOW_PROMISE, tenant, state.session, event.promise, event.state,
                int(event.state in OWED), event.at, event.how, event.by, seq,
            )  # fmt: skip


async def of_ticket(store: Store, tenant: str, ticket: str) -> list[dict[str, Any]]:
    """Return what was promised in a ticket, the first first, whatever became of it."""
    rows = await store.read(s.PROMISES_OF_TICKET, tenant, ticket)
    return [shown(row) for row in rows]


def shown(row: Row) -> dict[str, Any]:
    """Return a promise as lists show it, by its id: that of its session and its number there."""
    *columns, what, why = row
    named = dict(zip(_NAMES, columns, strict=True))
    return {
        "id": f"{named['session']}.{named['number']}",
        **named,
        "owed": named["state"] in OWED,
        # What somebody said who was erased since is not known any more.
        "what": None if what is None else from_text(what)["what"],
        "reason": None if why is None else from_text(why).get("reason"),
    }
