"""Bad input, and what it gets: the issue's table over real HTTP, the same on both databases."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.service import Shop, begin, bring, code_of, key

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


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
