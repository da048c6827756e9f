"""What was answered is there after a crash, and the session goes on from its step."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.port import Outcome
from runtime.settings import Settings
from runtime.verify import verify
from runtime.wiring import open_service
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.player import bring
from tests.runtime.test_outbox import Gate, until_step
from tests.runtime.walks import assert_sound, say, seen, step, to_order

ROOT = Path(__file__).parents[2]


@pytest.mark.durability
def test_a_service_killed_at_any_moment_keeps_every_answer_and_goes_on(database: str) -> None:
    answered: dict[str, tuple[int, str]] = {}
    replays: list[list[str]] = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.player", database],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        for line in [*lines, *rest.splitlines(keepends=True)]:
            if line.endswith("\n"):
                session, version, shown, *brought = line.split()
                answered[session] = (int(version), shown)
                if brought:
                    replays.append([session, *brought])

    async def look() -> None:
        settings = Settings(database=database, fsync_off_allowed=True, background=False)
        async with open_service(settings, connectors={}) as service:
            await service.outbox.recover(alone=True)
            while await service.outbox.take():
                await service.outbox.drain_now()
            for session, key, before, values, body in replays:
                again = await bring(
                    service, session, int(before), values=json.loads(values), key=key
                )
                assert (again.is_replay, again.body.hex()) == (True, body)
            for session, (version, shown) in answered.items():
                now = await service.sessions.view(ANA, session)
                assert now.version >= version
                if now.version == version:
                    assert (step(now) or "-") == shown
                await assert_sound(service, "acme", session)
            assert [fault async for fault in verify(service.store)] == []

    asyncio.run(look())


def test_an_answer_lost_with_its_process_is_the_view_that_the_retry_finds(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        gate = Gate(Outcome("succeeded", {"status": "late"}))
        body = {"type": "answer", "values": {"order_id": "F-1"}}
        async with open_shop({"oms": gate}, inline_ms=60_000, drain_s=0) as service:
            before = await to_order(service, ANA)
            request = asyncio.create_task(say(service, ANA, before, body, key="k1"))
            await gate.called.wait()
            request.cancel()
            await asyncio.wait([request])
        gate.open.set()
        async with open_shop({"oms": gate}, inline_ms=1) as service:
            retried = await say(service, ANA, before, body, key="k1")
            assert retried.is_replay
            assert seen(retried)["status"] == "pending"
            await service.outbox.recover(alone=True)
            await service.outbox.take()
            await until_step(service, before.session, "reassure")
            assert (await say(service, ANA, before, body, key="k1")).body == retried.body
            await assert_sound(service, "acme", before.session)

    asyncio.run(play())
