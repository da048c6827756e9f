"""Keys, databases, publishing and serving: what those who run the service type."""

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from parcours.client import Client
from parcours.places import ROOT
from tests.cli.conftest import Cli, Said
from tests.support.served import PATIENCE_S, serving


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "parcours.sqlite3"


@pytest.fixture
def postgres(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give an empty database of the tests' own server, which runs without fsync."""
    monkeypatch.setenv("PARCOURS_FSYNC_OFF_ALLOWED", "true")
    return postgres_url


def key(cli: Cli, database: object, name: str, role: str) -> str:
    said = cli("keys", "create", name, "--role", role, "--database", database)
    assert said.code == 0, said.err
    return said.out.strip()


def test_a_database_is_brought_up_to_date_once(database: Path, cli: Cli) -> None:
    first = cli("db", "upgrade", "--database", database)
    second = cli("db", "upgrade", "--database", database)

    assert (first.code, second.code) == (0, 0)
    assert "upgraded" in first.out
    assert "up to date already" in second.out


def test_a_database_that_holds_together_is_said_to(database: Path, cli: Cli) -> None:
    cli("db", "upgrade", "--database", database)

    said = cli("db", "verify", "--database", database)

    assert said.code == 0
    assert "everything holds together" in said.out


def test_a_database_that_was_never_migrated_is_refused_with_what_to_run(
    database: Path, cli: Cli
) -> None:
    database.parent.mkdir()
    database.touch()

    said = cli("db", "verify", "--database", database)

    assert said.code == 2
    assert "parcours db upgrade" in said.err


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(
    database: Path, cli: Cli
) -> None:
    token = key(cli, database, "ana", "advisor")

    listed = cli("keys", "list", "--database", database).out
    key_id = listed.split()[0]
    revoked = cli("keys", "revoke", key_id, "--database", database)
    after = cli("keys", "list", "--database", database).out

    assert token.startswith("pk_")
    assert "advisor:ana" in listed
    assert token not in listed
    assert token.rsplit("_", 1)[1] not in listed
    assert revoked.code == 0
    assert "revoked" in after


def test_a_key_is_made_where_the_deployment_s_secrets_are_not_at_hand(
    database: Path, cli: Cli
) -> None:
    database.parent.mkdir(exist_ok=True)
    (database.parent / "connectors.toml").write_text(
        '[oms]\nkind = "http"\nbase_url = "https://oms.example"\ntoken = "secret://none"\n'
    )

    assert key(cli, database, "ana", "advisor").startswith("pk_")


def test_a_key_for_a_role_that_does_not_exist_is_refused(database: Path, cli: Cli) -> None:
    said = cli("keys", "create", "ana", "--role", "wizard", "--database", database)

    assert said.code == 2
    assert "(role; allowed: advisor, bot, robot, customer, author" in said.err
    assert "Traceback" not in said.err


def test_a_key_for_a_permission_that_does_not_exist_is_refused(database: Path, cli: Cli) -> None:
    asked = ("keys", "create", "ana", "--role", "advisor", "--scope", "nonsense.*")

    said = cli(*asked, "--database", database)

    assert said.code == 2
    assert "(scopes; unknown: nonsense.*)" in said.err


def test_a_library_is_published_into_a_database_and_a_broken_one_is_not(
    library: Path, database: Path, cli: Cli
) -> None:
    published = cli("publish", library, "--database", database)
    (library / "codes.yaml").write_text("declarations: [wrong]\n")
    refused = cli("publish", library, "--database", database)

    assert published.code == 0, published.err
    assert published.out.startswith("mine 1  ")
    assert refused.code == 1
    assert f"{library.as_posix()}/codes.yaml:1:" in refused.out


def test_sqlite_serves_one_process_and_says_so(database: Path, cli: Cli) -> None:
    several = cli("serve", "--workers", "2", "--database", database)
    worker = cli("worker", "--database", database)

    assert several.code == 2
    assert "SQLite serves one process" in several.err
    assert worker.code == 0
    assert "nothing to start" in worker.out


def test_development_mode_is_refused_where_others_can_reach_it(database: Path, cli: Cli) -> None:
    said = cli("serve", "--dev", "--bind", "0.0.0.0", "--database", database)

    assert said.code == 2
    assert "loopback" in said.err


def test_a_setting_that_is_not_a_number_is_refused_by_name(
    database: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARCOURS_INLINE_MS", "soon")

    said = cli("serve", "--database", database)

    assert said.code == 2
    assert "`inline_ms`" in said.err


def test_a_service_that_is_not_there_is_said_in_a_sentence(library: Path, cli: Cli) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
        said = cli("publish", library, "--to", nobody, "--key", "pk_1_2")

    assert said.code == 2
    assert "does not answer" in said.err
    assert "Traceback" not in said.err


def begin(port: int, token: str, **more: object) -> str:
    with closing(Client("127.0.0.1", port, key=token, language="en")) as client:
        body = {"journey": "appointment.move", "channel": "phone", **more}
        session = client.post("/v1/sessions", body, expect=201).body["session"]
        assert isinstance(session, str)
        return session


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_a_service_that_is_told_to_stop_ends_well_and_quietly(
    database: Path, tmp_path: Path, number: signal.Signals
) -> None:
    log = tmp_path / "log"

    with serving(database, log=log) as (process, _):
        process.send_signal(number)
        code = process.wait(timeout=PATIENCE_S)

    assert code == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_a_service_is_published_to_while_it_runs_and_stops_when_it_is_told(
    library: Path, database: Path, cli: Cli
) -> None:
    author, advisor = key(cli, database, "luc", "author"), key(cli, database, "ana", "advisor")

    with serving(database) as (process, port):
        without = cli("publish", library, "--database", database)
        stranger = cli("publish", library, "--database", database, "--key", "pk_1_2")
        published = cli("publish", library, "--database", database, "--key", author)
        session = begin(port, advisor)
        busy = cli("keys", "list", "--database", database)
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=PATIENCE_S)

    verified = cli("db", "verify", "--database", database)
    assert without.code == 2
    assert "wants an author's key" in without.err
    assert stranger.code == 1
    assert "(access.unauthenticated)" in stranger.err
    assert published.code == 0, published.err
    assert published.out.startswith("mine 1  ")
    assert session.startswith("ses_")
    assert busy.code == 2
    assert "already held by process" in busy.err
    assert code == 0
    assert verified.code == 0, verified.out


def test_a_person_is_erased_in_the_database_or_through_the_service_that_holds_it(
    library: Path, database: Path, cli: Cli
) -> None:
    advisor, admin = key(cli, database, "ana", "advisor"), key(cli, database, "eve", "admin")
    cli("publish", library, "--database", database)
    people = [{"number": "Z-1234567"}, {"number": "Z-7654321"}]

    with serving(database) as (process, port):
        for customer in people:
            begin(port, advisor, customer=customer)
        refused = cli("customers", "erase", "number:Z-1234567", "--database", database)
        asked = ("customers", "erase", "number:Z-1234567", "--database", database, "--key")
        through, again = cli(*asked, admin), cli(*asked, admin)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_S)
    copy = database.with_name(f"{database.name}.before-0001")
    copy.touch()
    alone = cli("customers", "erase", "number:Z-7654321", "--database", database)
    unknown = cli("customers", "erase", "number:Z-7654321", "--database", database)
    verified = cli("db", "verify", "--database", database)

    assert refused.code == 2
    assert "wants an admin's key" in refused.err
    assert through.code == 0, through.err
    assert "erased; sessions emptied: 1" in through.out
    assert again.code == 1
    assert "not-found" in again.err
    assert alone.code == 0, alone.err
    assert f"{copy} still holds it" in alone.err
    assert unknown.code == 2
    assert verified.code == 0, verified.out
    stored = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert b"Z-1234567" not in stored
    assert b"Z-7654321" not in stored


