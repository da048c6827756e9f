"""Who calls: an API key's owner, or in development mode a persona named in a header.

Source: promises.md 3.1 (header only; development mode on loopback alone).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.problems import Problem
from runtime.access import ROLES, Actor
from runtime.errors import Unauthenticated

if TYPE_CHECKING:
    from api.context import Context

_PERSONA = re.compile(rb"([a-z]+):([A-Za-z0-9._-]{1,64})")
_LOOPBACK_HOST = re.compile(
    rb"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE
)
NOBODY = Actor("", "nobody", "nobody")
"""Whoever asks for what is public: no permission names its role."""

PERSONAS_TENANT = "demo"
"""The tenant that development mode's personas belong to."""

PERSONA_ROLES = tuple(role for role in ROLES if role != "system")


async def identify(context: Context, headers: Mapping[bytes, bytes]) -> Actor:
    """Return who sends a request.

    Raises:
        Problem: 401 without a valid key; 400 in development mode under a foreign host name (a
            page of another site that resolves to this machine must not act as a persona).
        Unauthenticated: the key is not accepted.
    """
    if context.personas is not None and not _LOOPBACK_HOST.fullmatch(headers.get(b"host", b"")):
        raise Problem("request.bad-host")
    given = headers.get(b"authorization")
    if given is not None:
        scheme, _, token = given.partition(b" ")
        if scheme.lower() != b"bearer" or not token.isascii():
            raise Unauthenticated
        return await context.service.keys.recognise(token.strip().decode("ascii"))
    persona = headers.get(b"x-parcours-actor")
    if persona is None or context.personas is None:
        raise Unauthenticated
    found = _PERSONA.fullmatch(persona)
    if not found or (role := found.group(1).decode()) not in PERSONA_ROLES:
        raise Unauthenticated
    return Actor(context.personas, role, found.group(2).decode())
