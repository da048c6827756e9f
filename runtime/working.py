"""Works that go on until their service stops: one that breaks says so, and is begun again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

BREATH: Final = 1.0
"""Seconds before a work that broke is begun again."""

_log = logging.getLogger("parcours.works")


async def kept_up(
    work: Callable[[], Coroutine[Any, Any, None]], *, pause_s: float = BREATH
) -> None:
    """Do a work until it is over or cancelled, whatever breaks in it.

    A fault that one session or one row brings about does not end the work of all the others.
    """
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the outermost ring of what runs by itself
            name = getattr(work, "func", work).__qualname__
            _log.exception("work_broke", extra={"work": name})
            await asyncio.sleep(pause_s)
        else:
            return


async def stop(task: asyncio.Task[Any]) -> None:
    """Have a work cancelled, and wait until it is."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
