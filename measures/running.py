"""What goes on by itself with measures, in a service that works in the background."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from measures.asking.usual import usual_questions
from measures.desk import Desk
from measures.exporting.exports import Exports
from measures.exporting.plan import exports_told
from measures.facts.keeper import Keeper
from measures.facts.opening import open_facts
from measures.irritants.register import Register
from measures.watching.watch import Watch
from runtime.wiring import Service


@asynccontextmanager
async def open_measures(service: Service) -> AsyncIterator[Keeper]:
    """Give the facts of a service as `open_facts`; meanwhile thresholds and exports are seen to.

    Of new files the answers to the questions that are asked most are summed up at once.

    Raises:
        WrongDeployment: the file of exports is wrong.
    """
    async with open_facts(service, usual_questions) as facts:
        works: list[asyncio.Task[None]] = []
        if service.settings.background:
            desk = Desk.of(service, facts)
            exports = Exports(exports_told(service.settings), desk, service)
            works += [
                asyncio.create_task(one.work())
                for one in (Watch(desk, service), exports, Register(desk, service))
            ]
        try:
            yield facts
        finally:
            for work in works:
                work.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await work
