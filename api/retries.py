"""Requests that may be sent again: their key, and the answer they got the first time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from api.operations import Call
from api.problems import Reply
from runtime.idempotency import Answer, Keep, Key, fingerprint

_encoder = msgspec.json.Encoder()


def key_of(call: Call, path: str, *, body: object) -> Key:
    """Return a request's key, with what tells it from another request."""
    return Key(call.key, fingerprint("POST", path, body))


async def once(
    call: Call, path: str, *, do: Callable[[Keep], Awaitable[Any]],
    body: Callable[[Any], Any], looks_first: bool = False,
) -> Answer:  # fmt: skip
    """Return what a request gives, doing it unless it was done; `body` makes JSON data of it.

    See `runtime.idempotency.Idempotency.answered`.
    """
    return await call.context.service.idempotency.answered(
        call.actor,
        key_of(call, path, body=msgspec.to_builtins(call.body)),
        do=do,
        body=lambda given: _encoder.encode(body(given)),
        looks_first=looks_first,
    )


def replied(answer: Answer, *, status: int = 200, location: str | None = None) -> Reply:
    """Return an answer as it goes back; one given again says so."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if location is not None:
        headers = ((b"location", location.encode("ascii")),)
    if answer.is_replay:
        headers = (*headers, (b"idempotency-replayed", b"true"))
    return Reply(status, answer.body, headers)
