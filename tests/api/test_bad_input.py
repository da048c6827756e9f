"""Bad input, and what it gets: the issue's table over real HTTP, the same on both databases."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.api.service import Shop, begin, bring, key, library_files

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


def code_of(response: httpx.Response) -> tuple[int, str]:
    """Return a refusal's status and code, its form verified."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    assert len(body["trace_id"]) == 32
    return response.status_code, body["code"]


def events_of(client: httpx.Client, session: str) -> list[int]:
    """Return the numbers of a session's events."""
    response = client.get(f"/v1/sessions/{session}/events", params={"limit": 200})
    return [event["seq"] for event in response.json()["items"]]


def test_a_stale_version_gets_412_with_the_current_view(any_advisor: httpx.Client) -> None:
    begun = begin(any_advisor)
    now = bring(any_advisor, begun, REASON)
    before = events_of(any_advisor, begun.json()["session"])

    late = bring(any_advisor, begun, REASON)

    assert code_of(late) == (412, "session.stale")
    assert late.headers["etag"] == now.headers["etag"]
    assert late.json()["view"] == now.json()
    assert events_of(any_advisor, begun.json()["session"]) == before


def test_no_version_gets_428(any_advisor: httpx.Client) -> None:
    session = begin(any_advisor).json()["session"]

    assert code_of(bring(any_advisor, session, REASON)) == (428, "session.version-needed")


def test_a_note_needs_no_version(any_advisor: httpx.Client) -> None:
    session = begin(any_advisor).json()["session"]

    assert bring(any_advisor, session, {"type": "note", "text": "hm"}).status_code == 200


def test_the_same_key_with_another_body_gets_422(any_advisor: httpx.Client) -> None:
    begun = begin(any_advisor)
    first = bring(any_advisor, begun, REASON, Idempotency_Key="one")
    other = {**REASON, "values": {"reason": "late"}}

    again = bring(any_advisor, begun, other, Idempotency_Key="one")

    assert first.status_code == 200
    assert code_of(again) == (422, "idempotency.reused")


def test_the_same_request_again_gets_the_first_answer_byte_for_byte(
    any_advisor: httpx.Client,
) -> None:
    begun = begin(any_advisor)
    first = bring(any_advisor, begun, REASON, Idempotency_Key="two")
    which = {"type": "answer", "values": {"order_id": "F-0001"}}
    session = begun.json()["session"]
    bring(any_advisor, session, which, If_Match=first.headers["etag"])
    before = events_of(any_advisor, session)

    again = bring(any_advisor, begun, REASON, Idempotency_Key="two")

    assert again.status_code == 200
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert events_of(any_advisor, session) == before


def test_the_answer_after_an_action_is_the_one_given_again(any_advisor: httpx.Client) -> None:
    begun = begin(any_advisor)
    asked = bring(any_advisor, begun, REASON)
    which = {"type": "answer", "values": {"order_id": "F-0001"}}
    session, headers = begun.json()["session"], {"If_Match": asked.headers["etag"]}
    first = bring(any_advisor, session, which, **headers, Idempotency_Key="three")

    again = bring(any_advisor, session, which, **headers, Idempotency_Key="three")

    assert first.json()["step"]["id"] == "reassure"
    assert again.content == first.content


def test_a_start_sent_again_begins_nothing_more(any_advisor: httpx.Client) -> None:
    body = {"journey": "parcel", "channel": "phone"}
    headers = key()

    first = any_advisor.post("/v1/sessions", json=body, headers=headers)
    again = any_advisor.post("/v1/sessions", json=body, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"order_id": 12}, "order_id", "answer.not-a-text"),
        ({"order_id": "12"}, "order_id", "answer.bad-form"),
        ({"order_id": "F-0001", "pieces": "two"}, "pieces", "answer.not-a-number"),
        ({"order_id": "F-0001", "pieces": 12}, "pieces", "answer.too-large"),
        ({"order_id": "F-0001", "color": "red"}, "color", "answer.unknown-field"),
        ({}, "order_id", "answer.missing"),
    ],
)
def test_a_wrong_answer_gets_422_naming_the_field(
    any_advisor: httpx.Client, values: dict[str, Any], field: str, code: str
) -> None:
    begun = begin(any_advisor)
    session = begun.json()["session"]
    asked = bring(any_advisor, begun, REASON)
    before = events_of(any_advisor, session)

    refused = bring(
        any_advisor, session, {"type": "answer", "values": values}, If_Match=asked.headers["etag"]
    )

    assert code_of(refused) == (422, "answer.refused")
    assert refused.json()["errors"][field]["code"] == code
    assert refused.json()["errors"][field]["message"]
    assert refused.json()["errors"][field]["allowed"]
    assert events_of(any_advisor, session) == before


def test_an_unknown_option_gets_422_with_those_there_are(any_advisor: httpx.Client) -> None:
    begun = begin(any_advisor)

    refused = bring(any_advisor, begun, {"type": "answer", "values": {"reason": "bored"}})

    assert code_of(refused) == (422, "answer.refused")
    assert refused.json()["errors"]["reason"]["allowed"] == ["nothing", "late"]


