"""Figures over HTTP, the facts in ClickHouse: the same answers, and a word when it is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.api.conftest import settings
from tests.api.service import PATIENCE_S, Shop, running
from tests.api.test_measures import asked, supervisor, walked
from tests.support.clickhouse import Server, served

__all__ = ["supervisor", "walked"]


@pytest.fixture(scope="module")
def clickhouse() -> Iterator[Server]:
    with served() as found:
        found.make_anew("shop")
        yield found


@pytest.fixture(scope="module")
def shop(clickhouse: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service on SQLite that brings its facts to ClickHouse and asks them there."""
    told = settings(tmp_path_factory.mktemp("shop") / "shop.db")
    with running(replace(told, clickhouse=f"{clickhouse.address}/shop")) as found:
        yield found


def until(client: httpx.Client, value: float) -> Any:
    """Return the answer of how many contacts there are, once it says so many."""
    patience = time.monotonic() + PATIENCE_S
    while True:
        answer = asked(client, "contacts", by="channel")
        if answer.status_code == 200 and answer.json()["total"]["value"] == value:
            return answer.json()
        assert time.monotonic() < patience, answer.text


def test_figures_come_from_clickhouse_and_say_so_when_it_is_away(
    supervisor: httpx.Client, clickhouse: Server
) -> None:
    found = until(supervisor, 6)

    assert found["as_of"] > 0
    [group] = found["groups"]
    where = {"where": f"channel:{group['key']['channel']}"}
    behind = supervisor.get("/v1/measures/contacts/contacts", params=where).json()["items"]
    assert len(behind) == group["value"] == 6
    few = asked(supervisor, "contacts", where="channel:letter").json()["total"]
    assert (few["value"], few["reason"]) == (None, "empty")
    people = asked(supervisor, "contacts", by="advisor")
    assert (people.status_code, people.json()["code"]) == (422, "measure.people")

    clickhouse.is_away = True
    refused = asked(supervisor, "contacts")
    assert (refused.status_code, refused.json()["code"]) == (503, "measure.facts-away")
    assert "retry-after" in refused.headers

    clickhouse.is_away = False
    assert until(supervisor, 6)["total"] == found["total"]
