"""Read a request's body: counted while it comes, so that nothing too large is ever held."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from api import json_guard
from api.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Receive

PATIENCE_S = 15.0
SLOWEST_BYTES_S = 256 * 1024
"""How long a body may take to arrive whole: so long, and what its limit takes at this pace."""


async def read_json(receive: Receive, headers: Mapping[bytes, bytes], *, limit: int) -> Any:
    """Return the JSON value a request carries.

    Raises:
        Problem: 415 for another media type, 413 for too large a body (before it is held), 400 for
            what is not JSON we accept, 408 when it does not arrive.
    """
    check_media_type(headers)
    data = await read_body(receive, headers, limit=limit)
    try:
        return json_guard.parse(data)
    except json_guard.MalformedJson as wrong:
        raise Problem("request.malformed", params={"why": wrong.why}) from None


def is_form(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a request says that it carries a form."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return kind == b"application/x-www-form-urlencoded"


async def read_form(
    receive: Receive, headers: Mapping[bytes, bytes], *, limit: int
) -> dict[str, Any]:
    """Return the fields of a form; `name[]` gives a list.

    Raises:
        Problem: as `read_json`.
    """
    data = await read_body(receive, headers, limit=limit)
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict")
        for text in (text for pair in pairs for text in pair):
            json_guard.check_text(text)
    except json_guard.MalformedJson as wrong:
        raise Problem("request.malformed", params={"why": wrong.why}) from None
    except ValueError:
        raise Problem("request.malformed", params={"why": "form"}) from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            fields.setdefault(name[:-2], []).append(value)
        else:
            fields[name] = value
    return fields


def check_media_type(headers: Mapping[bytes, bytes]) -> None:
    """Accept `application/json`, in UTF-8 and not compressed, and nothing else."""
    kind = headers.get(b"content-type", b"")
    if kind != b"application/json":
        media, _, parameters = kind.decode("latin-1").lower().partition(";")
        charset = parameters.replace(" ", "").replace('"', "")
        if media.strip() != "application/json" or charset not in ("", "charset=utf-8"):
            raise Problem("request.media-type")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise Problem("request.media-type")


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], *, limit: int) -> bytes:
    """Return a body of at most `limit` bytes.

    Raises:
        Problem: 413 as soon as it is known to be larger; 408 when it is not whole in time.
        ClientGone: the client hung up.
    """
    declared = headers.get(b"content-length")
    if declared is not None and (not declared.isdigit() or int(declared[:20]) > limit):
        raise _too_large(limit)
    parts, size = [], 0
    try:
        async with asyncio.timeout(PATIENCE_S + limit / SLOWEST_BYTES_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                part = message.get("body", b"")
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                parts.append(part)
                if not message.get("more_body"):
                    return parts[0] if len(parts) == 1 else b"".join(parts)
    except TimeoutError:
        raise Problem("request.too-slow") from None


def _too_large(limit: int) -> Problem:
    return Problem("request.too-large", params={"limit": limit})


class ClientGone(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""
