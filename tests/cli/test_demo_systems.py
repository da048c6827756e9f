"""The demonstration's systems: real HTTP, a memory, and a way to break them that people can see."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from authoring.load import load_folder
from authoring.yaml.reader import read
from connectors.deployment import Deployment, load_deployment
from connectors.kinds import open_connectors
from connectors.mock import Mock, dated
from connectors.port import Connector, Outcome
from connectors.registry import Registry
from engine.model import Library
from parcours.demo.systems.routes import ROUTES
from parcours.demo.systems.running import deployment, running
from parcours.places import SHIPPED

SLOW_MS = 300
EUR_80 = {"amount": "80.00", "currency": "EUR"}
OTHERWISE: dict[str, dict[str, Any]] = {
    "crm.find_customer": {},
    "oms.list_orders": {"customer": "C-0"},
    "oms.get_order": {"id": "F-0"},
    "oms.resend": {},
    "payment.get_status": {"order": "F-1090"},
    "payment.refund": {"amount": EUR_80},
    "net.incident": {"customer": "C-2201"},
    "net.line_test": {"customer": "C-2201"},
    "agenda.slots": {"customer": "C-2201"},
    "agenda.book": {"customer": "C-2201"},
    "catalogue.get_product": {"reference": "X"},
}
"""What is looked up, or may be refused, and what is asked beside a written answer's own `when`."""


@pytest.fixture
def url() -> Iterator[str]:
    """Give systems as new, whose time costs nothing."""
    with running(0, language="en", pace=0) as url:
        yield url


@pytest.fixture(scope="module")
def library() -> Library:
    found = load_folder(SHIPPED).library
    assert found is not None
    return found


@pytest.fixture(scope="module")
def mock() -> dict[str, list[dict[str, Any]]]:
    content = read((SHIPPED / "mock.yaml").read_text(encoding="utf-8"), "mock.yaml")
    operations: dict[str, list[dict[str, Any]]] = content.data["operations"]
    return operations


def deployed(url: str, folder: Path) -> Deployment:
    path = folder / "connectors.toml"
    path.write_text(deployment(url), encoding="utf-8")
    return load_deployment(path, environment={})


Ask = Callable[..., Awaitable[Outcome]]


def asking(url: str, folder: Path, deed: Callable[[Ask], Awaitable[Any]]) -> Any:
    """Return what a deed gives that asks the systems through the deployment's connectors."""

    async def run() -> Any:
        found = deployed(url, folder)
        used: dict[str, Connector] = {}

        async def ask(
            operation: str, inputs: Mapping[str, Any], *, key: str = "k-1", timeout_ms: int = 5_000
        ) -> Outcome:
            name = operation.partition(".")[0]
            if name not in used:
                used.update(open_connectors(replace(found, tables={name: found.tables[name]})))
            return await used[name].call(operation, inputs, key=key, timeout_ms=timeout_ms)

        try:
            return await deed(ask)
        finally:
            await Registry(used).close()

    return asyncio.run(run())


