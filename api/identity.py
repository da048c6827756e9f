"""Who calls: an API key's owner, a link's holder, whoever signed in, or a named persona.

What a request says outright, a key or a persona, counts before the cookie its browser adds.
Source: promises.md 3.1 (keys in the header only; personas in development mode, on loopback alone).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from api import browsers
from api.problems import Problem
from runtime.access import ROLES, Actor
from runtime.cti import SCOPE
from runtime.errors import Unauthenticated
from runtime.links import PREFIX

if TYPE_CHECKING:
    from api.context import Context

_PERSONA = re.compile(rb"([a-z]+):([A-Za-z0-9._-]{1,64})")
_LOOPBACK_HOST = re.compile(
    rb"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE
)
NOBODY = Actor("", "nobody", "nobody")
"""Whoever asks for what is public: no permission names its role."""

PERSONA_ROLES = tuple(role for role in ROLES if role != "system")


def refuse_foreign_host(context: Context, headers: Mapping[bytes, bytes]) -> None:
    """Let a request in under this machine's own names alone while there are personas.

    Raises:
        Problem: 400 (a page of another site that resolves to this machine must not act as one).
    """
    if context.personas is not None and not _LOOPBACK_HOST.fullmatch(headers.get(b"host", b"")):
        raise Problem("request.bad-host")


async def identify(context: Context, method: str, headers: Mapping[bytes, bytes]) -> Actor:
    """Return who sends a request.

    Raises:
        Problem: 400 under a foreign host name in development mode; 403 for what came with a
            cookie, changes something, and is not our console's.
        Unauthenticated: the key is not accepted, or the sign-in is over.
    """
    refuse_foreign_host(context, headers)
    given = headers.get(b"authorization")
    if given is not None:
        scheme, _, token = given.partition(b" ")
        if scheme.lower() != b"bearer" or not token.isascii():
            raise Unauthenticated
        text = token.strip().decode("ascii")
        if text.startswith(PREFIX):
            return await _holder(context, text, headers)
        return await context.service.keys.recognise(text)
    persona = headers.get(b"x-parcours-actor")
    if persona is not None:
        return _persona(context, persona)
    sign_in = browsers.token_of(headers)
    if sign_in is None:
        raise Unauthenticated
    if method not in browsers.SAFE:
        browsers.refuse_forged(headers, context.public_url)
    return await context.service.sign_ins.recognise(sign_in)


async def phone_system(context: Context, token: str) -> Actor:
    """Return the phone system whose key stands in its address.

    An address is written down in many places: such a key may do this one thing and nothing else.

    Raises:
        Unauthenticated: it is no key, or may do more.
    """
    if not token.isascii():
        raise Unauthenticated
    actor = await context.service.keys.recognise(token)
    if actor.scopes != {SCOPE}:
        raise Unauthenticated
    return actor


async def _holder(context: Context, token: str, headers: Mapping[bytes, bytes]) -> Actor:
    """Return who holds a link, used from a page of ours or of the origin it was made for."""
    holder = await context.service.links.recognise(token)
    origin = headers.get(b"origin")
    if origin is None or holder.origin is None or origin == holder.origin.encode("ascii"):
        return holder.actor
    if origin.lower() not in browsers.own_origins(headers, context.public_url):
        raise Problem("access.cross-site", params={"missing": "origin"})
    return holder.actor


def _persona(context: Context, named: bytes) -> Actor:
    found = _PERSONA.fullmatch(named)
    if context.personas is None or not found:
        raise Unauthenticated
    if (role := found.group(1).decode()) not in PERSONA_ROLES:
        raise Unauthenticated
    return Actor(context.personas, role, found.group(2).decode())
