"""What every room's tests may ask for: a real PostgreSQL, started when the first test wants it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from hypothesis import settings

from tests.support.postgres import Cluster

# A verdict on a clone is the same for the same commit; what is drawn anew is drawn at the desk,
# where a failure is kept and mended.
settings.register_profile("verdict", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("verdict")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """Give the session's PostgreSQL cluster (fsync off), shared by the tests of this process."""
    with closing(Cluster()) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """Give the address of an empty database that only this test uses."""
    name = postgres_cluster.create_database()
    yield postgres_cluster.url(name)
    postgres_cluster.drop_database(name)


@pytest.fixture(scope="module")
def postgres_module_url(postgres_cluster: Cluster) -> Iterator[str]:
    """Give the address of an empty database that only this module uses."""
    name = postgres_cluster.create_database()
    yield postgres_cluster.url(name)
    postgres_cluster.drop_database(name)


@pytest.fixture
def start_postgres() -> Iterator[Callable[..., Cluster]]:
    """Give a function that starts a cluster of one's own: `start_postgres(durable=True)`.

    For tests that stop or kill the server; each cluster is closed when the test ends.
    """
    with ExitStack() as stack:

        def start(*, durable: bool = False, **settings: str) -> Cluster:
            return stack.enter_context(closing(Cluster(durable=durable, settings=settings)))

        yield start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests in a browser last: Playwright leaves a loop running in its thread.

    Whatever came after it could not start one of its own.
    """
    items.sort(key=lambda item: "/e2e/" in item.path.as_posix())
