"""Operations served without the router answer exactly as they do through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api import hot
from api.routes.registry import OPERATIONS
from tests.api.conftest import settings
from tests.api.service import Shop, begin, bring, key, running

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service whose every operation goes through the router."""
    database = tmp_path_factory.mktemp("routed") / "shop.db"
    with running(settings(database), is_hot=False) as found:
        yield found


def test_the_hot_operations_are_also_in_the_router() -> None:
    found = [
        hot.find("POST", "/v1/sessions"),
        hot.find("POST", "/v1/sessions/ses_1/commands"),
        hot.find("GET", "/v1/sessions/ses_1"),
    ]

    assert all(each is not None and each[0] in OPERATIONS for each in found)
    assert [each[1] for each in found if each] == [{}, {"session": "ses_1"}, {"session": "ses_1"}]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/sessions"),
        ("POST", "/v1/sessions/"),
        ("POST", "/v1/sessions/a/b/commands"),
        ("GET", "/v1/sessions/a/trace"),
        ("POST", "/v1/sessions/a/commands:preview"),
        ("PUT", "/v1/sessions/a"),
    ],
)
def test_whatever_else_is_left_to_the_router(method: str, path: str) -> None:
    assert hot.find(method, path) is None


def conversation(shop: Shop) -> list[tuple[int, dict[str, str], Any]]:
    """Return what a service answers to every kind of request a hot operation takes."""
    answers: list[httpx.Response] = []
    with shop.client() as client, shop.client("nobody") as nobody, shop.client("author") as author:
        begun = begin(client)
        session = begun.json()["session"]
        path = f"/v1/sessions/{session}"
        answers += [begun, client.get(path), client.get(path, params={"language": "fr"})]
        answers.append(bring(client, begun, REASON, Idempotency_Key="again"))
        answers.append(bring(client, begun, REASON, Idempotency_Key="again"))
        answers += [
            bring(client, begun, REASON),
            bring(client, session, REASON),
            bring(client, begun, {"type": "dance"}),
            bring(client, session, {"type": "note", "text": "x" * 300_000}),
            bring(client, begun, REASON, If_Match="nonsense"),
            bring(client, begun, REASON, Content_Type="text/plain"),
            client.post(path + "/commands", json=REASON),
            client.post("/v1/sessions", json={"journey": 3}, headers=key()),
            client.post("/v1/sessions", json={"journey": "none"}, headers=key()),
            client.get(path, params={"language": "!"}),
            client.get("/v1/sessions/ses_unknown"),
            nobody.get(path),
            author.get(path),
            author.post("/v1/sessions", json={"journey": "parcel"}, headers=key()),
        ]
    return [_comparable(answer, session) for answer in answers]


def _comparable(answer: httpx.Response, session: str) -> tuple[int, dict[str, str], Any]:
    """Return an answer without what differs from one session to the next."""
    headers = {name: value.replace(session, "ses") for name, value in answer.headers.items()}
    for name in ("date", "content-length"):
        headers.pop(name, None)
    return answer.status_code, headers, _timeless(answer.json(), session)


def _timeless(value: Any, session: str) -> Any:
    if isinstance(value, dict):
        return {
            name: None if name in {"at", "left_at", "trace_id"} else _timeless(inner, session)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_timeless(inner, session) for inner in value]
    return "ses" if value == session else value


def test_both_ways_answer_alike(shop: Shop, routed: Shop) -> None:
    with_router, without = conversation(routed), conversation(shop)

    assert [status for status, _, _ in without] == [
        201, 200, 200, 200, 200, 412, 428, 422, 413, 400, 415, 400, 422, 422, 422, 404, 401, 403,
        403,
    ]  # fmt: skip
    assert without == with_router
