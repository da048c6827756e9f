"""A store of each kind, opened on an empty, migrated database."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from runtime.store.port import Store
from runtime.store.postgres import PostgresStore
from runtime.store.sqlite import SqliteStore
from runtime.upgrade import is_postgres, upgrade
from tests.support.postgres import Cluster

OpenStore = Callable[[], AbstractAsyncContextManager[Store]]


def migrate(url: str) -> None:
    """Bring an empty database to the schema, for others to be copied from."""
    upgrade(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the setting of an empty, migrated database of each kind."""
    if request.param == "sqlite":
        path = str(tmp_path / "store.db")
        upgrade(path)
        yield path
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    template = cluster.template("migrated", migrate)
    name = cluster.create_database(template=template)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
def open_store(database: str) -> OpenStore:
    """Give a function that opens the store; again on the same database when called again."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        store: Store
        if is_postgres(database):
            store = await PostgresStore.open(database, may_lose=True)
        else:
            store = SqliteStore(Path(database))
        try:
            yield store
        finally:
            await store.close()

    return opened
