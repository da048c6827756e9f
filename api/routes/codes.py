"""Codes: a session is resumed on another channel, or by somebody else, by eight symbols."""

from __future__ import annotations

from typing import Annotated

import msgspec

from api.operations import Call, Example, Operation
from api.people import MadeLink
from api.problems import Reply
from api.replies import as_json, versioned
from api.retries import key_of
from api.schemas import Body, Language, Name, Started
from runtime.codes import LIFE, LONGEST

_PATH = "/v1/codes:redeem"
Written = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class MakeCode(Body):
    """How long the code lives, in seconds."""

    expires_in_s: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = LIFE


class MadeCode(msgspec.Struct):
    """A code just made, as it is said: it is shown now alone."""

    code: str
    expires_at: int


class RedeemCode(Body):
    """A code as it was heard; on which channel, in which contact and language it goes on."""

    code: Written
    channel: Name | None = None
    contact: Name | None = None
    language: Language | None = None


class OpenCode(Body):
    """A code as it was heard."""

    code: Written


async def make(call: Call) -> Reply:
    """Make the code of a session: eight symbols that are said on the phone.

    The session has no other: one made again takes its place. Lower case, blanks and dashes make no
    difference where it is written.
    """
    asked: MakeCode = call.body
    made = await call.context.service.codes.make(
        call.actor, call.params["session"], life_s=asked.expires_in_s
    )
    return as_json(MadeCode(made.code, made.expires_at), status=201)


async def redeem(call: Call) -> Reply:
    """Go on with the session of a code: at the same step, worded for this channel and actor.

    A session that was put down or handed over is taken up; one that somebody else has is taken
    from them, and they see it at their next command (412). On another channel it goes on in a
    contact of its own: the time between is nobody's contact.
    """
    asked: RedeemCode = call.body
    resumed = {"channel": asked.channel, "contact": asked.contact, "language": asked.language}
    answer = await call.context.service.codes.redeem(
        call.actor, asked.code, resumed=resumed, language=call.language,
        key=key_of(call, _PATH, body=msgspec.to_builtins(asked)),
    )  # fmt: skip
    return versioned(answer.body, answer.version, is_replay=answer.is_replay)


async def open_code(call: Call) -> Reply:
    """Give a customer who has a code and nothing else the link to its session, for an hour."""
    asked: OpenCode = call.body
    made = await call.context.service.codes.open(asked.code)
    return as_json(
        MadeLink(made.id, made.token, f"/care#t={made.token}", made.expires_at), status=201
    )


REDEEM = Operation(
    id="code.redeem", method="POST", path=_PATH, permission="code.redeem", handler=redeem,
    body=RedeemCode, answer=Started, keyed=True, gives_etag=True, tag="links",
    problems=("code.unknown", "code.too-many", "session.stale"),
    examples=(
        Example(summary="Heard on the phone", request={"code": "7kmx 4rt9", "channel": "phone"}),
    ),
)  # fmt: skip

OPERATIONS = (
    Operation(
        id="code.make", method="POST", path="/v1/sessions/{session}/code", permission="code.make",
        handler=make, body=MakeCode, answer=MadeCode, status=201, tag="links",
        problems=("not-found", "session.ended"),
        examples=(
            Example(summary="Said on the phone", request={"expires_in_s": 7_200},
                    answer={"code": "7KMX-4RT9", "expires_at": 1_767_232_800_000}),
        ),
    ),
    REDEEM,
    Operation(
        id="code.open", method="POST", path="/v1/codes:open", permission=None, handler=open_code,
        body=OpenCode, answer=MadeLink, status=201, tag="links",
        problems=("code.unknown", "code.too-many", "request.malformed", "request.wrong",
                  "request.too-many", "service.busy"),
        examples=(Example(summary="Written by a customer", request={"code": "7KMX-4RT9"}),),
    ),
)  # fmt: skip
