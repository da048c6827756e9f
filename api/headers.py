"""The headers every answer carries, and reading those a request must bring exactly once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from api.problems import Problem

HTML_CSP = "default-src 'none'; style-src '{style}'; base-uri 'none'; frame-ancestors 'none'"

SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Source: promises.md 3.1. HSTS belongs to whoever ends TLS in front of us."""

_ONCE = (
    (b"authorization", "access.unauthenticated"),
    (b"x-parcours-actor", "access.unauthenticated"),
    (b"cookie", "access.unauthenticated"),
    (b"origin", "access.cross-site"),
    (b"sec-fetch-site", "access.cross-site"),
    (b"idempotency-key", "request.bad-key"),
    (b"if-match", "request.bad-condition"),
    (b"content-type", "request.media-type"),
    (b"content-encoding", "request.media-type"),
    (b"host", "request.bad-host"),
)

_KEY = re.compile(rb"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_TAG = re.compile(rb'"(0|[1-9][0-9]{0,14})"')
_WEAK_OR_FOREIGN = re.compile(rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def read(raw: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return a request's headers by lower-case name.

    Raises:
        Problem: one whose meaning must be certain is given twice.
    """
    headers = dict(raw)
    if len(headers) != len(raw):
        names = [name for name, _ in raw]
        for name, code in _ONCE:
            if names.count(name) > 1:
                raise Problem(code)
    return headers


def idempotency_key(headers: Mapping[bytes, bytes]) -> str:
    """Return the key of a request that must have one.

    Raises:
        Problem: it has none, or one that is not 1 to 255 printable ASCII characters.
    """
    given = headers.get(b"idempotency-key", b"")
    if not _KEY.fullmatch(given):
        raise Problem("request.bad-key")
    return given.decode("ascii")


def expected_version(headers: Mapping[bytes, bytes]) -> int | None:
    """Return the walk version that If-Match names; None when the header is not there.

    A weak tag or one of someone else's never matches: it gives -1, which no session has.

    Raises:
        Problem: the header is not one entity tag (`*` included: it names no version).
    """
    given = headers.get(b"if-match")
    if given is None:
        return None
    found = _TAG.fullmatch(given.strip())
    if found:
        return int(found.group(1))
    if _WEAK_OR_FOREIGN.fullmatch(given.strip()):
        return -1
    raise Problem("request.bad-condition")


def etag(version: int) -> bytes:
    """Return the entity tag of a walk version."""
    return b'"%d"' % version
