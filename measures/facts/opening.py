"""Opens the facts of a service: where they are, who tells them of news, and their upkeep."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from measures.facts.keeper import Keeper, Usual
from runtime.settings import Settings
from runtime.upgrade import is_postgres
from runtime.wiring import Service


def folder_of(settings: Settings) -> Path:
    """Return the folder of facts: the one that is set, else beside the database."""
    if settings.facts is not None:
        return Path(settings.facts)
    beside = "parcours" if is_postgres(settings.database) else settings.database
    return Path(f"{beside}.facts")


@asynccontextmanager
async def open_facts(service: Service, usual: Usual | None = None) -> AsyncIterator[Keeper]:
    """Give the facts of a service, kept up while it runs where background work is its own.

    Of new files the answers to the `usual` questions are summed up at once.
    """
    alone = service.store.name == "sqlite"
    keeper = Keeper(service.store, service.clock, folder_of(service.settings), alone=alone)
    service.contacts.listen(keeper.mark_contact)
    service.sessions.turns.listen(keeper.mark)
    upkeep = []
    if service.settings.background:
        upkeep.append(asyncio.create_task(keeper.work()))
        if usual is not None:
            upkeep.append(asyncio.create_task(keeper.sum_up(usual)))
    try:
        yield keeper
    finally:
        for task in upkeep:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await keeper.close()
