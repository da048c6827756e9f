"""Pages of long lists: an opaque cursor that names the place to go on from, and its own list."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from api.problems import Problem

Place = TypeVar("Place", str, int)

DEFAULT = 50
MOST = 200


class Cursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The list it belongs to, the last item given, and the sum that tells it was not touched."""

    list: str
    after: str | int
    sum: str


def write(tenant: str, name: str, after: str | int) -> str:
    """Return the cursor of the page that follows an item of a tenant's list."""
    packed = msgspec.json.encode(Cursor(name, after, _sum(tenant, name, after)))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def _sum(tenant: str, name: str, after: str | int) -> str:
    """Return a checksum. It guards against mistakes, not against forgery: see decision 0016."""
    whole = msgspec.json.encode([tenant, name, after])
    return blake2b(whole, digest_size=8, person=b"parcours.cursor").hexdigest()


def read(tenant: str, name: str, cursor: str | None, *, kind: type[Place]) -> Place | None:
    """Return the item a page begins after, by its id or number; None for the first page.

    Raises:
        Problem: 400 when it is not one that `write` gave for this very list of this tenant.
    """
    if cursor is None:
        return None
    try:
        packed = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        found = msgspec.json.decode(packed, type=Cursor)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError):
        raise Problem("request.bad-cursor") from None
    after = found.after
    if write(tenant, name, after) != cursor or not isinstance(after, kind):
        raise Problem("request.bad-cursor")
    if not str(after).isprintable() or len(str(after)) > 255:
        raise Problem("request.bad-cursor")
    return after


def page(items: list[Any], following: str | None) -> dict[str, Any]:
    """Return one page: its items, and the cursor of the next page when there is one."""
    return {"items": items, "next": following}
