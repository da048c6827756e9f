"""People: how they sign in, who they are, what they prefer, and that they leave."""

from __future__ import annotations

from typing import Any

from api import browsers
from api.operations import NOTHING, Call, Example, Operation
from api.people import (
    Colleague,
    Colleagues,
    Me,
    NameColleagues,
    OidcOption,
    PersonaOption,
    SignInAsPersona,
    SignInOptions,
)
from api.problems import Reply
from api.replies import as_json
from runtime.access import Actor

_ME: dict[str, Any] = {
    "tenant": "default",
    "role": "advisor",
    "id": "ana",
    "name": "Ana Martin",
    "language": "fr",
    "permissions": ["me.change", "me.read", "session.read", "session.start"],
    "signed_in_at": 1_767_225_600_000,
    "idle_until": 1_767_227_400_000,
    "ends_at": 1_767_261_600_000,
    "preferences": {"theme": "dark"},
}


async def read_options(call: Call) -> Reply:
    """List the ways to sign in to the console."""
    personas = [
        PersonaOption(one.by, one.name, one.role)
        for one in call.context.service.sign_ins.personas()
    ]
    vouching = call.context.service.vouching
    oidc = None if vouching is None else OidcOption(vouching.label)
    return as_json(SignInOptions(personas, oidc))


async def sign_in_as_persona(call: Call) -> Reply:
    """Sign in as one of development mode's people; on this machine alone.

    The browser gets the cookie `__Host-sid`, another one each time; what it held before is over.
    """
    if b"origin" in call.headers or b"sec-fetch-site" in call.headers:
        browsers.refuse_other_pages(call.headers, call.context.public_url)
    asked: SignInAsPersona = call.body
    sign_ins = call.context.service.sign_ins
    person = sign_ins.persona(asked.persona, language=call.language)
    opened = await sign_ins.open(person, replaced=browsers.token_of(call.headers))
    return await _me(call, opened.actor, headers=(browsers.set_cookie(opened.token),))


async def read_me(call: Call) -> Reply:
    """Read who calls: role, permissions, preferences, and until when the sign-in lasts."""
    return await _me(call, call.actor)


async def name_colleagues(call: Call) -> Reply:
    """Say what colleagues are called, of those who have signed in; the others are left out."""
    asked: NameColleagues = call.body
    found = await call.context.service.sign_ins.names(call.actor, asked.by)
    return as_json(Colleagues([Colleague(by, name) for by, name in sorted(found.items())]))


async def set_preferences(call: Call) -> Reply:
    """Keep a person's preferences in place of those before, wherever they sign in."""
    await call.context.service.sign_ins.prefer(call.actor, call.body)
    return await _me(call, call.actor)


async def sign_out(call: Call) -> Reply:
    """End the sign-in the request came with; its cookie opens nothing any more."""
    await call.context.service.sign_ins.close(call.actor)
    return Reply(204, headers=(browsers.clear_cookie(),))


async def _me(call: Call, actor: Actor, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Reply:
    found = await call.context.service.sign_ins.me(actor)
    found["language"] = found["language"] or call.language
    reply = as_json(Me(**found))
    return Reply(reply.status, reply.body, (*reply.headers, *headers))


OPERATIONS = (
    Operation(
        id="sign-in.options", method="GET", path="/v1/sign-in/options", permission=None,
        handler=read_options, answer=SignInOptions, tag="sign-in",
        examples=(
            Example(
                summary="Development mode",
                answer={
                    "personas": [{"id": "advisor:ana", "name": "Ana Martin", "role": "advisor"}],
                    "oidc": None,
                },
            ),
        ),
    ),
    Operation(
        id="sign-in.persona", method="POST", path="/v1/sign-in/persona", permission=None,
        handler=sign_in_as_persona, body=SignInAsPersona, answer=Me, tag="sign-in", limit=1_024,
        problems=("request.malformed", "request.bad-host", "access.cross-site", "not-found",
                  "request.bad-query", "request.too-many", "service.internal"),
        examples=(
            Example(summary="Be Ana", request={"persona": "advisor:ana"}, answer=_ME),
        ),
    ),
    Operation(
        id="me.read", method="GET", path="/v1/me", permission="me.read", handler=read_me,
        answer=Me, tag="sign-in", examples=(Example(summary="An advisor", answer=_ME),),
    ),
    Operation(
        id="me.preferences", method="PUT", path="/v1/me/preferences", permission="me.change",
        handler=set_preferences, body="Preferences", answer=Me, tag="sign-in", limit=8_192,
        examples=(Example(summary="A dark screen", request={"theme": "dark"}, answer=_ME),),
    ),
    Operation(
        id="colleague.name", method="POST", path="/v1/colleagues:name",
        permission="colleague.read", handler=name_colleagues, body=NameColleagues,
        answer=Colleagues, tag="sign-in",
        examples=(
            Example(
                summary="One of two is known by name",
                request={"by": ["advisor:bruno", "advisor:crm-key"]},
                answer={"items": [{"by": "advisor:bruno", "name": "Bruno Leroy"}]},
            ),
        ),
    ),
    Operation(
        id="sign-in.end", method="POST", path="/v1/sign-out", permission="me.read",
        handler=sign_out, answer=NOTHING, status=204, tag="sign-in",
    ),
)  # fmt: skip
