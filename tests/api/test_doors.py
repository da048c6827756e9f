"""Who may come in, and where addresses lead: other tenants, unknown callers, nowhere."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.api.service import Shop, begin, code_of, key


def test_another_tenants_session_is_as_unknown_as_one_that_is_not(any_shop: Shop) -> None:
    with any_shop.client() as ana, any_shop.client("rival") as bob:
        session = begin(ana).json()["session"]
        missing = "ses_" + "0" * 26
        for path in ("", "/events", "/events/stream", "/trace", "/timeline", "/transcript"):
            theirs = bob.get(f"/v1/sessions/{session}{path}")
            nobodys = bob.get(f"/v1/sessions/{missing}{path}")

            assert code_of(theirs) == code_of(nobodys) == (404, "not-found")
            assert _without_ids(theirs) == _without_ids(nobodys)


def test_another_tenants_session_takes_no_command(any_shop: Shop) -> None:
    with any_shop.client() as ana, any_shop.client("rival", **{"If-Match": '"1"'}) as bob:
        begun = begin(ana)
        session = begun.json()["session"]

        refused = bob.post(
            f"/v1/sessions/{session}/commands",
            json={"type": "note", "text": "mine"},
            headers=key(),
        )

        assert refused.status_code in {403, 404}
        assert ana.get(f"/v1/sessions/{session}").json()["notes"] == 0


def _without_ids(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    del body["trace_id"]
    body.pop("params", None)
    return body


def test_the_same_key_of_another_caller_is_another_key(any_shop: Shop) -> None:
    body = {"journey": "parcel", "channel": "phone"}
    with any_shop.client("advisor") as ana, any_shop.client("bot") as bot:
        first = ana.post("/v1/sessions", json=body, headers={"Idempotency-Key": "shared"})
        second = bot.post("/v1/sessions", json=body, headers={"Idempotency-Key": "shared"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["session"] != second.json()["session"]


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer x", "Bearer pk_a_b", "Basic YTpi", "pk_a_b"]
)
def test_whoever_is_not_known_gets_401(shop: Shop, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    with shop.client("nobody", **headers) as client:
        refused = client.get("/v1/journeys")

    assert code_of(refused) == (401, "access.unauthenticated")
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_persona_is_nobody_outside_development_mode(shop: Shop) -> None:
    with shop.client("nobody", **{"X-Parcours-Actor": "advisor:ana"}) as client:
        assert code_of(client.get("/v1/journeys"))[0] == 401


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/nothing", (404, "not-found")),
        ("GET", "/v1/sessions/%00", (404, "not-found")),
        ("GET", "/v1/sessions/" + "x" * 300, (404, "not-found")),
        ("GET", "/v1/journeys/é", (404, "not-found")),
        ("DELETE", "/v1/journeys", (405, "request.method")),
        ("DELETE", "/v1/sessions", (405, "request.method")),
        ("GET", "/v1/journeys?limit=0", (422, "request.bad-query")),
        ("GET", "/v1/journeys?page=2", (422, "request.bad-query")),
        ("GET", "/v1/journeys?cursor=x", (400, "request.bad-cursor")),
        ("GET", "/v1/search?q=%00", (422, "request.bad-query")),
        ("GET", "/v1/schemas/nothing.json", (404, "not-found")),
    ],
)
def test_an_address_that_leads_nowhere_says_so(
    advisor: httpx.Client, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert code_of(advisor.request(method, path)) == expected


def test_405_says_what_is_taken(advisor: httpx.Client) -> None:
    assert advisor.delete("/v1/contacts").headers["allow"] == "GET, POST"


def test_a_refusal_is_in_the_language_asked_for(advisor: httpx.Client) -> None:
    refused = advisor.get("/v1/nothing", headers={"Accept-Language": "fr-FR, en;q=0.5"})

    assert refused.headers["content-language"] == "fr"
    assert refused.json()["title"] == "Cela n’existe pas."


def test_a_key_sent_twice_is_no_key(shop: Shop) -> None:
    with shop.client() as client:
        refused = client.post(
            "/v1/sessions",
            content=json.dumps({"journey": "parcel"}).encode(),
            headers=[
                ("Authorization", client.headers["authorization"]),
                ("Content-Type", "application/json"),
                ("Idempotency-Key", "a"),
                ("Idempotency-Key", "b"),
            ],
        )

    assert refused.status_code in {400, 401}
