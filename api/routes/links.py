"""Links: a customer is given one session to walk, by whoever may, for a time."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from api.operations import NOTHING, Call, Example, Operation
from api.people import Link, MadeLink, MakeLink
from api.problems import Reply
from api.replies import as_json
from api.retries import key_of
from runtime.links import LinkRequest

_PATH = "/v1/links"


async def create(call: Call) -> Reply:
    """Make a link: whoever holds it is the customer of one session, and reaches nothing else.

    For a journey it begins one session, the first time, and then shows that same one; for a session
    it shows that one. Its token goes in `Authorization: Bearer pe_…`, never in an address but after
    its `#`. Sent again with the same key, it is the same link with another token in place of the
    first.
    """
    asked: MakeLink = call.body
    body = msgspec.to_builtins(asked)
    made = await call.context.service.links.create(
        call.actor, LinkRequest(**body), key=key_of(call, _PATH, body=body)
    )
    answer = MadeLink(made.id, made.token, f"/care#t={made.token}", made.expires_at)
    reply = as_json(answer, status=201)
    if made.is_replay:
        reply = replace(reply, headers=(*reply.headers, (b"idempotency-replayed", b"true")))
    return reply


async def revoke(call: Call) -> Reply:
    """Take a link back: it opens nothing from now on. Advisors and bots take back their own."""
    await call.context.service.links.revoke(call.actor, call.params["link"])
    return Reply(204)


async def read(call: Call) -> Reply:
    """Read what the link one came with is for."""
    found = await call.context.service.links.read(call.actor)
    return as_json(Link(**found))


_TOKEN = "pe_Jr4Zb0x8mTnV5qYc2sWfKd7hLp9aQeGuRi1oXtBvNyM"  # noqa: S105 - made up, for the document

OPERATIONS = (
    Operation(
        id="link.create", method="POST", path=_PATH, permission="link.create", handler=create,
        body=MakeLink, answer=MadeLink, status=201, keyed=True, tag="links",
        problems=("not-found", "journey.unknown"),
        examples=(
            Example(
                summary="A customer follows a parcel alone, for an hour",
                request={
                    "journey": "livraison.suivi",
                    "customer": {"phone": "+33612345678"},
                    "language": "fr",
                },
                answer={
                    "id": "lnk_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "token": _TOKEN,
                    "url": f"/care#t={_TOKEN}",
                    "expires_at": 1_767_229_200_000,
                },
            ),
        ),
    ),
    Operation(
        id="link.revoke", method="DELETE", path=_PATH + "/{link}", permission="link.revoke",
        handler=revoke, answer=NOTHING, status=204, tag="links",
    ),
    Operation(
        id="link.read", method="GET", path="/v1/link", permission="link.read", handler=read,
        answer=Link, tag="links", problems=("not-found",),
        examples=(
            Example(
                summary="Not begun yet",
                answer={
                    "journey": "livraison.suivi",
                    "session": None,
                    "language": "fr",
                    "origin": None,
                    "expires_at": 1_767_229_200_000,
                },
            ),
        ),
    ),
)  # fmt: skip