def request(
    url: str, method: str, path: str, body: Any = None, *, kind: str = "application/json"
) -> tuple[int, str]:
    """Return the status and text of an answer."""
    at = urlsplit(url)
    assert at.hostname is not None
    with closing(http.client.HTTPConnection(at.hostname, at.port, timeout=10)) as connection:
        sent = None if body is None else json.dumps(body).encode()
        connection.request(method, path, body=sent, headers={"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def breaking(url: str, system: str, mode: str, **more: Any) -> int:
    return request(url, "POST", "/_faults", {"system": system, "mode": mode, **more})[0]


# -- they are those that journeys name


def test_every_operation_of_the_library_is_asked_as_the_library_declares_it(
    library: Library, tmp_path: Path
) -> None:
    described = {
        name: one
        for connector in open_connectors(deployed("http://127.0.0.1:9", tmp_path)).values()
        for name, one in (connector.operations() or {}).items()
    }

    assert set(described) == set(library.operations) == {route.operation for route in ROUTES}
    for name, declared in library.operations.items():
        asked = described[name]
        assert asked.effect == declared.effect, name
        assert set(asked.input["properties"]) == set(declared.inputs), name
        assert set(asked.output["properties"]) == set(declared.output), name
        assert asked.timeout_ms == declared.timeout, name


def test_what_they_say_when_new_is_what_the_written_answers_say(
    url: str, tmp_path: Path, mock: dict[str, list[dict[str, Any]]], library: Library
) -> None:
    cases = [
        (name, {**OTHERWISE[name], **answer.get("when", {})}, answer)
        for name, answers in mock.items()
        for answer in answers
        if name in OTHERWISE and (library.operations[name].effect == "read" or "refused" in answer)
    ]
    today = datetime.now(UTC).date()

    async def deed(ask: Ask) -> dict[str, tuple[Outcome, Any]]:
        strayed = {}
        for name, inputs, answer in cases:
            outcome = await ask(name, inputs)
            if answer.get("failed"):
                assert outcome.status == "failed"
                continue
            wanted = dated(answer.get("result"), today), answer.get("refused")
            if (outcome.result, outcome.reason) != wanted:
                strayed[f"{name} {inputs}"] = (outcome, wanted)
        return strayed

    assert len(cases) > 25
    assert asking(url, tmp_path, deed) == {}


# -- they remember


def test_an_order_sent_again_is_in_transit_once_however_often_it_is_asked(
    url: str, tmp_path: Path
) -> None:
    async def deed(ask: Ask) -> list[Outcome]:
        return [
            await ask("oms.resend", {"id": "F-1042"}, key="k-1"),
            await ask("oms.resend", {"id": "F-1042"}, key="k-1"),
            await ask("oms.get_order", {"id": "F-1042"}),
        ]

    first, again, order = asking(url, tmp_path, deed)

    assert first.result == again.result
    assert order.result["status"] == "in_transit"
    assert order.result["delivery_on"] == str(datetime.now(UTC).date() + timedelta(days=2))
    calls = json.loads(request(url, "GET", "/_calls")[1])["items"]
    resent = [one["repeated"] for one in calls if one["operation"] == "oms.resend"]
    assert resent == [False, True]


def test_a_shipment_called_back_leaves_the_order_as_it_was(url: str, tmp_path: Path) -> None:
    async def deed(ask: Ask) -> tuple[Any, Any]:
        before = await ask("oms.get_order", {"id": "F-1042"})
        sent = await ask("oms.resend", {"id": "F-1042"})
        for key in ("k-2", "k-3"):
            back = await ask("oms.cancel_resend", {"id": "F-1042", "result": sent.result}, key=key)
            assert back.status == "succeeded"
        return before.result, (await ask("oms.get_order", {"id": "F-1042"})).result

    before, after = asking(url, tmp_path, deed)

    assert before == after
    assert before["status"] == "suspended"


def test_what_has_left_is_not_cancelled_and_a_key_serves_one_request_only(
    url: str, tmp_path: Path
) -> None:
    async def deed(ask: Ask) -> Outcome:
        await ask("oms.resend", {"id": "F-1042"})
        gone = await ask("oms.cancel_order", {"id": "F-1042"}, key="k-2")
        assert gone == Outcome("refused", reason="already_shipped")
        return await ask("oms.resend", {"id": "F-1090"})

    assert asking(url, tmp_path, deed) == Outcome("failed", reason="http.422")


def test_a_slot_that_is_booked_is_no_longer_offered_until_it_is_given_back(
    url: str, tmp_path: Path
) -> None:
    claire = {"customer": "C-2201"}

    async def deed(ask: Ask) -> list[list[str]]:
        seen = []
        for operation in ("agenda.book", "agenda.cancel"):
            assert (await ask(operation, {**claire, "slot": "C1"})).status == "succeeded"
            slots = (await ask("agenda.slots", claire)).result["slots"]
            seen.append([one["id"] for one in slots])
        return seen

    assert asking(url, tmp_path, deed) == [["C2", "C3", "C4"], ["C1", "C2", "C3"]]


DEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("crm.give_voucher", {"customer": "C-2201", "amount": EUR_80}),
    ("crm.cancel_voucher", {"customer": "C-2201", "amount": EUR_80, "result": {"code": "B"}}),
    ("oms.send_part", {"id": "F-1080", "part": "vis"}),
    ("oms.cancel_order", {"id": "F-1042"}),
    ("carrier.open_inquiry", {"order": "F-1060"}),
    ("payment.new_link", {"order": "F-1042", "by": "sms"}),
    ("payment.cancel_link", {"order": "F-1042", "by": "sms"}),
    ("payment.refund", {"order": "F-1080", "amount": EUR_80}),
    ("net.exchange_box", {"customer": "C-2201"}),
    ("net.cancel_exchange", {"customer": "C-2201", "result": {"ready_on": "2026-01-01"}}),
    ("message.send", {"customer": "C-2201", "template": "parcel_leaves"}),
)


def test_each_deed_gives_what_it_declares(
    url: str, tmp_path: Path, mock: dict[str, list[dict[str, Any]]]
) -> None:
    written = Mock({"operations": mock})

    async def deed(ask: Ask) -> list[str]:
        strayed = []
        for name, inputs in DEEDS:
            outcome = await ask(name, inputs)
            wanted = await written.call(name, inputs, key="k-1", timeout_ms=5_000)
            if outcome.status != "succeeded" or set(outcome.result) != set(wanted.result):
                strayed.append(f"{name}: {outcome}")
        return strayed

    assert asking(url, tmp_path, deed) == []


# -- they can be broken


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("slow", "connector.timeout"), ("failing", "http.503"), ("down", "connector.cut")],
)
def test_a_broken_system_fails_as_such_systems_do_and_the_others_go_on(
    url: str, tmp_path: Path, mode: str, reason: str
) -> None:
    assert breaking(url, "oms", mode) == 200

    async def deed(ask: Ask) -> list[Outcome]:
        return [
            await ask("oms.get_order", {"id": "F-1055"}, timeout_ms=SLOW_MS),
            await ask("payment.get_status", {"order": "F-1055"}),
        ]

    broken, other = asking(url, tmp_path, deed)

    assert (broken.status, broken.reason, broken.again) == ("failed", reason, True)
    assert other.status == "succeeded"


