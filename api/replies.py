"""Answers that succeed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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


def marked(value: Any, asked: Mapping[bytes, bytes]) -> Reply:
    """Return a value with the mark of its content: 304 to whoever has it already.

    `asked` are the request's headers; in `If-None-Match` stands what whoever asks was given last.
    """
    body = _encoder.encode(value)
    mark = b'"%b"' % hashlib.sha256(body).hexdigest().encode("ascii")
    headers = ((b"etag", mark),)
    if is_known(mark, asked):
        return Reply(304, headers=headers)
    return Reply(200, body, headers)


def is_known(mark: bytes, asked: Mapping[bytes, bytes]) -> bool:
    """Return whether `If-None-Match` names the mark of what would be answered."""
    known = asked.get(b"if-none-match", b"")
    return mark in {one.strip().removeprefix(b"W/") for one in known.split(b",")}
