"""API keys: made, listed, revoked, and recognised.

A key is `pk_<id>_<secret>`; its 256 random bits are shown once and kept as a SHA-256.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from runtime.access import PERMISSIONS, ROLES, Actor, authorize, is_in_scope
from runtime.clock import Clock
from runtime.errors import (
    NotFound,
    StorageFull,
    StorageLost,
    StoreUnavailable,
    Unauthenticated,
    WrongReference,
)
from runtime.ids import Ids
from runtime.json_text import from_text, plain, to_text
from runtime.store import statements as s
from runtime.store.port import Store, Unit
from runtime.store.tables import API_KEY

YEAR: Final = 365 * 86_400_000
REMEMBERED: Final = 10_000
"""Most keys in the cache."""
FRESH: Final = 30_000
"""Milliseconds a recognised key is trusted without asking the database again."""
TOUCH: Final = 3_600_000
"""Milliseconds between two notes of a key's last use."""
_COLUMNS: Final = tuple(column.name for column in API_KEY.columns)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `token` is shown now and never again."""

    id: str
    token: str
    expires_at: int


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Keys:
    """The API keys of all tenants."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._recognised: OrderedDict[str, tuple[Actor, int, int]] = OrderedDict()

    async def create(
        self, tenant: str, role: str, *, name: str, label: str = "",
        scopes: frozenset[str] = frozenset(), life: int = YEAR,
    ) -> NewKey:  # fmt: skip
        """Make a key for `name` in a role; `life` in milliseconds, a year at most.

        Raises:
            WrongReference: no such role or scope, or a life beyond a year.
        """
        plain(tenant, "tenant")
        plain(name, "name")
        if role not in ROLES or role == "system":
            raise WrongReference(field="role", allowed=[r for r in ROLES if r != "system"])
        unknown = [
            scope for scope in scopes
            if not any(is_in_scope(frozenset({scope}), action) for action in PERMISSIONS)
        ]  # fmt: skip
        if unknown:
            raise WrongReference(field="scopes", unknown=sorted(unknown))
        if not 0 < life <= YEAR:
            raise WrongReference(
                {"fr": "Une clé vit un an au plus.", "en": "A key lives a year at most."},
                field="life",
            )
        now = self._clock.now()
        key_id = self._ids.new("key")
        secret = secrets.token_hex(32)
        unit = Unit()
        unit.add(
            s.NEW_API_KEY, tenant, key_id, _digest(secret), role, name, to_text(sorted(scopes)),
            label, now, now + life, None, None,
        )  # fmt: skip
        await self._store.commit(unit)
        return NewKey(key_id, f"pk_{key_id.removeprefix('key_')}_{secret}", now + life)

    async def recognise(self, token: str) -> Actor:
        """Return whose key it is.

        Raises:
            Unauthenticated: unknown, expired, revoked or malformed; which is not said.
        """
        now = self._clock.now()
        known = self._recognised.get(digest := _digest(token))
        if known is not None and now < known[1] and now < known[2]:
            return known[0]
        parts = token.split("_")
        if len(parts) != 3 or parts[0] != "pk" or not token.isascii():
            raise Unauthenticated
        rows = await self._store.read(s.API_KEY, f"key_{parts[1]}")
        row = dict(zip(_COLUMNS, rows[0], strict=True)) if rows else None
        # Compared even when there is no such key, so that the time taken tells nothing.
        stored = row["hash"] if row else _digest("")
        right = hmac.compare_digest(_digest(parts[2]), stored)
        if row is None or not right or row["revoked_at"] is not None or row["expires_at"] <= now:
            raise Unauthenticated
        actor = Actor(
            row["tenant"], row["role"], row["actor"], frozenset(from_text(row["scopes"])), row["id"]
        )
        self._recognised[digest] = (actor, now + FRESH, row["expires_at"])
        self._recognised.move_to_end(digest)
        if len(self._recognised) > REMEMBERED:
            self._recognised.popitem(last=False)
        if row["last_used_at"] is None or now - row["last_used_at"] > TOUCH:
            unit = Unit()
            unit.add(s.TOUCH_API_KEY, row["id"], now)
            # A key is good even when its use cannot be noted: reads go on without a disk.
            with contextlib.suppress(StorageFull, StorageLost, StoreUnavailable):
                await self._store.commit(unit)
        return actor

    async def all(self, actor: Actor) -> list[dict[str, Any]]:
        """Return the tenant's keys, without anything secret, oldest first."""
        authorize(actor, "key.manage")
        rows = await self._store.read(s.API_KEYS, actor.tenant)
        keys = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        for key in keys:
            del key["hash"]
            key["scopes"] = from_text(key["scopes"])
        return keys

    async def revoke(self, actor: Actor, key_id: str) -> None:
        """End a key at once in this process, and within half a minute in the others.

        Raises:
            NotFound: the tenant has no such key, or it was revoked already.
        """
        authorize(actor, "key.manage")
        gone = await self._store.change(s.REVOKE_API_KEY, actor.tenant, key_id, self._clock.now())
        if not gone:
            raise NotFound(key=key_id)
        self._recognised.clear()
