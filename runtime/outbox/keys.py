"""What other systems are given to know an action again: a key that tells nothing else.

It is the same at every attempt, in every process and after a restored backup, for it follows from
the action's id by a secret of the service's own, kept in its database. Source: promises.md 2.4;
decision 0045.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from runtime.store import actions as a
from runtime.store.port import Store, Unit

NAME: Final = "action-key"
"""The secret that keys are made with."""


async def secret_of(store: Store, *, now: int) -> bytes:
    """Return the secret that keys are made with; whoever asks first makes it, for all processes.

    Raises:
        Failure: the database cannot be asked, or takes nothing and has none yet.
    """
    rows = await store.read(a.SECRET, NAME)
    if not rows:
        unit = Unit()
        unit.add(a.NEW_SECRET, NAME, secrets.token_hex(32), now)
        await store.commit(unit)
        rows = await store.read(a.SECRET, NAME)
    return bytes.fromhex(rows[0][0])


def key_of(secret: bytes, tenant: str, *, session: str, action: str) -> str:
    """Return the key of an action: what stands for its session, a slash, what stands for it.

    The first half is alike for all actions of a session, so that a connector keeps a pace for each
    session without its id. Each is 32 hexadecimal digits of an HMAC-SHA256.
    """
    whose = _sum(secret, tenant, session)
    return f"{whose}/{_sum(secret, tenant, session, action)}"


def _sum(secret: bytes, *parts: str) -> str:
    # No part holds U+0000: it keeps them apart.
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
