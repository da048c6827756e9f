"""What requests about people bring and answers give, as structures: see `api.schemas`."""

from __future__ import annotations

from typing import Any

import msgspec

from api.schemas import Body, Name

PREFERENCES: dict[str, Any] = {
    "type": "object",
    "description": "What a person's screen is like: keys, density, panes, theme, language …",
    "additionalProperties": True,
}


class SignInAsPersona(Body):
    """Which of the made-up people to be, as `GET /v1/sign-in/options` names them."""

    persona: Name


class PersonaOption(msgspec.Struct):
    """One of development mode's people."""

    id: str
    name: str
    role: str


class SignInOptions(msgspec.Struct):
    """How one may sign in. Neither: with an API key alone."""

    personas: list[PersonaOption]
    oidc: OidcOption | None


class OidcOption(msgspec.Struct):
    """The identity provider one may sign in with; begin at `GET /sign-in/oidc`."""

    label: str


class Me(msgspec.Struct):
    """Who calls, and what for. Times in milliseconds UTC, null for whoever calls with a key."""

    tenant: str
    role: str
    id: str
    name: str
    language: str
    permissions: list[str]
    signed_in_at: int | None
    idle_until: int | None
    ends_at: int | None
    preferences: dict[str, Any]
