"""What identifies a library.

The SHA-256 of everything its journeys are made of, system journeys included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

PARTS = ("library.yaml", "codes.yaml", "connectors.yaml")
FOLDERS = ("journeys/", "tables/")


def belongs(path: str) -> bool:
    """Return whether a file makes the library: its tests and notes do not."""
    return path in PARTS or (path.startswith(FOLDERS) and path.endswith((".yaml", ".yml")))


def content_hash(content: bytes | str) -> str:
    """Return the SHA-256 of one file, in hexadecimal."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def revision_hash(
    files: Mapping[str, bytes | str], *, system: Mapping[str, bytes | str] | None = None
) -> str:
    """Return the SHA-256 of the resolved library, in hexadecimal.

    The order of files does not matter.

    Source: semantics.md 21.
    """
    whole = hashlib.sha256()
    for prefix, part in (("", files), ("system/", system or {})):
        for path in sorted(part):
            if belongs(path):
                whole.update(f"{prefix}{path}\0{content_hash(part[path])}\n".encode())
    return whole.hexdigest()
