"""URLs and headers that say one thing only, whoever reads them."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

PORTS: Final = {"http": 80, "https": 443}
"""What is spoken, and the port where it is spoken unless another is said."""


def is_header(name: str, value: str) -> bool:
    """Return whether a header can be sent: visible ASCII, so that no line can be added."""
    return name.replace("-", "").replace("_", "").isalnum() and name.isascii() and (
        value.isascii() and (value.isprintable() or value == "")
    )  # fmt: skip


def origin_of(url: str) -> str | None:
    """Return `https://host:port` of a URL that may be asked; None when it may not be one.

    A URL with a user, a password or a fragment is none, nor is one of another scheme.
    """
    parts = parts_of(url)
    return None if parts is None else origin_in(parts)


def parts_of(url: str) -> SplitResult | None:
    """Return the parts of a URL that says one thing only, whoever reads it; None for any other."""
    is_plain = url.isascii() and url.isprintable() and not any(one in url for one in ' \\<>"{}|^`')
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if (
        not is_plain
        or parts.scheme not in PORTS
        or not parts.hostname
        or "@" in parts.netloc
        or "#" in url
        or port == 0
    ):
        return None
    return parts


def origin_in(parts: SplitResult) -> str:
    """Return `https://host:port` of the parts of such a URL."""
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or PORTS[parts.scheme]}"
