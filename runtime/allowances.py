"""Caps and paces counted in the database, by its clock: one count for every process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from connectors.allowances import DAY_S, NotCounted
from runtime.errors import Failure
from runtime.store import allowances as s
from runtime.store.port import Store

DAY: Final = DAY_S * 1_000
KEPT: Final = 2 * DAY
"""Milliseconds a count is kept: no rule looks further back than a day."""


@dataclass(slots=True)
class StoredAllowances:
    """What connectors may still do, as the database counts it; see `connectors.allowances`."""

    store: Store

    async def take(self, name: str, *, most: int) -> bool:
        """Count one call of a name today, in UTC; False, and nothing counted, after `most`.

        Raises:
            NotCounted: the database does not answer.
        """
        try:
            return bool(await self.store.change(s.TAKE_ALLOWANCE, name, most, DAY))
        except Failure as failure:
            raise NotCounted from failure

    async def pace(self, name: str, holder: str, *, mark: str, every_ms: int) -> int:
        """Note that a holder does something now; or return how long it must wait first, in ms.

        Raises:
            NotCounted: the database does not answer.
        """
        try:
            if await self.store.change(s.KEEP_PACE, name, holder, mark, every_ms):
                return 0
            rows = await self.store.read(s.PACE_LEFT, name, holder, every_ms)
        except Failure as failure:
            raise NotCounted from failure
        # Whatever a clock that was set back says, nobody waits longer than the pace itself.
        return min(max(int(rows[0][0]), 1), every_ms) if rows else 1

    async def purge(self) -> None:
        """Forget what no rule looks at any more."""
        await self.store.change(s.FORGET_ALLOWANCES, KEPT)
