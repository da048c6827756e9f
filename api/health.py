"""Whether the service can take work: it writes, it has room, and it is not being stopped.

Source: promises.md 2.8. The schema's version is verified when the store is opened.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import TYPE_CHECKING, Literal

from api.schemas import Health
from runtime.errors import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.wiring import Service

FRESH_S = 1.0
"""How old the last write probe may be."""
LEAST_SHARE = 0.05
LEAST_BYTES = 200 * 1024 * 1024

State = Literal["ok", "unavailable"]


class Readiness:
    """Asks the database at most once a second, however often it is asked itself."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._probed_at = -FRESH_S
        self._last = "ok"
        self._probing = asyncio.Lock()

    async def look(self, service: Service, *, is_closing: bool) -> Health:
        """Return what was looked at, each `ok` or a problem's code."""
        checks = {"database": await self._database(service)}
        if self._folder is not None:
            checks["disk"] = "ok" if _has_room(self._folder) else "storage.full"
        if is_closing:
            checks["service"] = "service.busy"
        well = all(state == "ok" for state in checks.values())
        return Health("ok" if well else "unavailable", checks)

    async def _database(self, service: Service) -> str:
        async with self._probing:
            if time.monotonic() - self._probed_at >= FRESH_S:
                try:
                    await service.store.probe(service.clock.now())
                except Failure as failure:
                    self._last = failure.code
                else:
                    self._last = "ok"
                self._probed_at = time.monotonic()
            return self._last


def _has_room(folder: Path) -> bool:
    disk = shutil.disk_usage(folder)
    return disk.free >= min(disk.total * LEAST_SHARE, LEAST_BYTES)
