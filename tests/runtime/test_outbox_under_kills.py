"""Workers killed at any moment lose no action, and no action has two keys. T17."""

import asyncio
import multiprocessing
import os
import sys
import time
from pathlib import Path
from random import Random

import pytest

from runtime.outbox import outbox as module
from runtime.settings import Settings
from runtime.upgrade import upgrade
from runtime.verify import verify
from runtime.wiring import Service, open_service
from tests.runtime.acting import begin
from tests.runtime.acting_worker import work

ACTIONS = int(os.environ.get("PARCOURS_KILLED_ACTIONS", "120"))
"""800 of them are T17 in full."""
SEED = 17
PATIENCE_S = 240


async def ask(service: Service) -> None:
    """Have actions asked for, which no worker has begun."""
    await begin(service, "tell", to="nobody")
    for first in range(1, ACTIONS, 20):
        count = min(20, ACTIONS - first)
        await asyncio.gather(*(begin(service, "tell", to="x") for _ in range(count)))


def work_and_kill(database: str, path: Path, chance: Random) -> None:
    """Let a worker work for a moment, and kill it."""
    # Forked: what it must import is there already, and a kill costs milliseconds.
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    process = fork.Process(target=work, args=(database, path, ready))
    process.start()
    assert ready.wait(PATIENCE_S)
    moment, before = chance.uniform(0.15, 0.5), worked_s(process.pid)
    process.join(timeout=moment)
    # Where others have the processor it is given a moment of its own, or it would never do a thing.
    while process.is_alive() and worked_s(process.pid) - before < moment / 3:
        process.join(timeout=0.02)
    assert process.is_alive()
    process.kill()
    process.join()


def worked_s(pid: int | None) -> float:
    """Return the processor time a process has had since it was forked, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.postgres
@pytest.mark.durability
def test_workers_killed_at_any_moment_lose_no_action_and_repeat_each_with_its_own_key(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(postgres_url)
    settings = Settings(database=postgres_url, fsync_off_allowed=True, background=False)
    path, chance = tmp_path / "calls", Random(SEED)
    # Nothing is begun where it is asked for: workers have all of it.
    monkeypatch.setattr(module, "BUSY", 0)

    async def states() -> dict[str, int]:
        async with open_service(settings, connectors={}) as service:
            return await service.outbox.states()

    async def prepare() -> None:
        async with open_service(settings, connectors={}) as service:
            await ask(service)
            assert await service.outbox.states() == {"ready": ACTIONS}

    asyncio.run(prepare())
    until, kills = time.monotonic() + PATIENCE_S, 0
    while asyncio.run(states()) != {"succeeded": ACTIONS}:
        assert time.monotonic() < until, f"seed {SEED}: {asyncio.run(states())}"
        work_and_kill(postgres_url, path, chance)
        kills += 1

    async def look() -> None:
        async with open_service(settings, connectors={}) as service:
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(look())
    calls = path.read_text().splitlines()
    assert len(set(calls)) == ACTIONS
    sys.stdout.write(f"{kills} kills, {len(calls)} calls, {len(set(calls))} effects\n")
