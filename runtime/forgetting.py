"""What is kept for a time only is forgotten now and then."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final, Protocol

from runtime.errors import Failure

EVERY: Final = 3_600.0
"""Seconds between two purges of old idempotency keys, sign-ins, links, codes and messages' ids."""


class Forgetful(Protocol):
    """Whoever keeps something for a time."""

    async def purge(self) -> None:
        """Forget what is over."""
        ...


async def forget(*forgetful: Forgetful | None) -> None:
    """Have each purge what it kept, until cancelled; one that cannot now is asked the next time."""
    while True:
        for one in forgetful:
            with contextlib.suppress(Failure):
                if one is not None:
                    await one.purge()
        await asyncio.sleep(EVERY)
