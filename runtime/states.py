"""Where sessions stand, kept warm: read once, then carried from commit to commit.

The cache is bounded, and the compare-and-swap keeps it honest with any number of processes.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from engine.codec import decode
from engine.events import Event
from engine.evolve import evolve
from engine.snapshot import UnreadableSnapshot, load
from engine.state import State
from runtime.clock import Clock
from runtime.errors import NotFound
from runtime.json_text import from_text
from runtime.store import statements as s
from runtime.store.port import Row, Store
from runtime.store.tables import SESSION

KEPT: Final = 10_000
"""Most sessions kept warm."""
PAGE: Final = 1_000
_COLUMNS: Final = tuple(column.name for column in SESSION.columns)
STREAM: Final = "session"


@dataclass(slots=True)
class Warm:
    """A session as last committed: its state, what its row says beside, what its snapshot holds."""

    state: State
    owner: str
    saved: int
    """The number of the last event in the stored snapshot."""
    at: int
    """When it last changed: no event of it may be earlier."""
    drift: int
    """The clock's jumps then."""
    customer: str | None
    """Whose it is: who it was begun with, or who was identified since."""


def session_row(row: Row) -> dict[str, Any]:
    """Return a session's columns by name."""
    return dict(zip(_COLUMNS, row, strict=True))


def event_of(row: Row) -> Event:
    """Return the event a stored row holds: seq, kind, at, actor, header, payload."""
    _, kind, at, by, header, payload = row
    return decode(
        kind,
        at=at,
        by=by,
        header=from_text(header),
        payload=from_text(payload) if payload else None,
    )


async def read_events(
    store: Store, tenant: str, session: str, *, after: int = 0, limit: int | None = None
) -> list[tuple[int, Event]]:
    """Return a session's events after a number, in order, as (number, event)."""
    found: list[tuple[int, Event]] = []
    while limit is None or len(found) < limit:
        wanted = PAGE if limit is None else min(PAGE, limit - len(found))
        rows = await store.read(s.EVENTS, tenant, STREAM, session, after, wanted)
        found.extend((row[0], event_of(row)) for row in rows)
        if len(rows) < wanted:
            break
        after = rows[-1][0]
    return found


async def read_state(store: Store, tenant: str, session: str) -> tuple[State, int]:
    """Return a session's state, from its snapshot and what came after, and the snapshot's seq."""
    rows = await store.read(s.SNAPSHOT, tenant, session)
    state, saved = State(), 0
    if rows:
        # Written in another release's form, it is as good as none.
        with contextlib.suppress(UnreadableSnapshot):
            state, saved = load(from_text(rows[0][1])), rows[0][0]
    for _, event in await read_events(store, tenant, session, after=saved):
        evolve(state, event)
    return state, saved


class States:
    """The warm states of this process."""

    def __init__(self, store: Store, clock: Clock, *, kept: int = KEPT) -> None:
        self._store = store
        self._clock = clock
        self._kept = kept
        self._warm: OrderedDict[tuple[str, str], Warm] = OrderedDict()

    async def get(self, tenant: str, session: str) -> Warm:
        """Return a session as committed.

        Raises:
            NotFound: the tenant has no such session.
        """
        warm = self._warm.get((tenant, session))
        if warm is not None:
            self._warm.move_to_end((tenant, session))
            return warm
        rows = await self._store.read(s.SESSION_ROW, tenant, session)
        if not rows:
            raise NotFound(session=session)
        state, saved = await read_state(self._store, tenant, session)
        row = session_row(rows[0])
        warm = Warm(
            state, row["actor"], saved, row["updated_at"], self._clock.drift(), row["customer"]
        )  # fmt: skip
        self.put(tenant, warm)
        return warm

    async def fresh(self, tenant: str, session: str) -> Warm:
        """Return a session as the database has it, another process's turns included."""
        warm = self._warm.get((tenant, session))
        if warm is not None:
            rows = await self._store.read(s.SESSION_ROW, tenant, session)
            if not rows or session_row(rows[0])["seq"] != warm.state.seq:
                self.forget(tenant, session)
        return await self.get(tenant, session)

    def put(self, tenant: str, warm: Warm) -> None:
        """Keep a session as just committed; an older one never replaces a newer one."""
        key = (tenant, warm.state.session)
        known = self._warm.get(key)
        if known is not None and known.state.seq > warm.state.seq:
            return
        self._warm[key] = warm
        self._warm.move_to_end(key)
        if len(self._warm) > self._kept:
            self._warm.popitem(last=False)

    def forget(self, tenant: str, session: str) -> None:
        """Let a session's warm state go."""
        self._warm.pop((tenant, session), None)
