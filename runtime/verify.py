"""Looks whether what is stored holds together: `parcours db verify`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from engine.evolve import evolve
from engine.snapshot import UnreadableSnapshot, dump, load
from engine.state import State
from runtime.json_text import canonical, from_text
from runtime.states import read_events, session_row
from runtime.store import statements as s
from runtime.store.port import Store, statement

PAGE: Final = 500
ALL_SESSIONS: Final = statement(
    "SELECT * FROM session WHERE tenant > $1 OR (tenant = $1 AND id > $2) "
    "ORDER BY tenant, id LIMIT $3"
)
EFFECTS_OF: Final = statement("SELECT id, state FROM effect WHERE tenant = $1 AND session = $2")
TIMERS_OF: Final = statement("SELECT wait, due FROM timer WHERE tenant = $1 AND session = $2")
ORPHANS: Final = statement(
    "SELECT DISTINCT e.tenant, e.stream_id FROM event e LEFT JOIN session s "
    "ON s.tenant = e.tenant AND s.id = e.stream_id "
    "WHERE e.stream = 'session' AND s.id IS NULL LIMIT 100"
)
OPEN_STATES: Final = ("ready", "held", "in_flight")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something stored that does not hold together. `code` is stable; `detail` is for people."""

    code: str
    tenant: str
    session: str
    detail: str


async def verify(store: Store) -> AsyncIterator[Fault]:
    """Yield every fault of every session, tenant by tenant.

    Looked at: events numbered 1, 2, 3 … without a gap, each readable; the session's row, its
    snapshot, its actions and its timer those of its events.
    """
    for tenant, session in await store.read(ORPHANS):
        yield Fault("verify.orphan-events", tenant, session, "events without a session")
    tenant, last = "", ""
    while rows := await store.read(ALL_SESSIONS, tenant, last, PAGE):
        for row in rows:
            session = session_row(row)
            tenant, last = session["tenant"], session["id"]
            for code, detail in await _faults(store, tenant, last, session["seq"]):
                yield Fault(code, tenant, last, detail)


async def _faults(store: Store, tenant: str, session: str, seq: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    snapshot = await store.read(s.SNAPSHOT, tenant, session)
    saved = snapshot[0][0] if snapshot else 0
    state = State()
    at_saved: bytes | None = None
    for expected, (number, event) in enumerate(await read_events(store, tenant, session), 1):
        if number != expected:
            found.append(("verify.gap", f"event {expected} is missing, {number} follows"))
            return found
        evolve(state, event)
        if number == saved:
            at_saved = canonical(dump(state))
    if state.seq != seq:
        found.append(("verify.row", f"the row says {seq} events, there are {state.seq}"))
    if snapshot:
        try:
            is_same = at_saved == canonical(dump(load(from_text(snapshot[0][1]))))
        except UnreadableSnapshot:
            is_same = True
        if not is_same:
            found.append(("verify.snapshot", f"the snapshot at {saved} is not its events'"))
    found.extend(await _outside(store, tenant, session, state))
    return found


async def _outside(store: Store, tenant: str, session: str, state: State) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    effects = {row[0]: row[1] for row in await store.read(EFFECTS_OF, tenant, session)}
    found.extend(
        ("verify.effect-lost", f"{effect} was requested and is not in the outbox")
        for effect in sorted(state.effects.keys() - effects.keys())
    )
    for effect, status in effects.items():
        known = state.effects.get(effect)
        if known is None:
            found.append(("verify.effect-unknown", f"{effect} is in the outbox, never requested"))
        elif known.status == "requested" and status not in OPEN_STATES:
            found.append(("verify.effect-state", f"{effect} is {status}, the session waits for it"))
    timers = {row[0]: row[1] for row in await store.read(TIMERS_OF, tenant, session)}
    wait = state.wait
    if wait is not None and wait.due is not None and timers.get(wait.id) != wait.due:
        found.append(("verify.timer-lost", f"{wait.id} is due at {wait.due} and has no timer"))
    return found
