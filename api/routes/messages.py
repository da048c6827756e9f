"""E-mails and letters: taken in, opened, read for answers, answered by one reply."""

from __future__ import annotations

from typing import Any, Final

from api import paging
from api.messages import (
    JudgeMessage,
    ListedMessage,
    MessageQuery,
    OpenMessage,
    ReadMessage,
    ReplyToMessage,
    TakeMessage,
    WholeMessage,
)
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.retries import once, replied
from api.schemas import Page
from runtime.errors import WrongReference
from runtime.files import LARGEST
from runtime.idempotency import Keep
from runtime.post.mail import Attached, read_mail, tidy
from runtime.post.messages import Letter
from runtime.post.replies import Reply as Written

_PATH: Final = "/v1/messages"
_ONE: Final = _PATH + "/{message}"
_LIMIT: Final = LARGEST * 2
"""Bytes of a body: an e-mail with its largest file, each in base64."""
_LISTED: dict[str, Any] = {
    "id": "msg_06k3v9r1d4zj5m2q8w7t0xbncs", "direction": "in", "kind": "email", "status": "new",
    "subject": "My parcel", "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs",
    "customer": "cus_06k3v9r1d4zj5m2q8w7t0xbncs", "session": None, "at": 1_767_225_600_000,
    "from": "claire.dubois@example.org", "name": "Claire Dubois", "to": "bonjour@boutique.example",
    "answers": None, "own_advisor": "ana", "machine": None, "reason": None, "language": "en",
    "files": [],
    "excerpt": "My parcel has not arrived. Order: F-1042",
}  # fmt: skip
_WHOLE = {**_LISTED, "text": "My parcel has not arrived.\nOrder: F-1042", "lost": [], "thread": []}
_READ = {
    **_WHOLE, "status": "open", "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
    "answers_found": [{
        "name": "order_id", "label": "Order", "type": "text", "value": "F-1042", "shown": "F-1042",
        "how": "named", "sentence": "Order: F-1042", "from": 27, "to": 40,
    }],
    "accepted": {}, "refused": [],
    "missing": [{"name": "postcode", "label": "Postcode", "text": "What is your postcode?"}],
    "reply": {
        "to": "claire.dubois@example.org", "subject": "Re: My parcel", "language": "en",
        "body": "Hello Claire Dubois,\n\n…\n\n1. What is your postcode?", "by": "mail",
        "incidents": [],
    },
}  # fmt: skip


async def take_in(call: Call) -> Reply:
    """Take an e-mail or a letter in: its customer is found or made, its contact begins.

    An e-mail is known by its Message-ID, a letter by its `reference` or its text: sent again, it is
    the same message. One that answers a reply of ours finds its session. What a machine wrote (an
    absence, a bounce, a list's) is kept as `ignored`, and nothing ever answers it.
    """
    asked: TakeMessage = call.body
    messages = call.context.service.post.messages
    if (asked.mail is None) == (asked.letter is None):
        raise WrongReference(
            {"fr": "Envoyez mail, ou letter.", "en": "Send mail, or letter."}, field="mail"
        )
    if asked.mail is not None:
        taken = await messages.take_mail(call.actor, read_mail(asked.mail))
    else:
        assert asked.letter is not None
        letter = asked.letter
        taken = await messages.take_letter(
            call.actor,
            Letter(
                text=tidy(letter.text), name=letter.name, subject=letter.subject,
                reference=letter.reference, customer=letter.customer, answers=letter.answers,
                received_at=letter.received_at,
                files=tuple(
                    Attached(one.name, one.media_type, one.content) for one in letter.files
                ),
            ),
        )  # fmt: skip
    return as_json(taken, status=201, location=f"{_PATH}/{taken['id']}")


async def list_messages(call: Call) -> Reply:
    """List the messages of a status, newest first."""
    asked: MessageQuery = call.query
    name = f"messages.{asked.status}"
    before = paging.read(call.actor.tenant, name, asked.cursor, kind=str)
    found = await call.context.service.post.messages.newest(
        call.actor, status=asked.status, before=before, limit=asked.limit + 1
    )
    items, following = found[: asked.limit], None
    if len(found) > asked.limit:
        following = paging.write(call.actor.tenant, name, items[-1]["id"])
    return as_json(paging.page(items, following))


async def read(call: Call) -> Reply:
    """Read a message: what it answers, what lacks, and the draft of the reply that asks it.

    Answers are read from its writer's own words, without what they quote and their signature; none
    counts before an advisor accepts it. Without an open session there are none yet.
    """
    found = await call.context.service.post.replies.read(call.actor, call.params["message"])
    return as_json(_read(found))


async def open_message(call: Call) -> Reply:
    """Open a message: its contact is answered and its session begins, or is taken up again.

    Opened again, it is the same session.
    """
    asked: OpenMessage = call.body
    messages = call.context.service.post.messages
    opened = await messages.open(call.actor, call.params["message"], journey=asked.journey)
    return as_json(opened)


