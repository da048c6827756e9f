"""Operations written in the deployment file, asked of a system over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest

from connectors.port import Connector, Outcome
from tests.connectors.contract import Contract, Subject
from tests.connectors.deployed import HERE, call, opened
from tests.connectors.systems import Answering, Call, System, drip, endless, hang, response, system

CANARY = "canary-7f3a"
OMS = """
[oms]
kind = "http"
base_url = "{url}/api/v2"
auth = {{kind = "bearer", token = "secret://oms-token"}}
{here}
[oms.operations.get_order]
path = "/orders/{{id}}"
refusals = [{{status = 404, reason = "not_found"}}]
timeout = "5s"
[oms.operations.get_order.result]
status = {{at = "state", map = {{SHIPPED = "in_transit", DONE = "delivered"}}}}
amount = {{amount = {{at = "total.cents", as = "hundredths"}}, currency = "total.currency"}}
lines = {{at = "lines", each = {{id = "sku", label = "name"}}}}
source = {{value = "oms"}}

[oms.operations.resend]
method = "POST"
path = "/orders/{{id}}/shipments"
effect = "keyed"
required = ["why"]
json = {{reason = "why", "ship_to.city" = "address.city", origin = {{value = "desk"}}}}
refusals = [{{status = 409, at = "error.code", map = {{OUT = "out_of_stock"}}}}]
result = {{shipment = "id"}}

[oms.operations.note]
method = "POST"
path = "/orders/{{id}}.json"
form = {{text = "text"}}
headers = {{X-Channel = "channel"}}

[oms.operations.cancel]
method = "DELETE"
path = "/orders/{{id}}"
success = [204, 404]

[oms.operations.find]
path = "/orders"
query = {{q = "text", tag = "tags", full = {{value = true}}}}
input = {{text = "string", tags = {{type = "array", items = {{type = "string"}}}}}}
output = {{count = "integer"}}
result = "*"
"""
ORDER = {
    "state": "SHIPPED",
    "total": {"cents": 1250, "currency": "EUR"},
    "lines": [{"sku": "A", "name": "Lampe", "cost": 3}],
    "internal": {"margin": 3},
}


def desk(answers: Mapping[str, tuple[int, Any]]) -> Answering:
    """Return what answers by the request's first line."""

    async def answering(request: Call, writer: asyncio.StreamWriter) -> None:
        status, body = answers.get(request.line.removesuffix(" HTTP/1.1"), (500, {}))
        writer.write(response(json.dumps(body), f"{status} Said"))

    return answering


Deed = Callable[[dict[str, Connector], System], Awaitable[Any]]


def at_oms(answering: Answering, deed: Deed, *, text: str = OMS, **given: Any) -> Any:
    """Return what a deed gives, with the connectors of a deployment before a system."""

    async def run() -> Any:
        async with system(answering) as found:
            written = text.format(url=found.url, here=HERE)
            secrets = {"oms-token": CANARY, "second": CANARY}
            async with opened(written, secrets=secrets, **given) as connectors:
                return await deed(connectors, found)

    return asyncio.run(run())


def outcome_of(answering: Answering, operation: str, *, text: str = OMS, **inputs: Any) -> Outcome:
    async def deed(connectors: dict[str, Connector], _found: System) -> Outcome:
        return await call(connectors, operation, **inputs)

    outcome = at_oms(answering, deed, text=text)
    assert isinstance(outcome, Outcome)
    return outcome


def asked_by(operation: str, **inputs: Any) -> Call:
    """Return the one request that an operation makes."""

    async def deed(connectors: dict[str, Connector], found: System) -> Call:
        await call(connectors, operation, **inputs)
        [request] = found.calls
        return request

    request = at_oms(desk({}), deed)
    assert isinstance(request, Call)
    return request


class TestHttp(Contract):
    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async def answering(request: Call, writer: asyncio.StreamWriter) -> None:
            if "F-4" in request.line:
                await hang(request, writer)
            answers = {"F-1": (200, ORDER), "F-2": (404, {}), "F-3": (500, {})}
            order = request.line.split()[1].rpartition("/")[2]
            await desk({request.line.removesuffix(" HTTP/1.1"): answers[order]})(request, writer)

        async with system(answering) as found:
            text = OMS.format(url=found.url, here=HERE)
            async with opened(text, secrets={"oms-token": CANARY}) as connectors:
                yield Subject(
                    connectors["oms"],
                    succeeds=("oms.get_order", {"id": "F-1"}),
                    refuses=("oms.get_order", {"id": "F-2"}),
                    fails=("oms.get_order", {"id": "F-3"}),
                    hangs=("oms.get_order", {"id": "F-4"}),
                    secrets=(CANARY,),
                )


