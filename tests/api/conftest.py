"""A running service, shared by the tests of a module; each test begins sessions of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from runtime.settings import Settings
from tests.api.service import Shop, running

TEAMS = Path(__file__).parent / "teams.toml"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service on SQLite."""
    database = tmp_path_factory.mktemp("shop") / "shop.db"
    with running(settings(str(database))) as found:
        yield found


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def any_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Give a service on each database in turn."""
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("shop") / "shop.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    with running(settings(database)) as found:
        yield found


@pytest.fixture
def advisor(shop: Shop) -> Iterator[httpx.Client]:
    """Give an advisor's client."""
    with shop.client() as client:
        yield client


@pytest.fixture
def any_advisor(any_shop: Shop) -> Iterator[httpx.Client]:
    """Give an advisor's client, on each database in turn."""
    with any_shop.client() as client:
        yield client


def settings(database: str | Path) -> Settings:
    """Return settings without a limit of rate: a test's clients are in a hurry."""
    return Settings(
        database=str(database), port=0, rate_per_s=0, fsync_off_allowed=True, teams=str(TEAMS)
    )  # fmt: skip
