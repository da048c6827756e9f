"""The PostgreSQL the other tests stand on is real, apart, durable when asked, and cleaned up."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psycopg
import pytest

from tests.support.postgres import (
    Cluster,
    PostgresNotFound,
    candidates,
    copy_readable,
    find_binaries,
    wheel_binaries,
)

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]

# Starts a cluster, says where, then dies without a word of goodbye.
DIES_AT_ONCE = """
import os, signal
from tests.support.postgres import Cluster
print(Cluster().folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def write(url: str, value: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def read(url: str) -> list[tuple[int]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT value FROM kept ORDER BY value").fetchall()


def test_both_drivers_reach_a_fresh_database(postgres_url: str) -> None:
    async def version() -> object:
        connection = await asyncpg.connect(postgres_url)
        try:
            return await connection.fetchval("SHOW server_version_num")
        finally:
            await connection.close()

    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SHOW server_version_num").fetchone()

    assert row is not None
    assert int(row[0]) >= 140_000
    assert asyncio.run(version()) == row[0]


def test_two_databases_share_nothing(postgres_cluster: Cluster) -> None:
    first = postgres_cluster.url(postgres_cluster.create_database())
    second = postgres_cluster.url(postgres_cluster.create_database())

    write(first, 1)

    with pytest.raises(psycopg.errors.UndefinedTable):
        read(second)


def test_a_template_is_prepared_once_and_each_copy_carries_it(postgres_cluster: Cluster) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        write(url, 7)

    copies = [
        postgres_cluster.create_database(template=postgres_cluster.template("seven", prepare))
        for _ in range(2)
    ]
    write(postgres_cluster.url(copies[0]), 8)

    assert len(prepared) == 1
    assert [read(postgres_cluster.url(copy)) for copy in copies] == [[(7,), (8,)], [(7,)]]


def test_a_dropped_database_ends_whoever_is_connected(postgres_cluster: Cluster) -> None:
    name = postgres_cluster.create_database()
    with psycopg.connect(postgres_cluster.url(name), autocommit=True) as connection:
        postgres_cluster.drop_database(name)

        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.durability
def test_a_crashed_server_still_has_what_it_committed(
    start_postgres: Callable[..., Cluster],
) -> None:
    cluster = start_postgres(durable=True)
    url = cluster.url(cluster.create_database())
    write(url, 1)

    cluster.stop("immediate")
    with pytest.raises(psycopg.OperationalError):
        read(url)
    cluster.start()

    assert read(url) == [(1,)]
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


@pytest.mark.durability
def test_a_killed_test_process_leaves_neither_server_nor_folder() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DIES_AT_ONCE], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])

    assert process.returncode == -signal.SIGKILL
    wait_until_gone(folder)
    assert not is_running(server)


def wait_until_gone(folder: Path) -> None:
    # `inotifywait` and the like are not everywhere: the shell waits, and gives up after a minute.
    script = 'i=0; while [ -e "$1" ] && [ $i -lt 600 ]; do i=$((i+1)); sleep 0.1; done'
    shell = ["/bin/sh", "-c", script, "wait", str(folder)]
    subprocess.run(shell, env={"PATH": os.defpath}, check=True)
    assert not folder.exists()


def is_running(process_id: int) -> bool:
    status = Path(f"/proc/{process_id}/stat")
    try:
        # A dead process that nobody has collected yet is no longer running.
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_without_any_postgresql_the_error_says_what_to_do(tmp_path: Path) -> None:
    nowhere = tmp_path / "bin"

    with pytest.raises(PostgresNotFound) as refused:
        find_binaries(iter([nowhere]), scratch=tmp_path, user=None)

    assert str(nowhere) in str(refused.value)
    assert "make install" in str(refused.value)


def test_the_named_folder_comes_first_and_the_wheel_last(tmp_path: Path) -> None:
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)

    places = list(
        candidates({"PARCOURS_POSTGRES_BIN": "/named", "PATH": "/nowhere"}, debian=tmp_path)
    )

    assert places == [
        Path("/named"),
        tmp_path / "17" / "bin",
        tmp_path / "15" / "bin",
        tmp_path / "9" / "bin",
        wheel_binaries(),
    ]


def test_the_wheel_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCOURS_POSTGRES_BIN", str(wheel_binaries()))

    cluster = Cluster()
    try:
        with psycopg.connect(cluster.url("postgres")) as connection:
            row = connection.execute("SHOW server_version").fetchone()
    finally:
        cluster.close()

    assert row is not None
    assert row[0].startswith("17.")


def test_a_copy_of_locked_binaries_can_be_read_by_everyone(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    (locked / "bin").mkdir(parents=True)
    (locked / "bin" / "postgres").touch(mode=0o700)
    (locked / "share").touch(mode=0o600)
    locked.chmod(0o700)

    copied = copy_readable(locked, tmp_path / "copy")

    modes = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) & 0o555
        for path in (copied, *copied.rglob("*"))
    }
    assert modes == {
        "copy": 0o555,
        "copy/bin": modes["copy/bin"] | 0o555,
        "copy/bin/postgres": 0o555,
        "copy/share": 0o444,
    }


def test_the_server_never_runs_as_root(postgres_cluster: Cluster) -> None:
    owner = (postgres_cluster.folder / "data").stat().st_uid

    assert owner != 0
    if os.geteuid() != 0:
        assert owner == os.geteuid()
