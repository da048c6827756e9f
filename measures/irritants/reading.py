"""Irritants as they are shown: in a list, with their figures, in a report."""

from __future__ import annotations

from typing import Any, Final

from measures.desk import Desk
from measures.irritants.effect import cost_of, effect_of
from measures.irritants.entry import entry_of
from runtime.access import Actor, authorize
from runtime.json_text import from_text
from runtime.store import irritants as s
from runtime.store.port import Row

IN_REPORT: Final = 20
"""Irritants that a report shows."""


def shown(row: Row, now: int) -> dict[str, Any]:
    """Return an irritant of the store as it is shown at a moment, in milliseconds UTC."""
    _, named, version, status, content, due, _, by, created, updated = row
    told = entry_of(from_text(content)).told()
    told["with"] = told.pop("settings")
    del told["is_closed"]
    return {
        "id": named, "version": version, "status": status, **told,
        "is_overdue": due is not None and due <= now, "created_by": by, "created_at": created,
        "updated_at": updated,
    }  # fmt: skip


async def with_figures(
    desk: Desk, actor: Actor, row: Row, *, since: str | None, until: str | None
) -> dict[str, Any]:
    """Return an irritant with what it costs in a period, and what changed once it was done.

    Raises:
        WrongQuestion: a period that is none.
    """
    entry = entry_of(from_text(row[4]))
    cost = await cost_of(desk, actor, entry, since=since, until=until)
    return {
        **shown(row, desk.clock.now()), "cost": cost, "effect": await effect_of(desk, actor, entry)
    }  # fmt: skip


async def for_report(
    desk: Desk, actor: Actor, *, since: str | None, until: str | None
) -> list[dict[str, Any]]:
    """Return the irritants that are not closed with their figures, what takes longest first.

    Raises:
        WrongQuestion: a period that is none.
    """
    authorize(actor, "irritant.read")
    rows = [row for row in await desk.store.read(s.IRRITANTS, actor.tenant) if row[3] != "closed"]
    found = [
        await with_figures(desk, actor, row, since=since, until=until) for row in rows[-IN_REPORT:]
    ]
    return sorted(found, key=lambda one: -(one["cost"]["minutes"] or 0))
