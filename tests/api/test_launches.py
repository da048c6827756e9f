"""Calls over HTTP: announced by a phone system's server, reported in its own form, opened once."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.service import TENANT, Shop, code_of

CALL = {"call_id": "api-1", "from": "06 12 34 56 78", "journey": "parcel", "unheard_of": 12}


@pytest.fixture
def phones(shop: Shop) -> str:
    """Give the address a phone system reports to."""
    return _address(shop, frozenset({"cti.report"}))


def _address(shop: Shop, scopes: frozenset[str]) -> str:
    assert shop.service is not None
    assert shop.loop is not None
    made = shop.service.keys.create(TENANT, "robot", name="pbx", scopes=scopes)
    return f"/cti/{asyncio.run_coroutine_threadsafe(made, shop.loop).result(30).token}"


def test_a_call_is_announced_by_a_server_and_opened_once_by_an_advisor(shop: Shop) -> None:
    with shop.client("robot") as server, shop.client("advisor") as advisor:
        announced = server.post("/v1/launches", json=CALL)
        opened = advisor.post("/v1/launches:open", json={"token": announced.json()["token"]})
        again = advisor.post("/v1/launches:open", json={"token": announced.json()["token"]})
        session = advisor.get(f"/v1/sessions/{opened.json()['session']}")

    assert announced.status_code == 201
    assert announced.json()["url"] == f"/launch#t={announced.json()['token']}"
    assert announced.json()["unmapped"] == {"unheard_of": "12"}
    assert "612345678" not in announced.json()["url"]
    assert (opened.status_code, session.status_code) == (200, 200)
    assert code_of(again) == (410, "launch.over")


def test_only_staff_opens_a_call_and_no_customer_announces_one(shop: Shop) -> None:
    with shop.client("robot") as server, shop.client("customer") as customer:
        opening = server.post("/v1/launches:open", json={"parameters": {"call_id": "x"}})
        announcing = customer.post("/v1/launches", json=CALL)

    assert code_of(opening) == (403, "access.forbidden")
    assert code_of(announcing) == (403, "access.forbidden")


@pytest.mark.parametrize("as_form", [False, True])
def test_a_phone_system_set_up_for_zammad_reports_unchanged(
    shop: Shop, phones: str, as_form: bool
) -> None:
    name = f"z-{as_form}"
    base = {"from": "0612345678", "to": "0170000000", "direction": "in", "callId": name}
    reports: list[dict[str, Any]] = [
        {**base, "event": "newCall", "user[]" if as_form else "user": ["Ana", "Bob"]},
        {**base, "event": "answer", "user": "Ana", "answeringNumber": "201"},
        {**base, "event": "hangup", "cause": "normalClearing"},
        {**base, "event": "hangup", "cause": "normalClearing"},
    ]
    with httpx.Client(base_url=shop.url, trust_env=False) as pbx:
        answers = [
            pbx.post(phones, data=one) if as_form else pbx.post(phones, json=one) for one in reports
        ]

    assert [one.status_code for one in answers] == [200] * 4
    assert [one.json()["status"] for one in answers] == ["offered", "answered", "ended", "ended"]
    assert len({one.json()["contact"] for one in answers}) == 1


def test_an_address_that_could_do_more_or_nothing_is_not_accepted(shop: Shop) -> None:
    body = {"event": "newCall", "callId": "n"}
    broad = _address(shop, frozenset())
    with httpx.Client(base_url=shop.url, trust_env=False) as pbx, shop.client("robot") as robot:
        for address in (broad, "/cti/nothing", "/cti/pk_x_y"):
            assert code_of(pbx.post(address, json=body)) == (401, "access.unauthenticated")
        # Nor does another key help, whatever it may do.
        assert robot.post("/cti/nothing", json=body).status_code == 401


def test_a_key_in_an_address_opens_nothing_else(shop: Shop, phones: str) -> None:
    token = phones.rpartition("/")[2]
    with shop.client("nobody", Authorization=f"Bearer {token}") as client:
        assert code_of(client.get("/v1/journeys")) == (403, "access.forbidden")
        assert code_of(client.post("/v1/launches", json=CALL)) == (403, "access.forbidden")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"event": "dance", "callId": "1"}, "event", id="no such event"),
        pytest.param({"event": "answer"}, "callId", id="no call"),
    ],
)
def test_a_report_that_is_none_says_what_is_wrong(
    shop: Shop, phones: str, body: dict[str, str], field: str
) -> None:
    with httpx.Client(base_url=shop.url, trust_env=False) as pbx:
        answer = pbx.post(phones, json=body)

    assert code_of(answer) == (422, "request.wrong")
    assert field in answer.json()["errors"]


def test_a_form_is_read_where_one_is_expected_and_nowhere_else(shop: Shop, phones: str) -> None:
    with httpx.Client(base_url=shop.url, trust_env=False) as pbx, shop.client("robot") as robot:
        broken = pbx.post(
            phones,
            content=b"event=%ff",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        elsewhere = robot.post("/v1/launches", data={"call_id": "1"})

    assert code_of(broken) == (400, "request.malformed")
    assert code_of(elsewhere) == (415, "request.media-type")


def test_the_key_in_an_address_stands_in_no_log(
    shop: Shop, phones: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with httpx.Client(base_url=shop.url, trust_env=False) as pbx:
        pbx.post(phones, json={"event": "dance", "callId": "1"})
    said = caplog.text + "".join(capfd.readouterr())

    assert phones.rpartition("/")[2] not in said
