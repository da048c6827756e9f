"""The server itself refuses floods, and stops without cutting anyone off."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.app import create_app, tell
from api.headers import SECURITY
from api.metrics import Metrics
from api.server import MAX_HEADERS
from runtime.errors import WrongSetting
from runtime.outbox.lines import Lines
from runtime.settings import Settings
from tests.api.conftest import settings
from tests.api.service import Shop, begin, key, running


@contextmanager
def connected(shop: Shop) -> Iterator[socket.socket]:
    """Give a bare connection to a service."""
    where = urlsplit(shop.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    found = b""
    while part := connection.recv(65_536):
        found += part
    return found


def test_a_flood_of_headers_gets_431(shop: Shop) -> None:
    headers = b"".join(b"x-%d: y\r\n" % number for number in range(10_000))
    with connected(shop) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nhost: x\r\n" + headers[: 64 * MAX_HEADERS])
        answer = everything(connection)

    assert answer.startswith(b"HTTP/1.1 431 ")


def test_an_address_without_end_gets_431(shop: Shop) -> None:
    with connected(shop) as connection:
        connection.sendall(b"GET /" + b"x" * 60_000)
        answer = everything(connection)

    assert answer.startswith(b"HTTP/1.1 431 ")


def test_what_is_not_http_gets_400_and_the_service_goes_on(shop: Shop) -> None:
    with connected(shop) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00 not http at all\r\n\r\n")
        answer = everything(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    with shop.client("nobody") as client:
        assert client.get("/live").status_code == 200


@pytest.mark.parametrize("path", ["/live", "/v1/journeys", "/v1/nothing"])
def test_every_answer_carries_the_security_headers_and_no_servers_name(
    shop: Shop, path: str
) -> None:
    with shop.client() as client:
        headers = client.get(path).headers

    for name, value in SECURITY:
        if name == b"content-security-policy":
            assert headers["content-security-policy"].startswith("default-src 'none'")
        else:
            assert headers[name.decode()] == value.decode()
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_a_follower_is_let_go_when_the_service_stops(tmp_path: Path) -> None:
    with running(settings(tmp_path / "shop.db")) as shop, shop.client() as client:
        session = begin(client).json()["session"]
        with client.stream("GET", f"/v1/sessions/{session}/events/stream") as stream:
            lines = stream.iter_lines()
            heard = next(line for line in lines if line.startswith("data: "))
            assert shop.server is not None
            shop.server.stop()
            # Ends, and not by the client's patience: the answer was closed in good order.
            list(lines)

    assert '"kind":"started"' in heard


def test_a_service_says_it_is_alive_and_ready(any_shop: Shop) -> None:
    with any_shop.client("nobody") as client:
        live, ready = client.get("/live"), client.get("/ready")

    assert live.json() == {"status": "ok", "checks": {}}
    assert ready.json()["status"] == "ok"
    assert ready.json()["checks"]["database"] == "ok"


def test_the_metrics_count_answers_and_refusals(shop: Shop) -> None:
    with shop.client("supervisor") as supervisor:
        supervisor.get("/v1/nothing")
        begin(supervisor)
        page = supervisor.get("/metrics")

    assert 'parcours_refusals_total{code="not-found"}' in page.text
    assert 'parcours_requests_total{operation="session.start",status="201"}' in page.text
    assert "parcours_in_flight 1.0" in page.text


def test_development_mode_is_refused_where_others_can_reach_it() -> None:
    with pytest.raises(WrongSetting):
        create_app(Settings(dev_mode=True, bind="0.0.0.0"))


def test_a_persona_acts_in_development_mode_under_a_local_name_alone(tmp_path: Path) -> None:
    told = Settings(database=str(tmp_path / "shop.db"), port=0, dev_mode=True)
    with running(told) as shop, shop.client("nobody") as client:
        ana = {"X-Parcours-Actor": "advisor:ana"}
        seen = client.get("/v1/journeys", headers=ana)
        rebound = client.get("/v1/journeys", headers={**ana, "Host": "evil.example"})
        unknown = client.get("/v1/journeys", headers={"X-Parcours-Actor": "system:system"})
        described = client.get("/openapi.json")

    assert seen.status_code == 200
    assert (rebound.status_code, rebound.json()["code"]) == (400, "request.bad-host")
    assert unknown.status_code == 401
    assert described.status_code == 200


def test_a_caller_in_too_much_of_a_hurry_gets_429(tmp_path: Path) -> None:
    told = Settings(database=str(tmp_path / "shop.db"), port=0, rate_per_s=1, rate_burst=3)
    with running(told) as shop, shop.client() as client, shop.client("bot") as other:
        answers = [client.get("/v1/journeys") for _ in range(5)]
        patient = other.get("/v1/journeys")

    assert [a.status_code for a in answers[:3]] == [200, 200, 200]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert patient.status_code == 200


def test_a_key_that_is_guessed_at_gets_429(tmp_path: Path) -> None:
    told = Settings(database=str(tmp_path / "shop.db"), port=0)
    with running(told) as shop, shop.client("nobody", Authorization="Bearer pk_x_y") as client:
        asked = (client.get("/v1/journeys").status_code for _ in range(1_000))
        believed = list(takewhile(lambda status: status != 429, asked))

    assert set(believed) == {401}
    assert len(believed) < 1_000


def test_a_fault_of_ours_is_answered_without_internals(shop: Shop) -> None:
    assert shop.service is not None
    contacts = shop.service.contacts
    shop.service.contacts = None  # type: ignore[assignment]  # breaks what no request can break
    try:
        with shop.client() as client:
            answer = client.post("/v1/contacts", json={"channel": "phone"}, headers=key())
    finally:
        shop.service.contacts = contacts

    assert answer.status_code == 500
    assert answer.json()["code"] == "service.internal"
    assert "NoneType" not in answer.text


def test_the_log_names_the_database_and_warns_of_a_version_that_needs_care(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shop.service is not None
    monkeypatch.setattr(shop.service.store, "caution", "Mind the file.")

    tell(create_app(Settings()), shop.service)

    told = capsys.readouterr().err
    assert f'"database": "SQLite {sqlite3.sqlite_version}"' in told
    assert '"caution": "Mind the file."' in told


def test_the_metrics_say_what_became_of_actions_by_connector() -> None:
    lines, metrics = Lines(), Metrics()
    lines.of("oms.get_order", now=0).outcomes["failed"] += 1

    metrics.acted(lines.all(), {"open": 2})
    page = metrics.page(in_flight=0, effects={}).decode()

    assert 'parcours_attempts{connector="oms",outcome="failed"} 1.0' in page
    assert 'parcours_circuit_open{connector="oms"} 0.0' in page
    assert 'parcours_dead_letters{state="open"} 2.0' in page
