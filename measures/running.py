"""What goes on by itself with measures, in a service that works in the background."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from measures.asking.usual import usual_questions
from measures.desk import Desk
from measures.exporting.exports import Exports
from measures.exporting.plan import exports_told
from measures.facts.keeper import Keeper
from measures.facts.opening import open_facts
from measures.irritants.register import Register
from measures.watching.watch import Watch
from runtime.wiring import Service
from runtime.working import kept_up, stop


@asynccontextmanager
async def open_measures(service: Service) -> AsyncIterator[Keeper]:
    """Give the facts of a service as `open_facts`; meanwhile what is due by the clock is done.

    Thresholds are looked at, exports written, irritants chased. Of new files the answers to the
    questions that are asked most are summed up at once.

    Raises:
        WrongDeployment: the file of exports is wrong.
    """
    async with open_facts(service, usual_questions) as facts, AsyncExitStack() as stack:
        if service.settings.background:
            desk = Desk.of(service, facts)
            exports = Exports(exports_told(service.settings), desk, service)
            for one in (Watch(desk, service), exports, Register(desk, service)):
                work = asyncio.create_task(kept_up(one.work))
                stack.push_async_callback(stop, work)
        yield facts
