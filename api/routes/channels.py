"""Conversations on any channel: a chat platform brings a message, and is told the reply."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any, Final

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.schemas import Body
from runtime.channels.plans import Message
from runtime.channels.shaping import CHANNELS, Limits
from runtime.files import LARGEST, UNTOLD, Sent

_LIMIT: Final = LARGEST * 4 // 3 + 16_384
"""Bytes of a body that holds the largest attachment, in base64."""
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
_Few = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Wide = Annotated[int, msgspec.Meta(ge=0, le=1_000)]


class Attachment(Body):
    """A file that was sent: its name and media type, and its bytes in base64."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
    content: bytes
    media_type: Annotated[
        str, msgspec.Meta(pattern=r"^([a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100})?$")
    ] = ""


class ChannelLimits(Body):
    """What a platform shows: buttons and rows of a list (0: none), their characters, a text's."""

    buttons: _Few | None = None
    button: _Wide | None = None
    rows: _Few | None = None
    row: _Wide | None = None
    text: Annotated[int, msgspec.Meta(ge=60, le=65_536)] | None = None


class ChannelTurn(Body):
    """One message: its conversation and id on its platform, and a text, a choice or an attachment.

    `user` is the platform's name for who writes; `customer` who it is, as an id or keys, only where
    the platform made sure; `journey` the one a new conversation is for; `locale` such as `fr-FR`.
    """

    conversation: _Name
    message: _Name
    user: _Name | None = None
    text: str | None = None
    choice: _Name | None = None
    attachment: Attachment | None = None
    locale: Annotated[str, msgspec.Meta(max_length=35)] | None = None
    customer: str | dict[str, str] | None = None
    journey: str | None = None
    limits: ChannelLimits | None = None


class QuickReply(msgspec.Struct):
    """What may be pressed: sent back as `choice`, shown as `label`."""

    id: str
    label: str
    short: str | None


class ChannelMessage(msgspec.Struct):
    """One message to send; its options are buttons, a list, numbered in its text, or none."""

    text: str
    style: str
    options: list[QuickReply]


class Understood(msgspec.Struct):
    """What a message was taken to say of a question, by what, and how surely (0 to 1).

    `ahead`: its question is yet to come, and will ask whether it is right.
    """

    field: str
    label: str
    shown: str
    by: str
    score: float
    sure: bool
    ahead: bool


class HandOver(msgspec.Struct):
    """Whom a conversation is handed to, a role or a team: the platform then gives it to people."""

    to: str


class ChannelReply(msgspec.Struct):
    """What to send back, in order, and where the session stands.

    `expects` is the kind of answer awaited: choice, text, number, …, wait or nothing.
    """

    session: str | None
    status: str | None
    outcome: str | None
    version: int | None
    language: str
    expects: str
    handover: HandOver | None
    messages: list[ChannelMessage]
    understood: list[Understood]


async def take_turn(call: Call) -> Reply:
    """Take one message of a conversation in, and say what to send back.

    The first one begins the journey it names, or the one its words mean; or asks which. A text is
    read against the question that waits: a number, a label, a synonym, a likeness; dates, amounts,
    several answers in one line; or words such as back, correct, pause, an advisor. What was taken
    is told, what is unsure is asked back, and what is not understood twice goes to an advisor. The
    platform's message id is the idempotency key: sent again, it has no further effect and the same
    answer.
    """
    asked: ChannelTurn = call.body
    channel = call.params["channel"]
    file = asked.attachment
    message = Message(
        channel=channel, conversation=asked.conversation, message=asked.message, user=asked.user,
        text=asked.text, choice=asked.choice,
        file=None if file is None else Sent("", file.name, file.media_type or UNTOLD, file.content),
        locale=asked.locale or None, customer=asked.customer, journey=asked.journey,
        limits=_limits(channel, asked.limits),
    )  # fmt: skip
    answer = await call.context.service.conversations.turn(call.actor, message)
    reply = Reply(200, answer.body)
    if answer.is_replay:
        reply = replace(reply, headers=(*reply.headers, (b"idempotency-replayed", b"true")))
    return reply


def _limits(channel: str, told: ChannelLimits | None) -> Limits:
    """Return a channel's limits, with those that the platform says of itself."""
    known = CHANNELS.get(channel, Limits())
    said: dict[str, Any] = {} if told is None else msgspec.to_builtins(told)
    return Limits(
        **{**asdict(known), **{name: one for name, one in said.items() if one is not None}}
    )


_SESSION = "ses_06k3v9r1d4zj5m2q8w7t0xbncs"

OPERATIONS = (
    Operation(
        id="channel.turn", method="POST", path="/v1/channels/{channel}/turns",
        permission="channel.turn", handler=take_turn, body=ChannelTurn, answer=ChannelReply,
        tag="channels", limit=_LIMIT,
        problems=("journey.unknown", "idempotency.reused", "idempotency.running"),
        examples=(
            Example(
                summary="A first message names its request",
                request={
                    "conversation": "c-17", "message": "m-1", "user": "u-5", "locale": "fr-FR",
                    "text": "Je n'ai pas reçu mon colis",
                },
                answer={
                    "session": _SESSION, "status": "active", "outcome": None, "version": 1,
                    "language": "fr", "expects": "text", "handover": None,
                    "messages": [
                        {
                            "text": "Je vous aide pour : Suivi de livraison.\n\nQuel est votre "
                            "numéro de client ?",
                            "style": "none", "options": [],
                        }
                    ],
                    "understood": [],
                },
            ),
        ),
    ),
)  # fmt: skip
