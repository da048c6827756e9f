"""A service with a deployment file: real systems over HTTP, and a person behind each fault."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime.deploying import deployment_file
from runtime.errors import WrongDeployment, WrongSetting
from runtime.settings import Settings, load_settings
from runtime.wiring import Service, open_service
from tests.connectors.systems import (
    Answering,
    System,
    certificates,
    drip,
    endless,
    hang,
    says,
    system,
)
from tests.runtime.conftest import ANA, AUTHOR
from tests.runtime.library import FILES
from tests.runtime.test_outbox import settled
from tests.runtime.walks import reply, seen, step, to_order

CANARY = "canary-90c4"
TABLE = """
[oms]
kind = "http"
base_url = "{url}"
allow_http = true
allow_private = ["127.0.0.0/8"]
auth = {{kind = "bearer", token = "secret://oms-token"}}
[oms.operations.get_order]
path = "/orders/{{id}}"
timeout = "500ms"
refusals = [{{status = 404, reason = "not_found"}}]
result = {{status = "status"}}
[oms.operations.resend]
method = "POST"
path = "/orders/{{id}}/parcels"
result = {{parcel = "id"}}
"""

HOOK = """
[hooks.carrier]
signed = "standard"
secret = "secret://nowhere"
tenant = "acme"
[hooks.carrier.events."parcel.delivered"]
"""
SUBSCRIPTION = """
[subscriptions.crm]
url = "http://crm.example/"
secret = "secret://oms-token"
events = ["session.ended"]
tenant = "acme"
"""


# Attempts end with the action's own time: a second is enough for a system on this machine.
QUICK = {**FILES, "connectors.yaml": FILES["connectors.yaml"].replace("timeout: 5s", "timeout: 1s")}


def told_of_folder(folder: Path) -> Settings:
    """Return the settings of a service whose database, deployment and secrets are in a folder."""
    return Settings(database=str(folder / "store.db"), secrets=str(folder / "secrets"))


async def settled_at_last(service: Service, session: str) -> list[tuple[str, str | None]]:
    """Return what became of a session's action, once its attempts are over."""
    async with asyncio.timeout(20):
        async for _ in service.feed.follow("acme", session):
            if done := await settled(service, session):
                return done
    raise AssertionError("the feed ended")


@dataclass
class Shop:
    """A service, and the system its connectors reach."""

    service: Service
    system: System


@asynccontextmanager
async def shop(
    folder: Path, answering: Answering, *, table: str = TABLE, **system_is: Any
) -> AsyncIterator[Shop]:
    """Give a service on SQLite, with a deployment file beside its database."""
    async with system(answering, **system_is) as found:
        (folder / "connectors.toml").write_text(table.format(url=found.url), encoding="utf-8")
        (folder / "secrets").mkdir(exist_ok=True)
        (folder / "secrets" / "oms-token").write_text(CANARY, encoding="utf-8")
        async with open_service(told_of_folder(folder)) as service:
            if not await service.revisions.live("acme"):
                await service.revisions.publish(AUTHOR, QUICK)
            yield Shop(service, found)


def outcome_at(folder: Path, answering: Answering, **system_is: Any) -> tuple[str, Any]:
    """Return where the advisor stands after an order was looked up, and what became of it."""

    async def run() -> tuple[str, Any]:
        async with shop(folder, answering, **system_is) as found:
            answer = await reply(found.service, ANA, await to_order(found.service, ANA),
                                 order_id="F-1")  # fmt: skip
            done = await settled_at_last(found.service, answer.session)
            answer = await found.service.sessions.view(ANA, answer.session)
            view = seen(answer)
            assert CANARY not in answer.body.decode()
            assert "Traceback" not in answer.body.decode()
            return (f"{step(answer)}{' by hand' if view['do'] else ''}"), done

    return asyncio.run(run())


def test_what_the_system_answers_is_in_the_advisors_very_answer(tmp_path: Path) -> None:
    where, done = outcome_at(tmp_path, says('{"status": "late", "margin": 3}'))

    assert where == "reassure"
    assert done == [("succeeded", None)]


def test_a_refusal_leads_where_the_journey_says(tmp_path: Path) -> None:
    assert outcome_at(tmp_path, says("{}", "404 Not Found")) == (
        "which_again", [("refused", "not_found")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        pytest.param(says("{}", "500 Broken"), "http.500", id="an error of the system"),
        pytest.param(says("{}", "429 Too Many"), "http.429", id="too many requests"),
        pytest.param(hang, "connector.timeout", id="silence"),
        pytest.param(drip, "connector.timeout", id="a drop at a time"),
        pytest.param(endless, "connector.too-large", id="an answer without end"),
        pytest.param(says("<html>"), "connector.bad-json", id="not JSON"),
        pytest.param(says('{"status": "exploded"}'), "connector.schema", id="another schema"),
        pytest.param(says("{}", "302 Found", headers=("Location: http://127.0.0.1:1/",)),
                     "http.302", id="sent elsewhere"),
    ],
)  # fmt: skip
def test_each_fault_of_a_system_ends_on_the_manual_procedure_with_its_code(
    answering: Answering, reason: str, tmp_path: Path
) -> None:
    assert outcome_at(tmp_path, answering) == ("order by hand", [("failed", reason)])


