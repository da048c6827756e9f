"""A full disk, a lost database, a restart: a stable code, reads that go on, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from runtime.store import sqlite as sqlite_store
from runtime.store.sqlite import SqliteStore
from tests.api.conftest import settings
from tests.api.service import Shop, begin, bring, code_of, running
from tests.support.postgres import Cluster

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}
TRIES = 2_000


def numbers(client: httpx.Client, session: str) -> list[int]:
    """Return the numbers of a session's events."""
    page = client.get(f"/v1/sessions/{session}/events", params={"limit": 200}).json()
    return [event["seq"] for event in page["items"]]


def store_of(shop: Shop) -> SqliteStore:
    """Return the running service's SQLite store."""
    assert shop.service is not None
    assert isinstance(shop.service.store, SqliteStore)
    return shop.service.store


def test_a_full_disk_gets_507_reads_go_on_and_the_retry_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "PROBE_EVERY", 0.0)
    note = {"type": "note", "text": "x" * 60_000}
    with running(settings(tmp_path / "shop.db")) as shop, shop.client() as client:
        begun = begin(client)
        session = begun.json()["session"]
        before = client.get(f"/v1/sessions/{session}").content
        writer = store_of(shop)._writer
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count={pages}")

        refused = bring(client, session, note, Idempotency_Key="note")
        seen = client.get(f"/v1/sessions/{session}")
        writer.execute("PRAGMA max_page_count=1000000")
        taken = bring(client, session, note, Idempotency_Key="note")

    assert code_of(refused) == (507, "storage.full")
    assert int(refused.headers["retry-after"]) >= 1
    assert (seen.status_code, seen.content) == (200, before)
    assert taken.status_code == 200
    assert "idempotency-replayed" not in taken.headers
    assert taken.json()["notes"] == 1


def test_a_full_disk_is_not_ready_and_still_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "PROBE_EVERY", 3_600.0)
    with running(settings(tmp_path / "shop.db")) as shop, shop.client() as client:
        session = begin(client).json()["session"]
        writer = store_of(shop)._writer
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count={pages}")
        bring(client, session, {"type": "note", "text": "x" * 60_000})

        ready, live = client.get("/ready"), client.get("/live")

    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert live.status_code == 200


def test_a_lost_database_gets_503_and_the_same_key_tells_what_became(
    start_postgres: Callable[..., Cluster],
) -> None:
    cluster = start_postgres()
    url = cluster.url(cluster.create_database())
    with running(settings(url)) as shop, shop.client() as client:
        begun = begin(client)
        session = begun.json()["session"]
        before = numbers(client, session)
        cluster.stop("immediate")

        refused = bring(client, begun, REASON, Idempotency_Key="once")
        live = client.get("/live")
        cluster.start()
        again = refused
        for _ in range(TRIES):
            if again.status_code != 503:
                break
            again = bring(client, begun, REASON, Idempotency_Key="once")
        after = numbers(client, session)

    assert code_of(refused) == (503, "storage.unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert live.status_code == 200
    assert again.status_code == 200
    assert again.json()["step"]["id"] == "which"
    assert after[: len(before)] == before
    assert after == list(range(1, len(after) + 1))


def test_a_session_goes_on_at_its_step_after_a_restart(tmp_path: Path) -> None:
    told = settings(tmp_path / "shop.db")
    with running(told) as shop, shop.client() as client:
        begun = begin(client)
        first = bring(client, begun, REASON, Idempotency_Key="kept")

    with running(told) as shop, shop.client() as client:
        session = begun.json()["session"]
        seen = client.get(f"/v1/sessions/{session}")
        replayed = bring(client, begun, REASON, Idempotency_Key="kept")
        which = {"type": "answer", "step": "which", "values": {"order_id": "F-0009"}}
        moved = bring(client, session, which, If_Match=seen.headers["etag"])

    assert seen.json()["step"]["id"] == "which"
    assert replayed.content == first.content
    assert moved.json()["step"]["id"] == "resend"
