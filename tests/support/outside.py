"""Other systems beside a running service, in a loop and a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

PATIENCE_S = 30
T = TypeVar("T")


@contextmanager
def outside(opening: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Give what an asynchronous context gives, and end it in its own loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="outside")
    thread.start()

    def done(doing: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, loop).result(PATIENCE_S)

    async def enter() -> T:
        return await opening.__aenter__()

    async def leave() -> None:
        await opening.__aexit__(None, None, None)

    try:
        given: T = done(enter())
        try:
            yield given
        finally:
            done(leave())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()