@pytest.mark.parametrize("mode", ["slow", "failing", "down"])
def test_a_system_is_mended_alone_or_with_all_the_others(
    url: str, tmp_path: Path, mode: str
) -> None:
    async def deed(ask: Ask) -> list[str]:
        seen: list[str] = []
        for mend in (("POST", {"system": "oms.get_order", "mode": "fine"}), ("DELETE", None)):
            await asyncio.to_thread(breaking, url, "oms.get_order", mode)
            broken = await ask("oms.get_order", {"id": "F-1055"}, timeout_ms=SLOW_MS)
            await asyncio.to_thread(request, url, mend[0], "/_faults", mend[1])
            mended = await ask("oms.get_order", {"id": "F-1055"})
            seen += [broken.status, mended.status]
        return seen

    assert asking(url, tmp_path, deed) == ["failed", "succeeded"] * 2


def test_a_slow_system_still_does_what_it_was_asked(url: str, tmp_path: Path) -> None:
    breaking(url, "oms.resend", "slow", seconds=1)

    async def deed(ask: Ask) -> list[Outcome]:
        return [
            await ask("oms.resend", {"id": "F-1042"}, timeout_ms=SLOW_MS),
            await ask("oms.get_order", {"id": "F-1042"}),
        ]

    late, order = asking(url, tmp_path, deed)

    assert (late.status, late.reason) == ("unknown", "connector.timeout")
    assert order.result["status"] == "in_transit"


def test_a_fault_that_is_not_understood_is_told_what_is(url: str) -> None:
    for asked, takes in (
        ({"system": "erp", "mode": "down"}, "oms"),
        ({"system": "oms", "mode": "sulking"}, "failing"),
        ({"system": "oms", "mode": "slow", "seconds": -1}, "seconds"),
        ({"system": "oms", "mode": "slow", "seconds": True}, "seconds"),
        ({"system": "oms", "mode": "slow", "for": 3}, "seconds"),
        ({}, "oms"),
    ):
        status, text = request(url, "POST", "/_faults", asked)

        assert status == 422, asked
        assert takes in json.loads(text)["error"]["takes"]


def test_a_page_of_the_web_cannot_break_them_in_passing(url: str) -> None:
    # A form of another page can send text, but not JSON without asking first.
    assert request(url, "POST", "/_faults", {"system": "oms"}, kind="text/plain")[0] == 415


def test_what_they_do_not_understand_is_refused(url: str) -> None:
    asked = {
        ("GET", "/nothing/there", None): 404,
        ("GET", "/_nothing", None): 404,
        ("DELETE", "/oms/orders/F-1042", None): 404,
        ("POST", "/payment/links", '{"order": "F-1042"}'): 422,
        ("POST", "/payment/links", '{"order": "F-1042", "by": "pigeon"}'): 422,
        ("POST", "/payment/refunds", '{"order": "F-1042", "amount": "80"}'): 422,
        ("POST", "/payment/links", "[]"): 422,
    }

    got = {
        one: request(url, one[0], one[1], None if one[2] is None else json.loads(one[2]))[0]
        for one in asked
    }

    assert got == asked


# -- their page, their life


@pytest.mark.parametrize(
    ("language", "fine", "broken"),
    [("fr", "Tout va bien.", "En panne : oms"), ("en", "All is well.", "Broken: oms")],
)
def test_their_page_says_what_is_broken_how_to_break_and_what_was_asked(
    language: str, fine: str, broken: str
) -> None:
    with running(0, language=language, pace=0) as url:
        before = request(url, "GET", "/")[1]
        request(url, "GET", "/oms/orders/F-1042")
        breaking(url, "oms", "down")
        after = request(url, "GET", "/")[1]

    assert fine in before
    assert '{"system": "oms", "mode": "slow"}' in before
    assert broken in after
    assert "oms.get_order" in after


def test_a_port_that_is_taken_is_left_to_who_has_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(port, language="en") as url:
            assert urlsplit(url).port != port
            assert request(url, "GET", "/_faults")[0] == 200


def test_nothing_is_left_of_them_when_the_demonstration_ends() -> None:
    with running(0, language="en") as url:
        port = urlsplit(url).port
        assert request(url, "GET", "/")[0] == 200

    assert port is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert [one.name for one in threading.enumerate() if one.name == "demo-systems"] == []
