"""A body is counted while it comes, and does not come for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.types import Message, Receive

from api import bodies
from api.problems import Problem


def arriving(*messages: Message) -> Receive:
    """Return a request's `receive` that gives these messages, then waits for ever."""
    left: Iterator[Message] = iter(messages)

    async def receive() -> Message:
        for message in left:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    return receive


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def read(receive: Receive, *, limit: int = 10, length: bytes | None = None) -> bytes:
    headers = {} if length is None else {b"content-length": length}
    return asyncio.run(bodies.read_body(receive, headers, limit=limit))


def test_a_body_in_parts_is_put_together() -> None:
    assert read(arriving(part(b"12345", more=True), part(b"67890"))) == b"1234567890"


def test_a_body_declared_too_large_is_refused_before_it_comes() -> None:
    with pytest.raises(Problem, match=r"request\.too-large"):
        read(arriving(), length=b"11")


def test_a_length_that_is_no_number_is_refused() -> None:
    with pytest.raises(Problem, match=r"request\.too-large"):
        read(arriving(), length=b"-1")


def test_a_body_that_grows_too_large_is_refused_at_that_moment() -> None:
    with pytest.raises(Problem, match=r"request\.too-large"):
        read(arriving(part(b"123456", more=True), part(b"78901", more=True)))


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.0)

    with pytest.raises(Problem, match=r"request\.too-slow"):
        read(arriving(part(b"1", more=True)))


def test_a_client_that_hangs_up_is_nobody_to_answer() -> None:
    with pytest.raises(bodies.ClientGone):
        read(arriving(part(b"1", more=True), {"type": "http.disconnect"}))