async def judge(call: Call) -> Reply:
    """Accept answers of a message, and refuse others; those accepted are provided to its session.

    Each serves when its question is reached. Sent again, it changes nothing more.
    """
    asked: JudgeMessage = call.body
    found = await call.context.service.post.replies.judge(
        call.actor, call.params["message"], accept=asked.accept, refuse=asked.refuse
    )
    return as_json(_read(found))


async def reply(call: Call) -> Reply:
    """Send a reply; with `questions` the session sleeps until the answer comes.

    It is on disk before it goes out, in the thread of the message, under one Message-ID however
    often it is attempted. `status` says what became of it: sent, ready (it will be tried again),
    failed, or unknown, which is not sent again by itself.
    """
    asked: ReplyToMessage = call.body
    message = call.params["message"]
    replies = call.context.service.post.replies

    async def do(keep: Keep) -> dict[str, Any]:
        written = Written(
            subject=asked.subject, body=asked.body, questions=tuple(asked.questions), by=asked.by
        )
        return await replies.reply(call.actor, message, written, keep=keep)

    return replied(await once(call, f"{_PATH}/{message}/replies", do=do, body=dict), status=201)


async def close(call: Call) -> Reply:
    """Say that a message needs nothing more; its contact ends."""
    messages = call.context.service.post.messages
    return as_json(await messages.close(call.actor, call.params["message"]))


def _read(found: dict[str, Any]) -> dict[str, Any]:
    """Return a message that was read: the answers found stand beside the message it answers."""
    return {**found, "answers_found": found["found"]}


OPERATIONS = (
    Operation(
        id="message.take-in", method="POST", path=_PATH, permission="message.take-in",
        handler=take_in, body=TakeMessage, answer=ListedMessage, status=201, tag="messages",
        limit=_LIMIT,
        problems=("not-found", "message.unreadable", "request.wrong", "request.too-large"),
        examples=(
            Example(
                summary="A letter",
                request={"letter": {"text": "My parcel has not arrived.\nOrder: F-1042",
                                    "name": "Claire Dubois", "reference": "scan-7"}},
                answer={**_LISTED, "kind": "letter", "from": "", "to": "", "customer": None},
            ),
        ),
    ),
    Operation(
        id="message.list", method="GET", path=_PATH, permission="message.read",
        handler=list_messages, query=MessageQuery, answer=Page, tag="messages",
        problems=("request.bad-cursor",),
        examples=(Example(summary="The last page", answer={"items": [_LISTED], "next": None}),),
    ),
    Operation(
        id="message.read", method="GET", path=_ONE, permission="message.read", handler=read,
        answer=ReadMessage, tag="messages", problems=("not-found",),
        examples=(Example(summary="One that is open", answer=_READ),),
    ),
    Operation(
        id="message.open", method="POST", path=_ONE + ":open", permission="message.work",
        handler=open_message, body=OpenMessage, answer=WholeMessage, tag="messages",
        problems=("not-found", "message.journey-needed", "message.under-way", "journey.unknown"),
        examples=(
            Example(
                summary="Begin a journey for it", request={"journey": "livraison.suivi"},
                answer={**_WHOLE, "status": "open", "session": _READ["session"]},
            ),
        ),
    ),
    Operation(
        id="message.judge", method="POST", path=_ONE + "/answers", permission="message.work",
        handler=judge, body=JudgeMessage, answer=ReadMessage, tag="messages",
        problems=("not-found", "message.not-open", "message.under-way"),
        examples=(
            Example(
                summary="The order is right", request={"accept": {"order_id": "F-1042"}},
                answer={**_READ, "answers_found": [], "accepted": {"order_id": "F-1042"}},
            ),
        ),
    ),
    Operation(
        id="message.reply", method="POST", path=_ONE + "/replies", permission="message.work",
        handler=reply, body=ReplyToMessage, answer=ListedMessage, status=201, keyed=True,
        tag="messages",
        problems=("not-found", "message.not-open", "message.no-mail", "message.under-way",
                  "request.wrong"),
        examples=(
            Example(
                summary="Ask for the postcode",
                request={"subject": "Re: My parcel", "body": "1. What is your postcode?",
                         "questions": ["postcode"]},
                answer={**_LISTED, "direction": "out", "status": "sent", "subject": "Re: My parcel",
                        "from": "", "to": "claire.dubois@example.org", "answers": _LISTED["id"],
                        "excerpt": "1. What is your postcode?"},
            ),
        ),
    ),
    Operation(
        id="message.close", method="POST", path=_ONE + ":close", permission="message.work",
        handler=close, answer=WholeMessage, tag="messages",
        problems=("not-found", "message.under-way"),
        examples=(Example(summary="Nothing to do", answer={**_WHOLE, "status": "closed"}),),
    ),
)  # fmt: skip
