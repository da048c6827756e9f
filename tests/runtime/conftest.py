"""A whole service on each database, its clock and names fixed, its library published."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.hooks import Teller
from connectors.listeners import Listener
from connectors.mock import Mock
from connectors.port import Connector
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.ids import CountedIds
from runtime.settings import Settings
from runtime.upgrade import upgrade
from runtime.wiring import Service, open_service
from tests.runtime.chatting import both, kiosk
from tests.runtime.library import FILES
from tests.support.postgres import Cluster

__all__ = ["both", "kiosk"]

OpenService = Callable[..., AbstractAsyncContextManager[Service]]

ANA = Actor("acme", "advisor", "ana")
AUTHOR = Actor("acme", "author", "eve")


def migrate(url: str) -> None:
    """Bring an empty database to the schema, for others to be copied from."""
    upgrade(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "store.db")
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    template = cluster.template("migrated", migrate)
    name = cluster.create_database(template=template)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ids() -> CountedIds:
    return CountedIds()


def answers(**operations: Any) -> Mock:
    """Return a mock whose operations, `oms_get_order=[…]`, answer as listed."""
    named = {name.replace("_", ".", 1): given for name, given in operations.items()}
    return Mock({"operations": named})


@pytest.fixture
def open_shop(database: str, clock: FixedClock, ids: CountedIds) -> OpenService:
    """Give a function that opens the service; the library is published the first time."""

    @asynccontextmanager
    async def opened(
        connectors: Mapping[str, Connector] | None = None,
        *,
        tellers: Mapping[str, Teller] | None = None,
        listeners: Sequence[Listener] | None = None,
        **settings: Any,
    ) -> AsyncIterator[Service]:
        told = Settings(
            database=database, fsync_off_allowed=True, **{"background": False, **settings}
        )
        given = connectors if connectors is not None else {"*": answers()}
        async with open_service(
            told,
            clock=clock,
            ids=ids,
            connectors=given,
            tellers=tellers,
            listeners=listeners,
        ) as service:
            if not await service.revisions.live("acme"):
                await service.revisions.publish(AUTHOR, FILES)
            yield service

    return opened