def test_only_what_is_mapped_comes_back_in_the_journeys_own_words() -> None:
    got = outcome_of(desk({"GET /api/v2/orders/F-1": (200, ORDER)}), "oms.get_order", id="F-1")

    assert got == Outcome(
        "succeeded",
        {
            "status": "in_transit",
            "amount": {"amount": "12.50", "currency": "EUR"},
            "lines": [{"id": "A", "label": "Lampe"}],
            "source": "oms",
        },
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("F-1", "F-1"),
        ("a/b", "a%2Fb"),
        ("../admin", "..%2Fadmin"),
        ("x?y=z#w", "x%3Fy%3Dz%23w"),
        ("é ü", "%C3%A9%20%C3%BC"),
        ("a%2Fb", "a%252Fb"),
        ("a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"),
        ("x@evil.example:1", "x%40evil.example%3A1"),
        (3, "3"),
    ],
)
def test_a_value_stays_inside_its_segment(given: Any, path: str) -> None:
    request = asked_by("oms.get_order", id=given)

    assert request.line == f"GET /api/v2/orders/{path} HTTP/1.1"
    assert "x-evil" not in request.headers


@pytest.mark.parametrize("given", ["", ".", "..", {"a": 1}, ["a"], "\ud800"])
def test_what_cannot_be_a_segment_is_not_sent(given: Any) -> None:
    got = outcome_of(desk({}), "oms.get_order", id=given)

    assert got == Outcome("failed", reason="connector.input", sent=False)


def test_parameters_are_encoded_and_lists_repeated() -> None:
    request = asked_by("oms.find", text="a&b=c é", tags=["x y", "z"])

    query = request.line.split()[1].partition("?")[2]
    assert query == "q=a%26b%3Dc%20%C3%A9&tag=x%20y&tag=z&full=true"


def test_a_body_is_built_as_data_and_what_is_not_given_is_left_out() -> None:
    why = 'broken", "admin": true, "x": "'

    request = asked_by("oms.resend", id="F-1", why=why, address={"city": "Nîmes"})

    assert json.loads(request.body) == {
        "reason": why, "ship_to": {"city": "Nîmes"}, "origin": "desk",
    }  # fmt: skip
    assert request.headers["content-type"] == "application/json"
    assert json.loads(asked_by("oms.resend", id="F-1", why="x").body) == {
        "reason": "x", "origin": "desk",
    }  # fmt: skip


def test_a_form_is_encoded_as_one() -> None:
    request = asked_by("oms.note", id="F-1", text="a&admin=1 é", channel="phone")

    assert request.line == "POST /api/v2/orders/F-1.json HTTP/1.1"
    assert parse_qs(request.body.decode()) == {"text": ["a&admin=1 é"]}
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["x-channel"] == "phone"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "é", " a", "a\x00"])
def test_a_header_takes_no_line_of_its_own(value: str) -> None:
    got = outcome_of(desk({}), "oms.note", id="F-1", channel=value)

    assert got == Outcome("failed", reason="connector.input", sent=False)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("k-1", "k-1"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"),
    ],
)
def test_a_keyed_operation_carries_its_key_and_no_other_does(key: str, sent: str) -> None:
    async def deed(connectors: dict[str, Connector], found: System) -> list[str | None]:
        await call(connectors, "oms.resend", key=key, id="F-1", why="x")
        await call(connectors, "oms.note", key=key, id="F-1")
        await call(connectors, "oms.get_order", key=key, id="F-1")
        return [one.headers.get("idempotency-key") for one in found.calls]

    assert at_oms(desk({}), deed) == [sent, None, None]


LINE = "POST /api/v2/orders/F-1/shipments"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, {"id": "S-1"}, Outcome("succeeded", {"shipment": "S-1"})),
        (409, {"error": {"code": "OUT"}}, Outcome("refused", reason="out_of_stock")),
        (409, {"error": {"code": "ELSE"}}, Outcome("failed", reason="http.409")),
        (400, {}, Outcome("failed", reason="http.400")),
        (401, {}, Outcome("failed", reason="http.401")),
        (404, {}, Outcome("failed", reason="http.404")),
        (408, {}, Outcome("failed", reason="http.408", again=True)),
        (425, {}, Outcome("failed", reason="http.425", again=True)),
        (429, {}, Outcome("failed", reason="http.429", again=True)),
        (302, {}, Outcome("unknown", reason="http.302")),
        (500, {}, Outcome("unknown", reason="http.500")),
        (502, {}, Outcome("unknown", reason="http.502", again=True)),
        (503, {}, Outcome("unknown", reason="http.503", again=True)),
        (504, {}, Outcome("unknown", reason="http.504", again=True)),
    ],
)
def test_what_became_of_a_write_is_said_exactly(status: int, body: Any, outcome: Outcome) -> None:
    assert outcome_of(desk({LINE: (status, body)}), "oms.resend", id="F-1", why="x") == outcome


@pytest.mark.parametrize(
    ("status", "again"), [(500, False), (502, True), (503, True), (400, False), (302, False)]
)
def test_a_read_that_fails_has_surely_done_nothing(status: int, *, again: bool) -> None:
    got = outcome_of(desk({"GET /api/v2/orders/F-1": (status, {})}), "oms.get_order", id="F-1")

    assert got == Outcome("failed", reason=f"http.{status}", again=again)


