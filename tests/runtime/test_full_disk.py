"""A full disk under the embedded database, as a caller meets it."""

import asyncio
from pathlib import Path

import pytest

from runtime.errors import StorageFull
from runtime.settings import Settings
from runtime.store import sqlite as sqlite_store
from runtime.store.sqlite import SqliteStore
from runtime.wiring import open_service
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.library import FILES
from tests.runtime.walks import assert_sound, begin, say, seen


def test_a_command_is_refused_the_view_stays_and_the_retry_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "PROBE_EVERY", 0.0)
    settings = Settings(database=str(tmp_path / "store.db"), background=False)

    async def play() -> None:
        async with open_service(settings) as service:
            await service.revisions.publish(AUTHOR, FILES)
            first = await begin(service, ANA)
            before = (await service.sessions.view(ANA, first.session)).body
            store = service.store
            assert isinstance(store, SqliteStore)
            pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
            store._writer.execute(f"PRAGMA max_page_count={pages}")
            big = {"type": "note", "text": "x" * 60_000}
            with pytest.raises(StorageFull):
                await say(service, ANA, first, big, key="k1")
            assert (await service.sessions.view(ANA, first.session)).body == before
            store._writer.execute("PRAGMA max_page_count=1000000")
            kept = await say(service, ANA, first, big, key="k1")
            assert not kept.is_replay
            assert seen(kept)["notes"] == 1
            await assert_sound(service, "acme", first.session)

    asyncio.run(play())
