"""A deployment's secrets are sent to their systems, and are nowhere else: a canary for each.

Neither in events, views, exports, errors, metrics, logs and the command line, nor in the database,
its files and its log.
"""

from __future__ import annotations

import base64
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from api.routes.registry import OPERATIONS
from runtime.upgrade import is_postgres
from tests.api.conftest import settings
from tests.api.service import Shop, key, running
from tests.cli.conftest import Cli
from tests.runtime.acting import FILES
from tests.support.echoing import WAYS, Echo, echo
from tests.support.postgres import Cluster

NAMES = ("bearer", "basic", "header", "client", "token", "hook", "mail", "erp", "told", "carrier")
CANARIES = {name: f"canary-{name}-5d1e" for name in NAMES}
SYSTEMS = ("bearer", "basic", "header", "client", "hook")
"""Those asked over HTTP."""
HERE = 'allow_http = true\nallow_private = ["127.0.0.0/8"]\n'
AUTH = {
    "bearer": '{kind = "bearer", token = "secret://bearer"}',
    "basic": '{kind = "basic", user = "desk", password = "secret://basic"}',
    "header": '{kind = "header", name = "X-Api-Key", value = "secret://header"}',
    "client": '{kind = "oauth2", token_url = "URL/token", client_id = "desk", '
    'client_secret = "secret://client"}',
}
HTTP = """
[NAME]
kind = "http"
base_url = "URL"
auth = AUTH
HERE[NAME.operations.tell]
method = "POST"
path = "/told"
json = {to = "to"}
result = {said = "said"}
[NAME.operations.tell.output.said]
enum = ["fine"]
"""
OTHERS = """
[hook]
kind = "webhook"
url = "URL/hook"
secret = "secret://hook"
HERE[hook.operations.tell]
type = "told"
input = {to = "text"}
[mail]
kind = "email"
host = "127.0.0.1"
port = PORT
security = "starttls"
user = "shop"
password = "secret://mail"
from = "Shop <shop@example.org>"
allow_private = ["127.0.0.0/8"]
[mail.operations.tell]
[erp]
kind = "sql"
dsn = "secret://erp"
[erp.operations.tell]
statement = "SELECT CAST(:to AS TEXT) AS said"
input = {to = "text"}
output = {said = "text"}
[hooks.carrier]
signed = "standard"
secret = "secret://carrier"
tenant = "shop"
[hooks.carrier.events."parcel.delivered"]
match = {order = "data.order"}
[subscriptions.told]
url = "URL/told"
secret = "secret://told"
events = ["session.started", "session.ended", "action.failed", "action.unknown"]
tenant = "shop"
HERE"""


def deployment(port: int) -> str:
    """Return a deployment file that names every kind of secret."""
    tables = "".join(HTTP.replace("NAME", name).replace("AUTH", AUTH[name]) for name in AUTH)
    text = f"{tables}{OTHERS}".replace("HERE", HERE).replace("PORT", str(port))
    return text.replace("URL", f"http://127.0.0.1:{port}")


def library() -> dict[str, str]:
    """Return a library with a journey for each system."""
    found = {name: FILES[name] for name in ("library.yaml", "codes.yaml")}
    rows = []
    for name in (*SYSTEMS, "mail", "erp"):
        kind, output = "text", ""
        if name in AUTH:
            output = "    output: {said: {type: choice, options: [fine]}}\n"
        if name == "erp":
            output = "    output: {said: {type: text}}\n"
        if name == "mail":
            kind = "email"
            output = "    texts: {subject: {en: Told}, body: {en: Told.}}\n    gives: [to]\n"
        row = f"  {name}.tell:\n    effect: unsafe\n    timeout: 1s\n"
        rows.append(f"{row}    input: {{to: {{type: {kind}, required: true}}}}\n{output}")
        journey = FILES["journeys/pay.yaml"].replace("journey: pay", f"journey: {name}")
        journey = journey.replace("bank.pay", f"{name}.tell").replace("type: text", f"type: {kind}")
        journey = journey.replace("    saves: {paid: result}\n", "")
        found[f"journeys/{name}.yaml"] = journey.replace(", fills: [paid.receipt]", "")
    found["connectors.yaml"] = "operations:\n" + "".join(rows)
    return found


def forms(secret: str) -> Iterator[str]:
    """Return how a secret may be written: as it is, packed, or with a name before it."""
    yield secret
    for whole in (secret, f"desk:{secret}"):
        yield base64.b64encode(whole.encode()).decode().rstrip("=")


def leaked(text: str) -> list[str]:
    """Return the names of the secrets that a text holds."""
    return [name for name, one in CANARIES.items() if any(form in text for form in forms(one))]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    monkeypatch.setenv("PARCOURS_FSYNC_OFF_ALLOWED", "true")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def echoing(tmp_path: Path) -> Iterator[Echo]:
    """Give the system, its deployment file and the secrets' folder beside."""
    with echo(CANARIES) as found:
        (tmp_path / "connectors.toml").write_text(deployment(found.port), encoding="utf-8")
        folder = tmp_path / "secrets"
        folder.mkdir()
        erp = f"postgresql://reader:{CANARIES['erp']}@127.0.0.1:{found.port}/erp"
        for name, secret in CANARIES.items():
            (folder / name).write_text(erp if name == "erp" else secret, encoding="utf-8")
        yield found


