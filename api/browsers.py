"""What a browser sends by itself: the cookie of a sign-in, and the signs of who made it send.

A browser adds the cookie whichever page asked for the request, so that a request which changes
something must also prove that our own page made it. Source: promises.md 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.problems import Problem

COOKIE: Final = "__Host-sid"
"""Its prefix makes browsers refuse it from any other host, path or plain connection."""
CONSOLE_HEADER: Final = b"x-parcours-console"
"""A form cannot send it, and a script of another origin only if we let it: we never do."""
SAFE: Final = frozenset({"GET", "HEAD"})

LANGUAGE = "parcours-language"
"""The cookie by which a page knows the language of the deployment."""
_RULES = "; Path=/; Secure; HttpOnly; SameSite=Lax"


def token_of(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the token of the sign-in a request came with; None without exactly one."""
    return cookie(headers, COOKIE)


def cookie(headers: Mapping[bytes, bytes], name: str) -> str | None:
    """Return the value of a cookie; None when it is not there, or there twice."""
    given = headers.get(b"cookie")
    if given is None:
        return None
    pairs = (part.strip().partition("=") for part in given.decode("latin-1").split(";"))
    found = [value for known, _, value in pairs if known == name]
    return found[0] if len(found) == 1 else None


def set_cookie(value: str, *, name: str = COOKIE) -> tuple[bytes, bytes]:
    """Return the header that leaves a cookie in a browser until it closes."""
    return b"set-cookie", f"{name}={value}{_RULES}".encode("ascii")


def clear_cookie(name: str = COOKIE) -> tuple[bytes, bytes]:
    """Return the header that takes a cookie out of a browser."""
    return b"set-cookie", f"{name}={_RULES}; Max-Age=0".encode("ascii")


def tell_language(
    language: str | None, headers: Mapping[bytes, bytes]
) -> tuple[bytes, bytes] | None:
    """Return the header that tells our pages this deployment's language, or takes back an old one.

    Their scripts read it: it is no secret. None where there is nothing to tell.
    """
    if language is None and cookie(headers, LANGUAGE) is None:
        return None
    gone = "; Max-Age=0" if language is None else ""
    return b"set-cookie", f"{LANGUAGE}={language or ''}; Path=/; SameSite=Lax{gone}".encode("ascii")


def refuse_other_pages(headers: Mapping[bytes, bytes], public_url: str | None) -> None:
    """Let a request through that one of our own pages made, as far as its browser tells.

    Args:
        headers: the request's.
        public_url: where people reach the service; None: wherever the request says it went.

    Raises:
        Problem: 403 when another page made it, or nothing tells which.
    """
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
    if origin is None and site is None:
        raise _refused("origin")
    if site is not None and site != b"same-origin":
        raise _refused("sec-fetch-site")
    if origin is not None and origin.lower() not in own_origins(headers, public_url):
        raise _refused("origin")


def refuse_forged(headers: Mapping[bytes, bytes], public_url: str | None) -> None:
    """Let a request through that changes something, came with the cookie, and is our console's.

    Raises:
        Problem: 403, `params.missing` naming what is not as the console sends it.
    """
    if headers.get(CONSOLE_HEADER) != b"1":
        raise _refused(CONSOLE_HEADER.decode("ascii"))
    refuse_other_pages(headers, public_url)
    media = headers.get(b"content-type", b"").partition(b";")[0]
    if media.strip().lower() != b"application/json":
        raise _refused("content-type")


_LINK_PATHS: Final = ("/v1/sessions", "/v1/link")
"""What a page of another origin may call, with a link."""
_SENT: Final = b"authorization, content-type, idempotency-key, if-match, traceparent"
_SHOWN: Final = b"etag, idempotency-replayed, location, retry-after, content-language"


def preflight(
    headers: Mapping[bytes, bytes], path: str, origins: Sequence[str]
) -> tuple[tuple[bytes, bytes], ...] | None:
    """Return the headers that let a page of these origins send a request with a link.

    None when the page is of none of them, or the address is not for links.
    """
    origin = headers.get(b"origin", b"")
    is_for_links = path in _LINK_PATHS or path.startswith("/v1/sessions/")
    if origin.decode("latin-1") not in origins or not is_for_links:
        return None
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _SENT),
        (b"access-control-max-age", b"600"),
        (b"vary", b"origin"),
    )


def with_link(
    headers: Mapping[bytes, bytes], origins: Sequence[str]
) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers that let a page of these origins read the answer it got with a link."""
    given = headers.get(b"authorization", b"")
    origin = headers.get(b"origin", b"")
    if given[:10].lower() != b"bearer pe_" or origin.decode("latin-1") not in origins:
        return ()
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", _SHOWN),
        (b"vary", b"origin"),
    )


def shared_with(
    headers: Mapping[bytes, bytes], origins: Sequence[str]
) -> list[tuple[bytes, bytes]]:
    """Return the headers that let pages of these very origins read an answer, without a cookie."""
    shared = [(b"cross-origin-resource-policy", b"cross-origin"), (b"vary", b"origin")]
    origin = headers.get(b"origin", b"")
    if origin.decode("latin-1") in origins:
        shared.append((b"access-control-allow-origin", origin))
    return shared


def own_origins(headers: Mapping[bytes, bytes], public_url: str | None) -> frozenset[bytes]:
    """Return the origins that are this service's own, in small letters."""
    if public_url is not None:
        return frozenset({public_url.lower().encode("ascii")})
    host = headers.get(b"host", b"").lower()
    # Which of the two it is only whoever ends TLS in front of us knows.
    return frozenset({b"http://" + host, b"https://" + host}) if host else frozenset()


def _refused(missing: str) -> Problem:
    return Problem("access.cross-site", params={"missing": missing})
