"""What only PostgreSQL meets: several processes, a server that stops, one that is not fit."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from runtime.errors import NotMigrated, StoreUnavailable, UnfitDatabase
from runtime.store.port import LostRace
from runtime.store.postgres import PostgresStore, _NotDone
from runtime.upgrade import upgrade
from tests.store.turns import begun, moved, numbers
from tests.support.postgres import Cluster

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.postgres


def test_two_processes_on_one_database_never_both_win(postgres_url: str) -> None:
    upgrade(postgres_url)

    async def play() -> tuple[int, list[int]]:
        one = await PostgresStore.open(postgres_url, may_lose=True)
        other = await PostgresStore.open(postgres_url, may_lose=True)
        await one.commit(begun("ses_1"))
        won = 0
        for seq in range(1, 21):
            outcomes = await asyncio.gather(
                *(store.commit(moved("ses_1", expected=seq)) for store in (one, other, one, other)),
                return_exceptions=True,
            )
            won += outcomes.count(None)
            assert [type(o) for o in outcomes if o is not None] == [LostRace] * 3
        seqs = await numbers(one, "ses_1")
        await one.close()
        await other.close()
        return won, seqs

    won, seqs = asyncio.run(play())

    assert won == 20
    assert seqs == list(range(1, 22))


def test_groups_of_two_processes_that_cross_do_not_lose_a_turn(postgres_url: str) -> None:
    upgrade(postgres_url)
    sessions = [f"ses_{place}" for place in range(30)]

    async def play() -> tuple[int, list[list[int]]]:
        one = await PostgresStore.open(postgres_url, may_lose=True)
        other = await PostgresStore.open(postgres_url, may_lose=True)
        for session in sessions:
            await one.commit(begun(session))
        won = 0
        for seq in range(1, 6):
            outcomes = await asyncio.gather(
                *(one.commit(moved(session, expected=seq)) for session in sessions),
                *(other.commit(moved(session, expected=seq)) for session in reversed(sessions)),
                return_exceptions=True,
            )
            won += outcomes.count(None)
        seqs = [await numbers(one, session) for session in sessions]
        await one.close()
        await other.close()
        return won, seqs

    won, seqs = asyncio.run(play())

    assert won == 30 * 5
    assert seqs == [[1, 2, 3, 4, 5, 6]] * 30


def test_a_server_that_may_lose_what_it_acknowledged_is_refused(postgres_url: str) -> None:
    upgrade(postgres_url)

    with pytest.raises(UnfitDatabase, match="fsync"):
        asyncio.run(PostgresStore.open(postgres_url))


def test_an_empty_database_is_refused_with_what_to_do(postgres_url: str) -> None:
    with pytest.raises(NotMigrated, match="db upgrade"):
        asyncio.run(PostgresStore.open(postgres_url, may_lose=True))


def test_a_database_nobody_can_reach_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        asyncio.run(PostgresStore.open(f"postgresql://parcours@/none?host={tmp_path}"))


@pytest.mark.durability
def test_a_server_stopped_at_once_loses_nothing_it_acknowledged(
    start_postgres: Callable[..., Cluster],
) -> None:
    cluster = start_postgres(durable=True)
    url = cluster.url(cluster.create_database())
    upgrade(url)

    async def play() -> tuple[dict[str, int], dict[str, list[int]], int]:
        store = await PostgresStore.open(url)
        kept: dict[str, int] = {}
        refused = 0
        enough = asyncio.Event()

        async def walk(lane: int) -> None:
            nonlocal refused
            for place in range(1_000_000):
                session = f"ses_{lane}_{place}"
                try:
                    await store.commit(begun(session))
                    kept[session] = 1
                    await store.commit(moved(session, expected=1))
                    kept[session] = 2
                    if len(kept) >= 40:
                        enough.set()
                except StoreUnavailable:
                    refused += 1
                    return

        walks = [asyncio.create_task(walk(lane)) for lane in range(4)]
        await enough.wait()
        await asyncio.to_thread(cluster.stop, "immediate")
        await asyncio.gather(*walks)
        await asyncio.to_thread(cluster.start)
        # The very same store goes on, once its database is there again.
        while True:
            try:
                await store.commit(begun("ses_after"))
                break
            except StoreUnavailable:
                continue
        found = {session: await numbers(store, session) for session in kept}
        await store.close()
        return kept, found, refused

    kept, found, refused = asyncio.run(play())

    assert refused == 4
    for session, last in kept.items():
        assert found[session][:last] == list(range(1, last + 1))


@pytest.mark.durability
def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(postgres_url: str) -> None:
    upgrade(postgres_url)
    kept: dict[str, int] = {}
    for run in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.writer", postgres_url, str(run)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        for _ in range(60):
            session, seq = process.stdout.readline().split()
            kept[session] = int(seq)
        os.kill(process.pid, signal.SIGKILL)
        for line in process.stdout:
            if line.endswith("\n"):
                session, seq = line.split()
                kept[session] = int(seq)
        process.wait()
        process.stdout.close()

    async def look() -> dict[str, list[int]]:
        store = await PostgresStore.open(postgres_url, may_lose=True)
        found = {session: await numbers(store, session) for session in kept}
        await store.close()
        return found

    found = asyncio.run(look())

    for session, last in kept.items():
        assert found[session][:last] == list(range(1, last + 1))


def test_a_locked_session_refuses_its_own_turn_in_time_and_no_other_s(postgres_url: str) -> None:
    upgrade(postgres_url)

    async def play() -> list[int]:
        store = await PostgresStore.open(postgres_url, may_lose=True)
        await store.commit(begun("ses_1"))
        await store.commit(begun("ses_2"))
        rude = await asyncpg.connect(postgres_url)
        transaction = rude.transaction()
        await transaction.start()
        await rude.execute("SELECT * FROM session WHERE id = 'ses_1' FOR UPDATE")
        outcomes = await asyncio.gather(
            *(store.commit(moved(session, expected=1)) for session in ("ses_1", "ses_2")),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes if outcome is not None] == [_NotDone]
        assert await numbers(store, "ses_2") == [1, 2]
        await transaction.rollback()
        await rude.close()
        await store.commit(moved("ses_1", expected=1))
        seqs = await numbers(store, "ses_1")
        await store.close()
        return seqs

    assert asyncio.run(play()) == [1, 2]
