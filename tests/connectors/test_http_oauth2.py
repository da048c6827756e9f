"""A token is asked for once, kept while it is good, and asked for anew when it is refused."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from connectors.port import Connector, Outcome
from tests.connectors.deployed import HERE, call, opened
from tests.connectors.systems import Call, System, response, system

CANARY = "canary: 51/0b"
TABLE = """
[crm]
kind = "http"
base_url = "{url}"
auth = {{kind = "oauth2", token_url = "{url}/token", client_id = "desk", \
client_secret = "secret://crm", scope = "read write"{more}}}
{here}
[crm.operations.note]
method = "POST"
path = "/notes"
"""


class Crm:
    """Gives tokens, and takes notes of whoever has one that is good."""

    def __init__(self, **token: Any) -> None:
        self.token = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, **token}
        self.status = "200 OK"
        self.good = True
        self.given = 0

    async def __call__(self, request: Call, writer: asyncio.StreamWriter) -> None:
        if request.line.startswith("POST /token"):
            self.given += 1
            token = {**self.token, "access_token": f"{self.token['access_token']}-{self.given}"}
            writer.write(response(json.dumps(token), self.status))
        elif self.good and request.headers.get("authorization") == f"Bearer t-{self.given}":
            writer.write(response("{}"))
        else:
            writer.write(response("{}", "401 Unauthorized"))


Deed = Callable[[dict[str, Connector], System], Awaitable[Any]]


def at_crm(crm: Crm, deed: Deed, *, more: str = "", **given: Any) -> Any:
    async def run() -> Any:
        async with system(crm) as found:
            text = TABLE.format(url=found.url, here=HERE, more=more)
            async with opened(text, secrets={"crm": CANARY}, **given) as connectors:
                return await deed(connectors, found)

    return asyncio.run(run())


async def four_at_once(connectors: dict[str, Connector], found: System) -> list[Call]:
    outcomes = await asyncio.gather(*(call(connectors, "crm.note") for _ in range(4)))
    assert [one.status for one in outcomes] == ["succeeded"] * 4
    return [one for one in found.calls if "/token" in one.line]


def test_one_token_serves_all() -> None:
    [asked] = at_crm(Crm(), four_at_once)

    pair = base64.b64encode(b"desk:canary%3A%2051%2F0b").decode()
    assert asked.headers["authorization"] == f"Basic {pair}"
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"], "scope": ["read write"],
    }  # fmt: skip


def test_the_secret_goes_into_the_form_where_the_system_wants_it_there() -> None:
    [asked] = at_crm(Crm(), four_at_once, more=', send_in = "form", audience = "crm"')

    assert "authorization" not in asked.headers
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"], "scope": ["read write"], "audience": ["crm"],
        "client_id": ["desk"], "client_secret": [CANARY],
    }  # fmt: skip


def test_a_token_near_its_end_is_not_used_any_more() -> None:
    now = [1_000.0]
    crm = Crm(expires_in=60)

    async def deed(connectors: dict[str, Connector], _found: System) -> list[int]:
        given = []
        for later in (0, 29, 1):
            now[0] += later
            await call(connectors, "crm.note")
            given.append(crm.given)
        return given

    assert at_crm(crm, deed, monotonic=lambda: now[0]) == [1, 1, 2]


def test_a_token_that_is_refused_is_renewed_once() -> None:
    crm = Crm()

    async def deed(connectors: dict[str, Connector], _found: System) -> tuple[Outcome, Outcome]:
        await call(connectors, "crm.note")
        crm.given += 1  # the one that was given is no longer good
        renewed = await call(connectors, "crm.note")
        crm.good = False
        return renewed, await call(connectors, "crm.note")

    renewed, refused = at_crm(crm, deed)

    assert renewed == Outcome("succeeded", {})
    assert refused == Outcome("failed", reason="http.401")
    assert crm.given == 4


@pytest.mark.parametrize(
    ("crm", "status", "outcome"),
    [
        (Crm(), "400 Bad Request", Outcome("failed", reason="connector.auth", sent=False)),
        (
            Crm(),
            "503 Service Unavailable",
            Outcome("failed", reason="connector.auth", sent=False, again=True),
        ),
        (
            Crm(token_type="mac"),
            "200 OK",
            Outcome("failed", reason="connector.auth", sent=False),
        ),
    ],
)
def test_without_a_token_nothing_of_the_operation_is_sent(
    crm: Crm, status: str, outcome: Outcome
) -> None:
    crm.status = status

    async def deed(connectors: dict[str, Connector], found: System) -> tuple[Outcome, int]:
        return await call(connectors, "crm.note"), len(found.calls)

    assert at_crm(crm, deed) == (outcome, 1)
