"""A worker whose other system notes each call's key in a file; tests kill it."""

import asyncio
import os
from collections.abc import Mapping
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from connectors.port import Outcome
from runtime.outbox import outbox as module
from runtime.settings import Settings
from runtime.wiring import open_service
from tests.runtime.fakes import Fake

BUSY = module.BUSY
TAKES_S = 0.01
"""How long the other system takes to answer, so that a kill finds calls under way."""


class Noting(Fake):
    """Another system that honours keys: it notes each call before it answers."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        del operation, inputs, timeout_ms
        os.write(self.file, f"{key}\n".encode())
        await asyncio.sleep(TAKES_S)
        return Outcome("succeeded", {})


async def main(database: str, path: Path, ready: Event) -> None:
    """Say when it is ready, then work until killed."""
    settings = Settings(database=database, fsync_off_allowed=True, lease_s=1)
    async with open_service(settings, connectors={"*": Noting(path)}):
        ready.set()
        await asyncio.Event().wait()


def work(database: str, path: Path, ready: Event) -> None:
    """Be that process: what its parent took from itself it has again."""
    vars(module)["BUSY"] = BUSY
    asyncio.run(main(database, path, ready))
