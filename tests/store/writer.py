"""A process that commits turns and says which it was told are kept: started, and killed, by tests.

Usage: python -m tests.store.writer DATABASE; prints `ses_N` after each acknowledged turn.
"""

import asyncio
import sys
from pathlib import Path

from runtime.errors import Failure
from runtime.store.port import Store
from runtime.store.postgres import PostgresStore
from runtime.store.sqlite import SqliteStore
from runtime.upgrade import is_postgres
from tests.store.turns import begun, moved

EVENTS = 3


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def walk(store: Store, lane: str) -> None:
    """Begin sessions one after the other, three turns each, and say each turn that is kept."""
    for place in range(1_000_000):
        session = f"ses_{lane}_{place}"
        await store.commit(begun(session))
        say(f"{session} 1")
        for seq in range(1, EVENTS):
            await store.commit(moved(session, expected=seq))
            say(f"{session} {seq + 1}")


async def main(database: str, run: str) -> None:
    """Write until killed, in four lanes at once."""
    store: Store
    if is_postgres(database):
        store = await PostgresStore.open(database, may_lose=True)
    else:
        store = SqliteStore(Path(database))
    try:
        await asyncio.gather(*(walk(store, f"{run}_{lane}") for lane in range(4)))
    except Failure as failure:
        say(f"refused {failure.code}")
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