@pytest.mark.parametrize("status", [204, 404])
def test_what_is_already_gone_may_count_as_done(status: int) -> None:
    got = outcome_of(desk({"DELETE /api/v2/orders/F-1": (status, {})}), "oms.cancel", id="F-1")

    assert got == Outcome("succeeded", {})


def raw(body: bytes, *headers: str) -> Answering:
    async def answering(_call: Call, writer: asyncio.StreamWriter) -> None:
        writer.write(response(body, headers=headers))

    return answering


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        pytest.param(raw(b"<html>"), "connector.bad-json", id="not JSON"),
        pytest.param(raw(b'{"state": NaN}'), "connector.bad-json", id="NaN"),
        pytest.param(raw(b'{"state": 1, "state": 2}'), "connector.bad-json", id="a key twice"),
        pytest.param(raw(b'{"state": "\\u0000"}'), "connector.bad-json", id="NUL"),
        pytest.param(raw(b'{"state": "\\ud800"}'), "connector.bad-json", id="half a character"),
        pytest.param(raw(b'{"state": 1e999}'), "connector.bad-json", id="beyond any number"),
        pytest.param(raw(b'{"n": 12345678901234567890}'), "connector.bad-json", id="beyond 2^53"),
        pytest.param(raw(b"[" * 100_000), "connector.bad-json", id="nested for ever"),
        pytest.param(
            raw(b'{"x":' * 40 + b"1" + b"}" * 40), "connector.bad-json", id="nested too deep"
        ),
        pytest.param(raw(b'{"state": "ELSE"}'), "connector.schema", id="a word not known"),
        pytest.param(raw(b'{"state": {}}'), "connector.schema", id="not a word"),
        pytest.param(raw(b'{"lines": "x"}'), "connector.schema", id="not a list"),
        pytest.param(raw(b'{"total": {"cents": 1.5}}'), "connector.schema", id="not cents"),
        pytest.param(endless, "connector.too-large", id="endless"),
    ],
)
def test_an_answer_that_is_not_as_declared_is_a_failure_with_a_code(
    answering: Answering, reason: str
) -> None:
    got = outcome_of(answering, "oms.get_order", id="F-1")

    assert got == Outcome("failed", reason=reason)


def test_an_answer_that_cannot_be_read_after_a_write_leaves_it_unknown() -> None:
    got = outcome_of(raw(b"<html>"), "oms.resend", id="F-1", why="x")

    assert got == Outcome("unknown", reason="connector.bad-json")


def test_a_write_whose_answer_drips_is_unknown_when_its_time_is_over() -> None:
    async def deed(connectors: dict[str, Connector], _found: System) -> Outcome:
        return await call(connectors, "oms.resend", timeout_ms=200, id="F-1", why="x")

    assert at_oms(drip, deed) == Outcome("unknown", reason="connector.timeout", again=True)


def test_a_declared_output_of_another_type_breaks_its_schema() -> None:
    line = "GET /api/v2/orders?full=true"

    assert outcome_of(desk({line: (200, {"count": 3, "more": 1})}), "oms.find") == Outcome(
        "succeeded", {"count": 3}
    )
    assert outcome_of(desk({line: (200, {"count": "3"})}), "oms.find") == Outcome(
        "failed", reason="connector.schema"
    )


def test_an_input_of_another_type_is_not_sent() -> None:
    got = outcome_of(desk({}), "oms.find", tags="x")

    assert got == Outcome("failed", reason="connector.input", sent=False)


# -- who we are


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ('{{kind = "bearer", token = "secret://second"}}', "authorization", f"Bearer {CANARY}"),
        (
            '{{kind = "basic", user = "desk", password = "secret://second"}}',
            "authorization",
            f"Basic {base64.b64encode(f'desk:{CANARY}'.encode()).decode()}",
        ),
        ('{{kind = "header", name = "X-Api-Key", value = "secret://second"}}', "x-api-key", CANARY),
        ('{{kind = "none"}}', "authorization", None),
    ],
)
def test_we_are_known_by_what_the_deployment_says(
    auth: str, header: str, value: str | None
) -> None:
    text = OMS.replace('{{kind = "bearer", token = "secret://oms-token"}}', auth)

    async def deed(connectors: dict[str, Connector], found: System) -> str | None:
        await call(connectors, "oms.get_order", id="F-1")
        return found.calls[0].headers.get(header)

    assert at_oms(desk({}), deed, text=text) == value


def test_a_secret_that_is_gone_by_the_time_of_sending_fails_before_anything_is_sent() -> None:
    environment = {"PARCOURS_SECRET_OMS_TOKEN": CANARY}

    async def run() -> tuple[Outcome, int]:
        async with system(desk({})) as found:
            text = OMS.format(url=found.url, here=HERE)
            async with opened(text, environment=environment) as connectors:
                environment.clear()
                return await call(connectors, "oms.get_order", id="F-1"), len(found.calls)

    assert asyncio.run(run()) == (Outcome("failed", reason="connector.secret", sent=False), 0)
