"""What people say of journeys to their authors: nothing offered fits, or something is wrong.

A remark stands beside its session's events, which hold its words: who is erased is erased there.
It says in which role it was made and never by whom. Source: experience.md 1 (none of these).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from engine.events import Event, Flagged, Left
from engine.model import Library
from engine.state import State
from runtime.access import Actor, authorize
from runtime.json_text import from_text
from runtime.store import remarks as r
from runtime.store.port import Store, Unit

NONE: Final = "none_of_these"
FLAG: Final = "flag"
Place = tuple[int, str, int]
"""Where a list goes on: moment, session and number of the last remark shown."""
FIRST: Final[Place] = (9_007_199_254_740_991, "~", 0)
_NAMES: Final = (
    "session", "seq", "what", "at", "role", "library", "revision", "journey", "step", "category",
    "audience", "channel", "language",
)  # fmt: skip


def note(
    unit: Unit, tenant: str, state: State, *, library: Library,
    events: Iterable[tuple[int, Event]],
) -> None:  # fmt: skip
    """Add to a turn what its events say to the author."""
    category: str | None
    for seq, event in events:
        if isinstance(event, Flagged):
            what, category = FLAG, event.category
        elif isinstance(event, Left) and event.how == "none":
            what, category = NONE, (event.source or {}).get("category")
        else:
            continue
        journey, step = _of_visit(state, event.visit)
        unit.add(
            r.NEW_REMARK, tenant, state.session, seq, what, event.at, event.by.partition(":")[0],
            library.name, state.revision, journey, step, category, state.audience, state.channel,
            state.language,
        )  # fmt: skip


def _of_visit(state: State, visit: int | None) -> tuple[str, str | None]:
    """Return the journey and step that a remark is about; no step where it names no visit."""
    found = next((one for one in state.path if one.id == visit), None)
    if found is None or found.run not in state.runs:
        return state.journey, None
    return state.runs[found.run].journey, found.step


@dataclass(frozen=True, slots=True)
class Remarks:
    """The remarks of all tenants; each call stays within one."""

    store: Store

    async def newest(
        self, actor: Actor, *, journey: str | None = None, what: str | None = None,
        after: Place = FIRST, limit: int = 50,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Return remarks, newest first: `text` is None where none was given or it was erased.

        Args:
            actor: an author, a supervisor or an administrator.
            journey: of that journey alone; a step's own journey counts.
            what: `none_of_these` or `flag` alone.
            after: the last one of the page before.
            limit: most of them.
        """
        authorize(actor, "remark.read")
        rows = await self.store.read(
            r.REMARKS, actor.tenant, journey or "", what or "", *after, limit
        )
        return [_shown(row) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    *columns, payload = row
    said = {} if payload is None else from_text(payload)
    named = dict(zip(_NAMES, columns, strict=True))
    return {**named, "text": said.get("text" if named["what"] == FLAG else "reason")}
