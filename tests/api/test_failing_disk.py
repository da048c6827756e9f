"""A disk that no longer keeps what it is given: never acknowledged then lost (promises.md T12)."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.access import Actor
from runtime.settings import Settings
from runtime.store.lock import holder
from runtime.verify import verify
from runtime.wiring import open_service
from tests.api.service import TENANT, begin, bring, code_of, library_files
from tests.support import failing_disk
from tests.support.served import PATIENCE_S, serving

pytestmark = [
    pytest.mark.durability,
    pytest.mark.skipif(
        failing_disk.why_not() is not None, reason=failing_disk.why_not() or "it can"
    ),
]
REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}
LANES = 4


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def token(database: Path) -> str:
    """Give an advisor's key to a database that has a library."""

    async def prepare() -> str:
        async with open_service(Settings(database=str(database), background=False)) as service:
            await service.revisions.publish(Actor(TENANT, "author", "eve"), library_files())
            return (await service.keys.create(TENANT, "advisor", name="ana")).token

    return asyncio.run(prepare())


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes these tests start be asked as quickly as their clients can."""
    monkeypatch.setenv("PARCOURS_RATE_PER_S", "0")


@pytest.fixture
def call(token: str) -> Iterator[Callable[[int], httpx.Client]]:
    """Give a function that makes an advisor's client of the service on a port."""
    made: list[httpx.Client] = []

    def client(port: int) -> httpx.Client:
        known = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        made.append(
            httpx.Client(
                base_url=f"http://127.0.0.1:{port}", headers=known, timeout=PATIENCE_S,
                trust_env=False,
            )
        )  # fmt: skip
        return made[-1]

    yield client
    for one in made:
        one.close()


def faults(database: Path) -> list[Any]:
    """Return what does not hold together in a database that nobody serves any more."""

    async def look() -> list[Any]:
        async with open_service(Settings(database=str(database), background=False)) as service:
            return [fault async for fault in verify(service.store)]

    return asyncio.run(look())


def numbers(client: httpx.Client, session: str) -> list[int]:
    """Return the numbers of a session's events, all of them."""
    found: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(
            f"/v1/sessions/{session}/events", params={"limit": "200", **cursor}
        ).json()
        found.extend(event["seq"] for event in page["items"])
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def until(look: Callable[[], httpx.Response], status: int) -> httpx.Response:
    """Return the first answer of a status, asking again until there is one."""
    patience = time.monotonic() + PATIENCE_S
    while (answer := look()).status_code != status:
        assert time.monotonic() < patience, answer.text
        time.sleep(0.05)
    return answer


def test_a_service_whose_disk_fails_only_reads_says_so_and_goes_on_once_a_write_is_kept(
    database: Path, call: Callable[[int], httpx.Client], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving(database, log=log) as (process, port):
        client = call(port)
        begun = begin(client)
        session = begun.json()["session"]
        before = numbers(client, session)
        with failing_disk.failing(process.pid):
            refused = bring(client, begun, REASON, Idempotency_Key="once")
            again = bring(client, begun, REASON, Idempotency_Key="once")
            unready = until(lambda: client.get("/ready"), 503)
            seen = client.get(f"/v1/sessions/{session}")
            held = numbers(client, session)
        ready = until(lambda: client.get("/ready"), 200)
        taken = bring(client, begun, REASON, Idempotency_Key="once")
        replayed = bring(client, begun, REASON, Idempotency_Key="once")
        after = numbers(client, session)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0

    assert code_of(refused) == (503, "storage.fault")
    assert int(refused.headers["retry-after"]) >= 1
    assert code_of(again) == (503, "storage.fault")
    assert unready.json()["checks"]["database"] == "storage.fault"
    assert (seen.status_code, seen.json()["step"]["id"]) == (200, "reason")
    assert held == before
    assert ready.json()["status"] == "ok"
    assert (taken.status_code, taken.json()["step"]["id"]) == (200, "which")
    assert "idempotency-replayed" not in taken.headers
    assert replayed.content == taken.content
    assert after == list(range(1, len(after) + 1))
    assert len(after) > len(before)
    said = [json.loads(line) for line in log.read_text().splitlines()]
    told = [line["event"] for line in said]
    assert "storage_fault" in told
    assert told.index("storage_fault") < told.index("storage_well_again")
    assert faults(database) == []


def test_what_was_answered_before_the_disk_failed_is_there_after_a_restart(
    database: Path, call: Callable[[int], httpx.Client]
) -> None:
    kept: dict[tuple[str, str], bytes] = {}
    refused: dict[tuple[str, str], httpx.Response] = {}

    def walk(client: httpx.Client, session: str) -> None:
        for count in itertools.count():
            note = {"type": "note", "text": f"note {count}"}
            answer = bring(client, session, note, Idempotency_Key=f"{session}-{count}")
            place = (session, f"note {count}")
            if answer.status_code != 200:
                refused[place] = answer
                return
            kept[place] = answer.content

    with serving(database, under=failing_disk.from_the(40)) as (tracer, port):
        clients = [call(port) for _ in range(LANES)]
        sessions = [begin(client).json()["session"] for client in clients]
        with ThreadPoolExecutor(LANES) as pool:
            list(pool.map(walk, clients, sessions))
        os.kill(holder(database)["pid"], signal.SIGKILL)
        tracer.wait(timeout=PATIENCE_S)

    with serving(database) as (process, port):
        client = call(port)
        for (session, text), body in kept.items():
            key = f"{session}-{text.removeprefix('note ')}"
            replay = bring(client, session, {"type": "note", "text": text}, Idempotency_Key=key)
            assert replay.headers["idempotency-replayed"] == "true"
            assert replay.content == body
        for session, text in refused:
            key = f"{session}-{text.removeprefix('note ')}"
            note = {"type": "note", "text": text}
            taken = bring(client, session, note, Idempotency_Key=key)
            replay = bring(client, session, note, Idempotency_Key=key)
            assert taken.status_code == 200
            assert (replay.status_code, replay.content) == (200, taken.content)
        for session in sessions:
            found = numbers(client, session)
            notes = client.get(f"/v1/sessions/{session}").json()["notes"]
            assert found == list(range(1, len(found) + 1))
            assert notes == sum(one == session for one, _ in (*kept, *refused))
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_S)

    assert kept
    assert {code_of(answer) for answer in refused.values()} == {(503, "storage.fault")}
    assert len(refused) == LANES
    assert faults(database) == []
