"""The measures of a database opened here, for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from measures.desk import Desk
from measures.facts.opening import open_facts
from parcours.services import run
from runtime.wiring import open_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from runtime.settings import Settings
    from runtime.wiring import Service

T = TypeVar("T")


def at_desk(settings: Settings, deed: Callable[[Desk, Service], Awaitable[T]]) -> T:
    """Return what a deed gives that asks a database's own figures, its facts up to date.

    Raises:
        Stop: the database cannot be opened, or the deed is refused.
    """

    async def do() -> T:
        async with open_service(settings) as service, open_facts(service) as facts:
            return await deed(Desk.of(service, facts), service)

    return run(do())