def test_a_certificate_nobody_vouches_for_ends_on_the_manual_procedure(tmp_path: Path) -> None:
    _, tls = certificates(tmp_path, "127.0.0.1")

    assert outcome_at(tmp_path, says(), tls=tls) == (
        "order by hand", [("failed", "connector.tls")],
    )  # fmt: skip


def test_a_system_that_is_down_at_start_stops_nothing(tmp_path: Path) -> None:
    async def run() -> tuple[str | None, Any]:
        async with shop(tmp_path, says()) as found:
            url = found.system.url
        (tmp_path / "connectors.toml").write_text(TABLE.format(url=url), encoding="utf-8")
        async with open_service(told_of_folder(tmp_path)) as service:
            answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
            return step(answer), await settled_at_last(service, answer.session)

    assert asyncio.run(run()) == ("order", [("failed", "connector.unreachable")])


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (TABLE.replace("oms-token", "nowhere"), ["deployment.missing-secret"]),
        (TABLE.replace("allow_http = true", ""), ["deployment.url"]),
        (TABLE.replace("allow_private", "#"), ["deployment.egress"]),
        (
            TABLE.replace('"http"', '"fax"') + HOOK + SUBSCRIPTION,
            ["deployment.unknown-kind", "deployment.missing-secret", "deployment.url"],
        ),
    ],
)
def test_a_deployment_that_is_wrong_keeps_the_service_from_starting_and_says_all_of_it(
    table: str, codes: list[str], tmp_path: Path
) -> None:
    async def run() -> None:
        async with shop(tmp_path, says(), table=table):
            pass

    with pytest.raises(WrongDeployment) as wrong:
        asyncio.run(run())

    assert [fault.code for fault in wrong.value.faults] == codes
    said = wrong.value.message
    assert all(f"[{code}]" in said[one] for one in ("fr", "en") for code in codes)


def told_of(
    heard: asyncio.Event, emit: Callable[[logging.LogRecord], None]
) -> Callable[[logging.LogRecord], None]:
    """Return what keeps a line of the log, and tells of a gap."""

    def told(record: logging.LogRecord) -> None:
        emit(record)
        if record.msg == "deployment_gap":
            heard.set()

    return told


def test_what_no_connector_does_is_said_in_the_log_at_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = TABLE.replace("[oms.operations.resend]", "[oms.operations.send_again]")

    async def run() -> None:
        async with shop(tmp_path, says(), table=table):
            pass
        caplog.clear()
        heard = asyncio.Event()
        monkeypatch.setattr(caplog.handler, "emit", told_of(heard, caplog.handler.emit))
        async with shop(tmp_path, says(), table=table), asyncio.timeout(10):
            await heard.wait()

    with caplog.at_level(logging.WARNING, logger="parcours"):
        asyncio.run(run())

    said = [vars(one) for one in caplog.records if one.msg == "deployment_gap"]
    assert [(one["code"], one["operation"], one["tenant"]) for one in said] == [
        ("deployment.no-operation", "oms.resend", "acme")
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"connectors": "elsewhere.toml"}, "elsewhere.toml"),
        ({}, "connectors.toml"),
        ({"database": "postgresql://parcours@host/parcours"}, None),
    ],
)
def test_the_deployment_file_is_the_one_named_else_the_one_beside_the_database(
    given: dict[str, Any], found: str | None, tmp_path: Path
) -> None:
    (tmp_path / "connectors.toml").touch()
    told = load_settings(environment={}, **{"database": str(tmp_path / "store.db"), **given})

    path = deployment_file(told)

    assert (None if path is None else path.name) == found


def test_a_secret_is_in_no_event_log_view_or_export(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The worst of systems: it says our own secret back, in every way it can.
    echo = json.dumps({"status": "exploded", "id": CANARY, "error": {"code": CANARY}})
    bad = says(echo, f"500 {CANARY}", headers=(f"X-Echo: {CANARY}", f"Set-Cookie: {CANARY}"))

    async def run() -> None:
        for answering in (says(echo), bad):
            async with shop(tmp_path, answering) as found:
                service = found.service
                answer = await reply(service, ANA, await to_order(service, ANA), order_id="F-1")
                assert found.system.calls[0].headers["authorization"] == f"Bearer {CANARY}"
                assert CANARY not in answer.body.decode()

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run())

    assert CANARY not in caplog.text
    stored = [path for path in tmp_path.glob("store.db*") if path.is_file()]
    assert stored
    assert [path.name for path in stored if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("name", ["reply_operation", "alert_operation"])
def test_a_setting_whose_operation_nothing_does_is_told_at_start(tmp_path: Path, name: str) -> None:
    named: dict[str, Any] = {name: "mail.nothing"}
    told = Settings(database=str(tmp_path / "x.db"), background=False, **named)

    async def open_it() -> None:
        async with open_service(told, connectors={}):
            pass

    with pytest.raises(WrongSetting, match=r"connectors\.toml") as refused:
        asyncio.run(open_it())
    assert refused.value.params["setting"] == name
