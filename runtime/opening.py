"""The store that the settings name, opened once its schema is known to be this release's."""

from __future__ import annotations

import asyncio
from pathlib import Path

from runtime.errors import NotMigrated
from runtime.settings import Settings
from runtime.store.port import Store
from runtime.store.postgres import PostgresStore
from runtime.store.sqlite import SqliteStore
from runtime.upgrade import is_behind, is_postgres, upgrade


async def open_store(settings: Settings) -> Store:
    """Return the store that the settings name, its schema checked.

    Raises:
        DatabaseInUse, NotMigrated, StoreUnavailable, UnfitDatabase: it cannot be used, and why.
    """
    is_embedded = not is_postgres(settings.database)
    if is_embedded and settings.upgrade:
        await asyncio.to_thread(upgrade, settings.database)
    elif await asyncio.to_thread(is_behind, settings.database):
        raise NotMigrated
    if not is_embedded:
        return await PostgresStore.open(
            settings.database, pool_size=settings.pool_size, may_lose=settings.fsync_off_allowed
        )
    return SqliteStore(Path(settings.database), address=settings.address)
