"""`parcours subscriptions`: from the database, as the one who runs the service types it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.access import Actor
from runtime.sessions import StartRequest
from runtime.settings import Settings
from runtime.store import notices as s
from runtime.wiring import open_service
from tests.api.service import library_files
from tests.cli.conftest import Cli

DEPLOYMENT = """[subscriptions.crm]
url = "https://crm.example/hooks"
secret = "secret://crm"
events = ["session.started"]
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a database in which one notice was given up."""
    path = tmp_path / "parcours.sqlite3"
    (tmp_path / "connectors.toml").write_text(DEPLOYMENT, encoding="utf-8")
    monkeypatch.setenv("PARCOURS_SECRET_CRM", "shared-with-the-crm")

    async def walk() -> None:
        async with open_service(Settings(database=str(path), background=False)) as service:
            await service.revisions.publish(Actor("default", "author", "eve"), library_files())
            begun = await service.sessions.start(
                Actor("default", "advisor", "ana"), StartRequest(journey="parcel", channel="phone")
            )
            (crm,) = service.notices.listeners
            lost = ("default", crm.id, begun.session, 1, "http.503")
            assert await service.store.change(s.DEAD_NOTICE, *lost)

    asyncio.run(walk())
    return path


def test_what_was_given_up_is_listed_and_sent_again(cli: Cli, database: Path) -> None:
    listed = cli("subscriptions", "--database", database, "list")
    crm = listed.out.split()[0]
    dead = cli("subscriptions", "--database", database, "notices", crm)
    sent = cli("subscriptions", "--database", database, "resend", crm, dead.out.split()[0])
    after = cli("subscriptions", "--database", database, "list")

    assert "crm.example  ready 0  dead 1  gone 0" in listed.out
    assert "session.started  0 (http.503)" in dead.out
    assert (sent.code, sent.out) == (0, "1 to be sent again\n")
    assert "crm.example  ready 1  dead 0  gone 0" in after.out


def test_what_cannot_be_done_is_said(cli: Cli, database: Path) -> None:
    unknown = cli("subscriptions", "--database", database, "resend", "crm-nobody")
    wrong = cli("subscriptions", "--database", database, "notices", "crm", "--state", "sent")
    none = cli("subscriptions", "--database", database, "notices", "crm-nobody")
    elsewhere = cli("subscriptions", "--database", database, "--tenant", "rival", "list")

    assert unknown.code == 2
    assert "Not found" in unknown.err
    assert wrong.code == 2
    assert "--state: one of ready, dead, gone" in wrong.err
    assert (none.code, none.err) == (0, "nothing\n")
    assert "no subscription" in elsewhere.err
