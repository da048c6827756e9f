"""Conversations over HTTP: a chat platform's server brings messages and is told what to send."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.api.service import Shop, code_of

PATH = "/v1/channels/{channel}/turns"


def turn(client: httpx.Client, *, channel: str = "chat", **body: Any) -> httpx.Response:
    """Bring one message."""
    told = {"conversation": "c", "message": str(uuid.uuid4()), **body}
    return client.post(PATH.format(channel=channel), json=told)


def test_a_platform_brings_a_message_and_sends_it_again(shop: Shop) -> None:
    asked = {"conversation": "http-1", "message": "m-1", "text": "hello", "journey": "parcel"}
    with shop.client("bot") as bot:
        first = turn(bot, **asked)
        again = turn(bot, **asked)
        other = turn(bot, **{**asked, "text": "bye"})

    assert first.status_code == 200, first.text
    assert first.json()["session"].startswith("ses_")
    assert first.json()["messages"][-1]["text"]
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert "idempotency-replayed" not in first.headers
    assert code_of(other) == (422, "idempotency.reused")


def test_options_come_as_the_platform_shows_them(shop: Shop) -> None:
    with shop.client("bot") as bot:
        wide = turn(bot, conversation="w", text="zzz")
        narrow = turn(bot, conversation="n", text="zzz", limits={"buttons": 0, "rows": 0})

    assert wide.json()["messages"][-1]["style"] in {"buttons", "none"}
    assert narrow.json()["messages"][-1]["style"] in {"text", "none"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing is said"),
        pytest.param({"text": "a", "choice": "b"}, id="two things at once"),
        pytest.param({"text": "a", "message": ""}, id="no id"),
        pytest.param({"text": "a", "unheard": 1}, id="a field nobody knows"),
        pytest.param({"text": "a", "limits": {"text": 1}}, id="a limit nothing fits in"),
        pytest.param({"attachment": {"name": "x", "content": "%%"}}, id="no file"),
        pytest.param({"text": "a", "customer": "cus_none", "journey": "parcel"}, id="nobody"),
    ],
)
def test_a_turn_that_is_none_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    with shop.client("bot") as bot:
        answer = turn(bot, **{"conversation": "bad", **body})

    assert answer.status_code in {404, 422}, answer.text
    assert answer.json()["code"]


def test_a_channel_the_library_has_not_is_refused(shop: Shop) -> None:
    with shop.client("bot") as bot:
        answer = turn(bot, channel="pigeon", conversation="p", text="hello", journey="parcel")

    assert answer.status_code in {404, 422}
