"""Answers that succeed."""

from __future__ import annotations

from typing import Any

import msgspec

from api.headers import etag
from api.problems import Reply

_encoder = msgspec.json.Encoder()


def as_json(value: Any, *, status: int = 200, location: str | None = None) -> Reply:
    """Return a value as the answer."""
    headers = ((b"location", location.encode("ascii")),) if location else ()
    return Reply(status, _encoder.encode(value), headers)


def versioned(body: bytes, version: int, *, status: int = 200, is_replay: bool = False) -> Reply:
    """Return a ready body with the walk version it shows."""
    headers: tuple[tuple[bytes, bytes], ...] = ((b"etag", etag(version)),)
    if is_replay:
        headers = (*headers, (b"idempotency-replayed", b"true"))
    return Reply(status, body, headers)
