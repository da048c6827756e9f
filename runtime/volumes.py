"""How many customers, orders, contracts … there were in a month: what contacts are divided by.

Another system knows it, and brings it; a month that is brought again is corrected. Source:
measures.md A18 (contact rate).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.decided import note_decision
from runtime.errors import WrongReference
from runtime.idempotency import Keep, keep_nothing
from runtime.store import volumes as s
from runtime.store.port import Store, Unit

STREAM: Final = "volume"
KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
MONTH: Final = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
AT_MOST: Final = 5_000
"""Volumes brought by one request."""
LARGEST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Volume:
    """How many there were of a kind (`customers`, `orders`) in a month (`2026-01`)."""

    kind: str
    month: str
    count: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """The volumes of all tenants; each call stays within one."""

    store: Store
    clock: Clock

    async def bring(
        self, actor: Actor, volumes: Sequence[Volume], *, keep: Keep = keep_nothing
    ) -> dict[str, Any]:
        """Keep volumes; of one that is there already the new count holds. All of them, or none.

        Raises:
            WrongReference: none are given or too many, or one is not in its form; `row` says which.
        """
        authorize(actor, "volume.bring")
        if not 1 <= len(volumes) <= AT_MOST:
            raise WrongReference(field="volumes", allowed=f"1..{AT_MOST}")
        now, unit = self.clock.now(), Unit()
        for row, one in enumerate(volumes, 1):
            _refuse_unfit(one, row)
            unit.add(s.KEEP_VOLUME, actor.tenant, one.kind, one.month, one.count, actor.by, now)
        given = {"kept": len({(one.kind, one.month) for one in volumes})}
        await note_decision(
            self.store, unit, actor, about=(STREAM, "all"), what="brought", at=now, **given
        )
        keep(unit, given)
        await self.store.commit(unit)
        return given

    async def all(self, actor: Actor) -> list[dict[str, Any]]:
        """Return the tenant's volumes, by kind and month."""
        authorize(actor, "volume.read")
        rows = await self.store.read(s.VOLUMES, actor.tenant)
        return [{"kind": kind, "month": month, "count": count} for kind, month, count in rows]

    async def known(self, tenant: str) -> Mapping[str, Mapping[str, int]]:
        """Return the counts of a tenant by month, by kind."""
        found: dict[str, dict[str, int]] = {}
        for kind, month, count in await self.store.read(s.VOLUMES, tenant):
            found.setdefault(kind, {})[month] = count
        return found


def _refuse_unfit(one: Volume, row: int) -> None:
    forms = (
        ("kind", KIND.fullmatch(one.kind), KIND.pattern),
        ("month", MONTH.fullmatch(one.month), "2026-01"),
        ("count", 0 <= one.count <= LARGEST, f"0..{LARGEST}"),
    )
    for field, is_fit, allowed in forms:
        if not is_fit:
            raise WrongReference(
                {"fr": f"Ligne {row} : « {field} » n'a pas la bonne forme.",
                 "en": f"Row {row}: `{field}` is not in its form."},
                field=field, row=row, allowed=allowed,
            )  # fmt: skip
