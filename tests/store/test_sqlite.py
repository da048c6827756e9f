"""What only a SQLite file meets: a second process, a kill, a full disk."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from runtime.errors import DamagedDatabase, DatabaseInUse, NotMigrated, StorageFull, WrongSetting
from runtime.store import lock as file_lock
from runtime.store import sqlite as sqlite_store
from runtime.store import statements as s
from runtime.store.lock import FileLock, file_system, holder
from runtime.store.sqlite import SqliteStore, caution, is_affected
from runtime.upgrade import upgrade
from tests.store.turns import begun, moved, numbers

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "store.db"
    upgrade(str(file))
    return file


def writer(path: Path, run: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(path), str(run)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_process_is_refused_and_told_who_holds_the_file(path: Path) -> None:
    async def hold() -> tuple[int, str]:
        store = SqliteStore(path, address="http://127.0.0.1:8080")
        said = holder(path)
        second = writer(path, 0)
        _, error = await asyncio.to_thread(second.communicate)
        await store.close()
        assert said == {"pid": os.getpid(), "address": "http://127.0.0.1:8080"}
        return second.returncode, error

    code, error = asyncio.run(hold())

    assert code == 1
    assert "storage.in-use" in error
    assert str(os.getpid()) in error
    assert "http://127.0.0.1:8080" in error
    assert holder(path) == {}


def test_a_file_that_was_let_go_can_be_taken_again(path: Path) -> None:
    first = FileLock(path)
    with pytest.raises(DatabaseInUse):
        FileLock(path)
    first.release()

    FileLock(path).release()


def test_a_damaged_file_is_refused_at_the_start_and_let_go(path: Path) -> None:
    async def fill() -> None:
        store = SqliteStore(path)
        for number in range(50):
            await store.commit(begun(f"ses_{number}"))
        await store.close()

    asyncio.run(fill())
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)

    with pytest.raises(DamagedDatabase):
        SqliteStore(path)
    FileLock(path).release()


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 6, 23), False), ((3, 40, 1), True), ((3, 44, 5), True), ((3, 44, 6), False),
     ((3, 45, 0), True), ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 2), True),
     ((3, 51, 3), False), ((4, 0, 0), False)],
)  # fmt: skip
def test_versions_that_may_damage_a_file_are_told(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert is_affected(version) is affected
    assert (caution(version) is not None) is affected


def test_a_network_file_system_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/shared\\040disk nfs4 rw 0 0\n"
    kind = file_system(Path("/mnt/shared disk/a.db"), mounts)
    local = file_system(Path("/mnt/shared/a.db"), mounts)
    monkeypatch.setattr(file_lock, "file_system", lambda *_: kind)

    with pytest.raises(WrongSetting, match="network file system"):
        FileLock(path)

    assert local == "ext4"


def test_a_file_without_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotMigrated, match="db upgrade"):
        SqliteStore(tmp_path / "empty.db")

    assert holder(tmp_path / "empty.db") == {}


@pytest.mark.durability
def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(path: Path) -> None:
    kept: dict[str, int] = {}
    for run in range(4):
        process = writer(path, run)
        assert process.stdout is not None
        for _ in range(80):
            session, seq = process.stdout.readline().split()
            kept[session] = int(seq)
        os.kill(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        for line in said.splitlines(keepends=True):
            if line.endswith("\n"):
                session, seq = line.split()
                kept[session] = int(seq)

    async def look() -> dict[str, list[int]]:
        store = SqliteStore(path)
        found = {session: await numbers(store, session) for session in kept}
        await store.close()
        return found

    found = asyncio.run(look())
    with closing(sqlite3.connect(path)) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()

    assert integrity == ("ok",)
    for session, last in kept.items():
        assert found[session][:last] == list(range(1, last + 1))


def test_a_full_disk_refuses_writes_keeps_reads_and_mends_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "PROBE_EVERY", 0.0)

    async def play() -> tuple[int, dict[str, list[int]], list[int]]:
        store = SqliteStore(path)
        limit = store._writer.execute("PRAGMA page_count").fetchone()[0] + 20
        store._writer.execute(f"PRAGMA max_page_count={limit}")
        kept: list[str] = []

        async def fill() -> None:
            for place in range(10_000):
                await store.commit(begun(f"ses_{place}"))
                kept.append(f"ses_{place}")

        with pytest.raises(StorageFull):
            await fill()
        # The one that did not fit: another might find a place in a page that has some left.
        too_much = f"ses_{len(kept)}"
        with pytest.raises(StorageFull):
            await store.commit(begun(too_much))
        found = {session: await numbers(store, session) for session in kept}
        refused = await numbers(store, too_much)
        store._writer.execute("PRAGMA max_page_count=1000000")
        await store.commit(moved(kept[0], expected=1))
        after = await numbers(store, kept[0])
        await store.close()
        assert refused == []
        return len(kept), found, after

    count, found, after = asyncio.run(play())

    assert count > 0
    assert set(map(tuple, found.values())) == {(1,)}
    assert after == [1, 2]


def test_a_unit_too_big_for_the_disk_does_not_take_its_neighbours_along(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "PROBE_EVERY", 0.0)

    async def play() -> list[BaseException | None]:
        store = SqliteStore(path)
        limit = store._writer.execute("PRAGMA page_count").fetchone()[0] + 60
        store._writer.execute(f"PRAGMA max_page_count={limit}")
        huge = begun("ses_huge")
        for seq in range(2, 40):
            huge.add(s.NEW_PAYLOAD, "acme", "session", "ses_huge", seq, "x" * 60_000)
        units = [begun("ses_1"), huge, begun("ses_2")]
        outcomes = await asyncio.gather(
            *(store.commit(unit) for unit in units), return_exceptions=True
        )
        await store.close()
        return outcomes

    first, huge, _ = asyncio.run(play())

    assert first is None
    assert isinstance(huge, StorageFull)


def test_readers_cannot_write(path: Path) -> None:
    async def play() -> None:
        store = SqliteStore(path)
        try:
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                store._reader.execute("DELETE FROM session")
        finally:
            await store.close()

    asyncio.run(play())


def test_the_file_is_set_as_promised(path: Path) -> None:
    async def play() -> dict[str, object]:
        store = SqliteStore(path)
        names = ("journal_mode", "synchronous", "secure_delete", "trusted_schema", "foreign_keys")
        said = {name: store._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
        await store.close()
        return said

    said = asyncio.run(play())

    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "foreign_keys": 1,
    }
    assert path.stat().st_mode & 0o777 == 0o600