def test_a_step_that_is_not_current_gets_422_with_the_current_one(
    any_advisor: httpx.Client,
) -> None:
    begun = begin(any_advisor)

    refused = bring(any_advisor, begun, {**REASON, "step": "which"})

    assert code_of(refused) == (422, "answer.not-current")
    assert refused.json()["errors"]["step"]["allowed"] == ["reason"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "dance"}, None),
        ({"type": "effect_result", "effect": "x", "status": "succeeded"}, None),
        ({"type": "answer"}, "values"),
        ({"type": "answer", "values": []}, "values"),
        ({"type": "answer", "values": {}, "step": 3}, "step"),
        ({"type": "answer", "values": {}, "tsep": "reason"}, "tsep"),
        ({"type": 3}, None),
        ({}, None),
    ],
)
def test_a_command_of_the_wrong_form_gets_422(
    any_advisor: httpx.Client, body: dict[str, Any], field: str | None
) -> None:
    begun = begin(any_advisor)

    refused = bring(any_advisor, begun, body)

    assert refused.status_code == 422
    assert code_of(refused)[1] in {"command.unknown", "command.wrong"}
    if field is not None:
        assert field in refused.json()["errors"]


_DEEP = b'{"type": "note", "text": ' + b"[" * 100 + b"]" * 100 + b"}"
MALFORMED = {
    "syntax": b'{"type": "note"',
    "depth": _DEEP,
    "nan": b'{"type": "note", "text": NaN}',
    "infinity": b'{"type": "note", "text": 1e999}',
    "nul": b'{"type": "note", "text": "a\\u0000b"}',
    "surrogate": b'{"type": "note", "text": "\\ud800"}',
    "duplicate": b'{"type": "note", "text": "a", "text": "b"}',
    "integer": b'{"type": "note", "text": 9007199254740993}',
    "latin": b'{"type": "note", "text": "\xe9"}',
    "nothing": b"",
}


@pytest.mark.parametrize("name", sorted(MALFORMED))
def test_json_that_a_database_would_not_keep_gets_400(any_advisor: httpx.Client, name: str) -> None:
    session = begin(any_advisor).json()["session"]
    before = events_of(any_advisor, session)

    refused = any_advisor.post(
        f"/v1/sessions/{session}/commands",
        content=MALFORMED[name],
        headers={**key(), "Content-Type": "application/json"},
    )

    assert code_of(refused) == (400, "request.malformed")
    assert events_of(any_advisor, session) == before


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"null"])
def test_json_that_is_no_object_gets_422(any_advisor: httpx.Client, body: bytes) -> None:
    session = begin(any_advisor).json()["session"]

    refused = any_advisor.post(
        f"/v1/sessions/{session}/commands",
        content=body,
        headers={**key(), "Content-Type": "application/json"},
    )

    assert code_of(refused) == (422, "request.wrong")


def test_a_body_of_a_megabyte_gets_413(any_advisor: httpx.Client) -> None:
    session = begin(any_advisor).json()["session"]

    refused = bring(any_advisor, session, {"type": "note", "text": "x" * 1_000_000})

    assert code_of(refused) == (413, "request.too-large")


def test_a_body_without_a_length_is_counted_as_it_comes(shop: Shop) -> None:
    def endless() -> Any:
        for _ in range(1_000):
            yield b"x" * 1_024

    with shop.client() as client:
        refused = client.post(
            "/v1/sessions", content=endless(), headers={**key(), "Content-Type": "application/json"}
        )

    assert code_of(refused) == (413, "request.too-large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_another_media_type_gets_415(advisor: httpx.Client, headers: dict[str, str]) -> None:
    refused = advisor.post("/v1/sessions", content=b"{}", headers={**key(), **headers})

    assert code_of(refused) == (415, "request.media-type")


@pytest.mark.parametrize("given", ["", "x" * 256, "a\tb", None])
@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/ses_x/commands"])
def test_no_key_or_a_bad_one_gets_400(advisor: httpx.Client, path: str, given: str | None) -> None:
    headers = {} if given is None else {"Idempotency-Key": given}

    refused = advisor.post(path, json={"journey": "parcel"}, headers=headers)

    assert code_of(refused) == (400, "request.bad-key")


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
        ("GET", "/v1/sessions", (405, "request.method")),
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


def test_a_broken_library_gets_every_finding_and_nothing_is_published(any_shop: Shop) -> None:
    files = library_files()
    files["journeys/parcel.yaml"] = files["journeys/parcel.yaml"].replace(
        "next: reassure", "next: reasure"
    )
    with any_shop.client("author") as author:
        before = author.get("/v1/journeys").json()

        checked = author.post("/v1/libraries:check", json={"files": files})
        refused = author.post("/v1/libraries", json={"files": files})

        assert checked.status_code == 200
        assert checked.json()["errors"] >= 1
        assert code_of(refused) == (422, "library.refused")
        found = refused.json()["findings"]
        assert found == checked.json()["findings"]
        errors = [finding for finding in found if finding["severity"] == "error"]
        assert all(f["file"] == "journeys/parcel.yaml" and f["line"] > 0 for f in errors)
        assert author.get("/v1/journeys").json() == before


def test_nested_brackets_in_a_library_are_a_finding_and_no_crash(any_shop: Shop) -> None:
    files = {**library_files(), "journeys/deep.yaml": "steps: " + "[" * 100_000}
    with any_shop.client("author") as author:
        checked = author.post("/v1/libraries:check", json={"files": files})
        alive = author.get("/live")

    assert checked.status_code == 200
    assert checked.json()["errors"] >= 1
    assert alive.status_code == 200


def test_a_file_beyond_a_megabyte_gets_413(shop: Shop) -> None:
    files = {"journeys/large.yaml": "#" * (1024 * 1024 + 1)}
    with shop.client("author") as author:
        refused = author.post("/v1/libraries:check", json={"files": files})

    assert code_of(refused) == (413, "request.too-large")
    assert refused.json()["params"]["file"] == "journeys/large.yaml"


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
