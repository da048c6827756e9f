"""`parcours promises` and `remarks`: what is owed and what is said of journeys, in the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connectors.mock import Mock
from runtime.access import Actor
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.wiring import open_service
from tests.cli.conftest import Cli
from tests.runtime.library import FILES

ANA = Actor("default", "advisor", "ana")
DUE = "2026-10-01T12:00:00+02:00"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give a database with one session in which two things were promised and one was flagged."""
    path = str(tmp_path / "shop.db")

    async def promise() -> None:
        told = Settings(database=path, background=False)
        async with open_service(told, connectors={"*": Mock({"operations": {}})}) as service:
            await service.revisions.publish(Actor("default", "author", "eve"), FILES)
            begun = await service.sessions.start(ANA, StartRequest("parcel", channel="phone"))
            for what in ({"what": "Call back", "due": DUE, "by": "second"}, {"what": "Write"}):
                await service.sessions.command(ANA, begun.session, {"type": "promise", **what})
            flag = {"type": "flag", "category": "wording", "text": "Say it\notherwise", "visit": 1}
            await service.sessions.command(ANA, begun.session, flag)

    asyncio.run(promise())
    return path


def test_what_is_owed_is_listed_and_what_became_of_it_is_said(database: str, cli: Cli) -> None:
    there = ("promises", "--database", database)

    owed = cli(*there, "list").out.splitlines()
    first, second = sorted(line.split()[0] for line in owed)
    kept = cli(*there, "follow", first, "kept")
    bare = cli(*there, "follow", second, "dropped")
    dropped = cli(*there, "follow", second, "dropped", "--reason", "They came by")
    left = cli(*there, "list")

    assert any("2026-10-01 10:00" in line and "second  Call back" in line for line in owed)
    assert (kept.code, "late" in kept.out or "kept" in kept.out) == (0, True)
    assert (bare.code, bare.err.startswith("Say why")) == (2, True)
    assert (dropped.code, "dropped" in dropped.out) == (0, True)
    assert (left.out, left.err) == ("", "nothing promised\n")


def test_what_is_said_of_a_journey_is_listed_for_its_author(database: str, cli: Cli) -> None:
    there = ("remarks", "--database", database, "--lang", "en", "list")

    assert "parcel/who  flag (wording)  advisor, phone: Say it otherwise" in cli(*there).out
    assert cli(*there, "--journey", "other").err == "no remark\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("list", "--state", "lost"), "--state: lost is not a state; allowed: "),
        (("follow", "ses_x.1", "done"), "STATE: done is not a state; allowed: kept, broken"),
        (("follow", "nonsense", "kept"), "Not found."),
    ],
)
def test_what_is_typed_wrongly_is_said(
    database: str, cli: Cli, typed: tuple[str, ...], said: str
) -> None:
    refused = cli("promises", "--database", database, *typed)

    assert refused.code != 0
    assert said in refused.err
