"""The statements about volumes: what contacts are divided by. See `statements`."""

from __future__ import annotations

from typing import Final

from runtime.store import tables as t
from runtime.store.port import insertion, statement

KEEP_VOLUME: Final = insertion(
    t.VOLUME,
    "ON CONFLICT (tenant, kind, month) DO UPDATE SET count = excluded.count, "
    "actor = excluded.actor, at = excluded.at",
)
VOLUMES: Final = statement(
    "SELECT kind, month, count FROM volume WHERE tenant = $1 ORDER BY kind, month"
)
