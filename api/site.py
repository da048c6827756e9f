"""The pages people see: the console, the customer's page, the framed page, and their files.

They hold nothing of anybody: what they show they ask of the API, as whoever they are shown to.
Source: promises.md 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from api import browsers, pages
from api.bundle import File
from api.exchange import Exchange
from api.problems import Problem, Reply
from api.replies import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping


PAGES: Final[Mapping[str, str]] = {
    "/": "index.html",
    "/sign-in": "index.html",
    "/s/{session}": "index.html",
    "/incidents": "index.html",
    "/promises": "index.html",
    "/messages": "index.html",
    "/messages/{message}": "index.html",
    "/samples": "index.html",
    "/samples/{sample}": "index.html",
    "/launch": "index.html",
    "/care": "care.html",
    "/embed": "embed.html",
}
"""Each page's address and its file. One file is the whole console: its script reads the address."""
_ABOVE: Final = ("/s/", "/messages/", "/samples/")
"""Addresses below which one name more is a page."""
FILES: Final = ("/assets/{name:path}", "/embed/{name:path}")
LOOSE: Final = ("/favicon.ico", "/favicon.svg", "/robots.txt")
"""Files that browsers and crawlers ask for by themselves at the root."""
_NO_PAGES: Final = (
    "/v1", "/assets", "/embed", "/sign-in/oidc", "/docs", "/openapi.json", "/metrics", "/live",
    "/ready", "/cti", "/mcp",
)  # fmt: skip
"""Below these there are no pages: whoever asks there is told in the words of the API."""

_FRAMED: Final = "/embed"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors {ancestors}"
)
_FOR_GOOD: Final = b"public, max-age=31536000, immutable"
_ASK_AGAIN: Final = b"no-cache"


def is_public(path: str) -> bool:
    """Return whether an address is one of a page or its files, which anybody may read."""
    return (
        path in PAGES
        or path in LOOSE
        or path.startswith(("/assets/", "/embed/"))
        or any(
            path.startswith(above) and path[len(above) :] and "/" not in path[len(above) :]
            for above in _ABOVE
        )
    )


def is_astray(method: str, path: str, headers: Mapping[bytes, bytes]) -> bool:
    """Return whether somebody looks for a page, in a browser, where there is none."""
    return (
        method in {"GET", "HEAD"}
        and b"text/html" in headers.get(b"accept", b"")
        and not any(path == root or path.startswith(f"{root}/") for root in _NO_PAGES)
        and not is_public(path)
    )


def astray(exchange: Exchange) -> Reply:
    """Return the console's page for whoever is astray: it says so, and leads home."""
    found = page(exchange, "/")
    return Reply(404, found.body, found.headers, found.media_type) if found.body else found


def page(exchange: Exchange, address: str) -> Reply:
    """Return the page at an address of the table; how to build it while it is not built."""
    context = exchange.context
    context.bundle.refresh()
    found = context.bundle.find(PAGES[address])
    if found is None:
        return pages.not_built(exchange.language)
    framed = address == _FRAMED
    headers = [
        (b"cache-control", _ASK_AGAIN),
        (b"content-security-policy", policy(context.embed_origins if framed else ())),
    ]
    if framed and context.embed_origins:
        headers.append((b"cross-origin-resource-policy", b"cross-origin"))
    told = browsers.tell_language(context.language, exchange.headers)
    if told is not None and not framed:
        headers.append(told)
    return _sent(found, exchange, headers)


def file(exchange: Exchange) -> Reply:
    """Return one file of the bundle.

    Names below /assets/ change with what is in them, so that browsers keep them for good; those
    below /embed/ do not, and pages of the allowed origins may load them.
    """
    context, path = exchange.context, exchange.scope["path"]
    # Browsers ask for the old name where no page told them of the new one; it has the same form.
    name = "favicon.svg" if path == "/favicon.ico" else path.removeprefix("/")
    found = context.bundle.find(name)
    if found is None or path.endswith(".html"):
        raise Problem("not-found")
    headers = [(b"cache-control", _FOR_GOOD if path.startswith("/assets/") else _ASK_AGAIN)]
    if path.startswith("/embed/") and context.embed_origins:
        headers += browsers.shared_with(exchange.headers, context.embed_origins)
    return _sent(found, exchange, headers)


def policy(ancestors: Sequence[str]) -> bytes:
    """Return what a page may load, send and be framed by: itself, and these origins."""
    return _POLICY.format(ancestors=" ".join(ancestors) or "'none'").encode("ascii")


def _sent(found: File, exchange: Exchange, headers: list[tuple[bytes, bytes]]) -> Reply:
    coding, form = found.form(exchange.headers.get(b"accept-encoding", b""))
    headers.append((b"etag", form.etag))
    if found.packed:
        headers.append((b"vary", b"accept-encoding"))
    if is_known(form.etag, exchange.headers):
        return Reply(304, headers=tuple(headers))
    if coding is not None:
        headers.append((b"content-encoding", coding))
    return Reply(200, form.body, tuple(headers), found.media_type)
