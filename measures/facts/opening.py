"""Opens the facts of a service: where they are, who tells them of news, and their upkeep."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measures.facts.clickhouse.connecting import connecting
from measures.facts.keeper import Keeper, Usual
from runtime.settings import Settings
from runtime.upgrade import is_postgres
from runtime.wiring import Service

if TYPE_CHECKING:
    from measures.facts.clickhouse.mirror import Mirror


def folder_of(settings: Settings) -> Path:
    """Return the folder of facts: the one that is set, else beside the database."""
    if settings.facts is not None:
        return Path(settings.facts)
    beside = "parcours" if is_postgres(settings.database) else settings.database
    return Path(f"{beside}.facts")


@asynccontextmanager
async def open_facts(service: Service, usual: Usual | None = None) -> AsyncIterator[Keeper]:
    """Give the facts of a service, kept up while it runs where background work is its own.

    Where the settings name a ClickHouse, figures are asked there and the facts brought to it.
    Of new files the answers to the `usual` questions are summed up at once.
    """
    alone = service.store.name == "sqlite"
    mirror = mirror_of(service.settings)
    keeper = Keeper(
        service.store, service.clock, folder_of(service.settings), alone=alone, elsewhere=mirror
    )
    service.contacts.listen(keeper.mark_contact)
    service.customers.listen(keeper.mark_people)
    service.sessions.turns.listen(keeper.mark)
    upkeep = []
    if service.settings.background:
        upkeep.append(asyncio.create_task(keeper.work()))
        if usual is not None and mirror is None:
            upkeep.append(asyncio.create_task(keeper.sum_up(usual)))
    try:
        yield keeper
    finally:
        for task in upkeep:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await keeper.close()
        if mirror is not None:
            mirror.close()


def mirror_of(settings: Settings) -> Mirror | None:
    """Return the ClickHouse that the settings name, not asked yet; None where they name none.

    Raises:
        WrongSetting, ExtraMissing: see `measures.facts.clickhouse.connecting`.
    """
    connect = connecting(settings)
    if connect is None:
        return None
    # Imported late: its libraries are an extra.
    from measures.facts.clickhouse.mirror import Mirror

    return Mirror(connect)
