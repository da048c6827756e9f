"""`parcours customers erased` and `erase-again`: a backup that is restored is erased by hand."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from runtime.access import Actor
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.wiring import open_service
from tests.api.service import library_files
from tests.cli.conftest import Cli


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a database in which somebody told something."""
    path = tmp_path / "parcours.sqlite3"

    async def walk() -> None:
        async with open_service(Settings(database=str(path), background=False)) as service:
            await service.revisions.publish(Actor("default", "author", "eve"), library_files())
            request = StartRequest(
                journey="parcel", channel="phone", customer={"number": "Z-1234567"},
                words="My umbrella is lost",
            )  # fmt: skip
            await service.sessions.start(Actor("default", "advisor", "ana"), request)

    asyncio.run(walk())
    return path


def test_a_backup_that_is_restored_is_erased_again(cli: Cli, database: Path) -> None:
    backup, kept = database.with_name("backup"), database.with_name("erased.jsonl")
    shutil.copy(database, backup)
    assert cli("customers", "erase", "number:Z-1234567", "--database", database).code == 0

    listed = cli("customers", "erased", "--database", database)
    kept.write_text(listed.out, encoding="utf-8")
    shutil.copy(backup, database)
    assert b"umbrella" in database.read_bytes()
    again = cli("customers", "erase-again", kept, "--database", database)
    once_more = cli("customers", "erase-again", kept, "--database", database)

    assert json.loads(listed.out).keys() == {"tenant", "customer", "with", "erased_at"}
    assert (again.code, again.out) == (0, "erased again: 1; left: 0\n")
    assert once_more.out == "erased again: 0; left: 0\n"
    assert b"umbrella" not in database.read_bytes()


def test_a_list_that_is_not_there_or_is_none_is_refused(cli: Cli, database: Path) -> None:
    wrong = database.with_name("wrong.jsonl")
    wrong.write_text("nobody\n", encoding="utf-8")

    none = cli("customers", "erase-again", database.with_name("none"), "--database", database)
    not_one = cli("customers", "erase-again", wrong, "--database", database)

    assert (none.code, not_one.code) == (2, 2)
    assert "is not there" in none.err
    assert f"{wrong}:1: {{tenant, customer" in not_one.err