def walked(shop: Shop) -> tuple[list[str], str]:
    """Walk every journey in every way to its action; return the sessions, and all answers."""
    sessions: list[str] = []
    said: list[str] = []
    with shop.client("author") as author, shop.client() as advisor:
        published = author.post("/v1/libraries", json={"files": library()}, headers=key())
        assert published.status_code == 201, published.text
        for name in (*SYSTEMS, "mail", "erp"):
            # The last two wait for a greeting that does not come: once is enough.
            ways = WAYS if name in SYSTEMS else ("zoe@example.org",)
            sessions += [walk(advisor, name, way, said) for way in ways]
    return sessions, "\n".join(said)


def walk(advisor: httpx.Client, name: str, to: str, said: list[str]) -> str:
    """Walk one journey to its action and beyond, by hand where that fails."""
    begun = advisor.post("/v1/sessions", json={"journey": name, "channel": "phone"}, headers=key())
    said.append(begun.text)
    session = str(begun.json()["session"])
    address = f"/v1/sessions/{session}/commands"
    headers = {**key(), "If-Match": begun.headers["etag"]}
    body: dict[str, Any] = {"type": "answer", "values": {"to": to}}
    answer = advisor.post(address, json=body, headers=headers)
    said.append(f"{answer.headers}{answer.text}")
    assert answer.status_code == 200, answer.text
    ended = advisor.post(
        address, json={"type": "finish"}, headers={**key(), "If-Match": answer.headers["etag"]}
    )
    said.append(ended.text)
    return session


def read(shop: Shop, sessions: list[str]) -> str:
    """Return everything that reads and exports give an administrator, session by session."""
    said = []
    with shop.client("admin") as admin:
        letters = admin.get("/v1/dead-letters").json()["items"]
        assert letters
        contact = admin.get("/v1/contacts").json()["items"][0]["id"]
        others = {"letter": letters[0]["id"], "contact": contact, "journey": "bearer"}
        for operation in OPERATIONS:
            if operation.method != "GET" or operation.answer == "text/event-stream":
                continue
            of = sessions if "{session}" in operation.path else sessions[:1]
            for session in of:
                path = operation.path.replace("{session}", session)
                for name, value in others.items():
                    path = path.replace(f"{{{name}}}", value)
                answer = admin.get(path)
                assert answer.status_code < 500, path
                said.append(f"{path}\n{answer.headers}\n{answer.text}")
        said += [admin.get(f"/v1/dead-letters/{one['id']}").text for one in letters]
    return "\n".join(said)


def stored(database: str, cluster: Cluster | None, since: float) -> str:
    """Return every row of every table, and the bytes of the database's files and log.

    The log is a server's, of all its databases: what was written `since` a time is enough.
    """
    rows: list[str] = []
    if cluster is None:
        with closing(sqlite3.connect(database)) as connection:
            rows += list(connection.iterdump())
        files = list(Path(database).parent.glob(f"{Path(database).name}*"))
    else:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for (table,) in connection.execute(tables).fetchall():
                every = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))
                rows += [row[0] for row in connection.execute(every)]
            asked = "SELECT oid FROM pg_database WHERE datname = current_database()"
            (oid,) = connection.execute(asked).fetchone() or (0,)
        data = cluster.folder / "data"
        log = [file for file in data.glob("pg_wal/0*") if file.stat().st_mtime >= since]
        files = [*(data / "base" / str(oid)).iterdir(), *log]
        assert log
    assert len(rows) > 100
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


def test_a_secret_is_sent_to_its_system_and_found_nowhere_else(
    database: str,
    echoing: Echo,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    began = time.time()
    told = replace(
        settings(database),
        connectors=str(tmp_path / "connectors.toml"),
        secrets=str(tmp_path / "secrets"),
    )
    with caplog.at_level(logging.DEBUG), running(told) as shop:
        sessions, answered = walked(shop)
        exported = read(shop, sessions)
        (tmp_path / "secrets" / "bearer").unlink()
        with shop.client() as advisor:
            missing: list[str] = []
            walk(advisor, "bearer", "well", missing)
        shown = f"{shop.service.outbox.lines.all()}{shop.service.settings}" if shop.service else ""

    cluster = request.getfixturevalue("postgres_cluster") if is_postgres(database) else None
    sent = "\n".join(echoing.heard)
    assert {"bearer", "basic", "header", "client", "token"} <= set(leaked(sent))
    assert "webhook-signature" in sent.lower()
    printed = capfd.readouterr()
    kept = stored(database, cluster, began)
    assert all(session in kept for session in sessions)
    for where, text in {
        "answers": answered,
        "exports": exported,
        "errors": "\n".join(missing),
        "objects": shown,
        "logs": caplog.text,
        "output": printed.out + printed.err,
        "database": kept,
    }.items():
        assert text or where == "output"
        assert leaked(text) == [], where
    for reason in ("connector.schema", "http.500", "http.403", "connector.cut"):
        assert f'"{reason}"' in exported


@pytest.mark.usefixtures("echoing")
def test_the_command_line_shows_no_secret(tmp_path: Path, cli: Cli) -> None:
    folder = tmp_path / "library"
    for path, text in library().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    place = tmp_path / "connectors.toml"

    shown = cli("connectors", "--deployment", place)
    checked = cli("check", folder, "--deployment", place)
    (tmp_path / "secrets" / "basic").unlink()
    missing = cli("check", folder, "--deployment", place)

    said = "".join(one.out + one.err for one in (shown, checked, missing))
    assert "bearer.tell" in said or "deployment.missing-secret" in said
    assert leaked(said) == []
