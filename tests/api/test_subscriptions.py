"""Over HTTP, what subscribers did not take: pages, keys, refusals. The deeds: tests/runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from tests.api.conftest import settings
from tests.api.service import Shop, begin, code_of, key, running
from tests.runtime.test_notices import listening


class Gone(BaseHTTPRequestHandler):
    """Says that nobody listens here any more, while `status` is 410."""

    status = 410

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(type(self).status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gone)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service that tells a subscriber whose address says that it is gone."""
    folder = tmp_path_factory.mktemp("told")
    with receiving() as url:
        listeners = listening(folder, url, tenant="shop")
        told = replace(settings(folder / "shop.db"), background=False)
        with running(told, listeners=listeners) as found:
            with found.client() as advisor:
                begin(advisor)
            deliver(found)
            yield found


def deliver(shop: Shop) -> int:
    assert shop.service is not None
    assert shop.loop is not None
    telling = shop.service.notices.deliver()
    return asyncio.run_coroutine_threadsafe(telling, shop.loop).result(30)


@pytest.fixture
def zoe(shop: Shop) -> Iterator[httpx.Client]:
    with shop.client("supervisor") as client:
        yield client


def test_what_was_not_taken_is_listed_in_pages(zoe: httpx.Client) -> None:
    (one,) = zoe.get("/v1/subscriptions").json()["items"]
    path = f"/v1/subscriptions/{one['id']}/notices"
    first = zoe.get(path, params={"state": "gone", "limit": 1}).json()
    rest = zoe.get(path, params={"state": "gone", "cursor": first["next"]}).json()

    ids = [notice["id"] for notice in (*first["items"], *rest["items"])]
    assert len(set(ids)) == one["gone"] == len(ids) > 1
    assert {notice["reason"] for notice in rest["items"]} == {"http.410"}
    assert zoe.get(path).json() == {"items": [], "next": None}
    other = zoe.get(path, params={"state": "ready", "cursor": first["next"]})
    assert code_of(other) == (400, "request.bad-cursor")


@pytest.mark.parametrize(
    ("subscription", "body", "expected"),
    [
        ("crm-unknown", {}, (404, "not-found")),
        (None, {"notices": ["nothing"]}, (404, "not-found")),
        (None, {"notices": ["ses_x-1"]}, (409, "notice.not-dead")),
        (None, {"notices": "all"}, (422, "request.wrong")),
        (None, {"notice": []}, (422, "request.wrong")),
        (None, {"notices": ["x"] * 1_001}, (422, "request.wrong")),
    ],
)
def test_what_cannot_be_told_again_is_refused_and_nothing_changes(
    zoe: httpx.Client, subscription: str | None, body: dict[str, object],
    expected: tuple[int, str],
) -> None:  # fmt: skip
    (before,) = zoe.get("/v1/subscriptions").json()["items"]

    path = f"/v1/subscriptions/{subscription or before['id']}:resend"
    refused = zoe.post(path, json=body, headers=key())

    assert code_of(refused) == expected
    assert zoe.get("/v1/subscriptions").json()["items"] == [before]


def test_a_state_that_there_is_not_is_refused(zoe: httpx.Client) -> None:
    refused = zoe.get("/v1/subscriptions/crm/notices", params={"state": "sent"})

    assert code_of(refused)[0] == 422


def test_told_again_once_for_a_key_it_arrives_once_its_address_is_back(
    shop: Shop, zoe: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gone, "status", 204)
    (one,) = zoe.get("/v1/subscriptions").json()["items"]
    headers = key()

    path = f"/v1/subscriptions/{one['id']}:resend"
    first = zoe.post(path, json={}, headers=headers)
    again = zoe.post(path, json={}, headers=headers)

    assert first.json() == {"subscription": one["id"], "count": one["gone"], "more": False}
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert deliver(shop) == one["gone"]
    (after,) = zoe.get("/v1/subscriptions").json()["items"]
    assert (after["ready"], after["gone"]) == (0, 0)
