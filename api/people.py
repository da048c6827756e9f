"""What requests about people bring and answers give, as structures: see `api.schemas`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.schemas import Body, Language, Name
from runtime.links import LIFE, LONGEST

PREFERENCES: dict[str, Any] = {
    "type": "object",
    "description": "What a person's screen is like: keys, density, panes, theme, language …",
    "additionalProperties": True,
}


class SignInAsPersona(Body):
    """Which of the made-up people to be, as `GET /v1/sign-in/options` names them."""

    persona: Name


class LeaveQuery(Body):
    """Where to go once signed in: a path of ours. `anew`: the provider asks again who one is."""

    next: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    anew: bool = False


class ReturnQuery(msgspec.Struct):
    """What an identity provider sends back; whatever else it adds is left aside."""

    code: Annotated[str, msgspec.Meta(max_length=4_096)] | None = None
    state: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    iss: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    error: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class MakeLink(Body):
    """What a link is for: a journey, or a session that goes on; `origin`: whose pages may use it.

    `customer`: an id, or keys such as `{"phone": "+33612345678"}`.
    """

    journey: Name | None = None
    session: Name | None = None
    customer: Name | dict[str, str] | None = None
    language: Language | None = None
    origin: Name | None = None
    expires_in_s: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = LIFE


class MadeLink(msgspec.Struct):
    """A link just made: its token is shown now alone. `url` opens the customer's page with it."""

    id: str
    token: str
    url: str
    expires_at: int


class Link(msgspec.Struct):
    """What a link is for, as whoever holds it may know. `session` once it has begun."""

    journey: str
    session: str | None
    language: str | None
    origin: str | None
    expires_at: int


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


class NameColleagues(Body):
    """Whose names are wanted, as events name them: `advisor:ana`."""

    by: Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=320)]],
                  msgspec.Meta(min_length=1, max_length=200)]  # fmt: skip


class Colleague(msgspec.Struct):
    """What a colleague is called."""

    by: str
    name: str


class Colleagues(msgspec.Struct):
    """What those of them are called who are known by name, by `by`."""

    items: list[Colleague]


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


_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
CALL_WORDS: dict[str, Any] = {
    "type": "object",
    "description": "What a phone system says of a call, under the names it uses.",
    "additionalProperties": _TEXT,
}
CALL_REPORT: dict[str, Any] = {
    "type": "object",
    "description": "A report of Zammad's generic CTI; `hold` and `unhold` beside its own events.",
    "required": ["event", "callId"],
    "properties": {
        "event": {"enum": ["newCall", "answer", "hangup", "hold", "unhold"]},
        "callId": {"type": "string"},
        "user": {"type": ["string", "array"]},
    },
    "additionalProperties": True,
}


class OpenCall(Body):
    """Which call to open: its one-time token, or what its address says of it."""

    token: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    parameters: dict[str, str] | None = None


class AnnouncedCall(msgspec.Struct):
    """A call announced: `url` opens it once. `unmapped` is what was not understood."""

    launch: str
    token: str
    url: str
    contact: str
    session: str | None
    unmapped: dict[str, str]


class OpenedCall(msgspec.Struct):
    """A call on a screen: its session, or the contact and customer one is to begin with.

    `asks` is a journey asked for that cannot be begun; `said` what is known of the call.
    """

    launch: str
    contact: str
    session: str | None
    reference: str | dict[str, str] | None
    asks: str | None
    said: dict[str, Any]


class Reported(msgspec.Struct):
    """Where a reported call's contact stands."""

    contact: str
    status: str