@pytest.mark.postgres
def test_several_processes_share_a_port_on_postgresql(
    library: Path, postgres: str, cli: Cli
) -> None:
    assert cli("db", "upgrade", "--database", postgres).code == 0
    token = key(cli, postgres, "ana", "advisor")
    published: Said = cli("publish", library, "--database", postgres)

    with serving(postgres, "--workers", "2") as (process, port):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        sessions = {begin(port, token) for _ in range(8)}
        process.terminate()
        code = process.wait(timeout=PATIENCE_S)

    assert published.code == 0, published.err
    assert len(children) == 2
    assert len(sessions) == 8
    assert code == 0
    assert cli("db", "verify", "--database", postgres).code == 0


@pytest.mark.postgres
def test_several_processes_told_to_stop_while_they_start_end_well(postgres: str, cli: Cli) -> None:
    assert cli("db", "upgrade", "--database", postgres).code == 0

    with serving(postgres, "--workers", "2", wait=False) as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = time.monotonic() + PATIENCE_S
        while len(children.read_text().split()) < 2:
            assert time.monotonic() < until, "the processes did not start"
        process.terminate()
        code = process.wait(timeout=PATIENCE_S)

    assert code == 0


@pytest.mark.postgres
def test_several_processes_do_not_outlive_the_one_that_started_them(
    postgres: str, cli: Cli
) -> None:
    assert cli("db", "upgrade", "--database", postgres).code == 0

    with serving(postgres, "--workers", "2") as (process, port):
        process.kill()
        process.wait()
        until = time.monotonic() + PATIENCE_S
        while not _free(port):
            assert time.monotonic() < until, "they still listen"


def _free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


@pytest.mark.postgres
def test_a_worker_on_postgresql_runs_until_it_is_told(postgres: str, cli: Cli) -> None:
    cli("db", "upgrade", "--database", postgres)
    command = [sys.executable, "-m", "parcours.main", "worker", "--database", postgres]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            process.terminate()
            code = process.wait(timeout=PATIENCE_S)
        finally:
            process.kill()

    assert ready == {"worker": "ready"}
    assert code == 0
