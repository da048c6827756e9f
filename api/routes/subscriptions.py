"""Subscriptions: who is told what happens in sessions, what was not taken, telling it again."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import NoticesQuery
from api.replies import as_json
from api.retries import once, replied
from api.schemas import Body, Page
from runtime.idempotency import Keep
from runtime.subscriptions import AT_MOST

_PATH = "/v1/subscriptions"


class Subscription(msgspec.Struct):
    """Who is told, and how many notices it has not taken.

    `ready` are told again by themselves; `dead` were given up after eight attempts; `gone` are
    those that an address which said 410 was not told. `host` and `events` are the deployment's,
    `is_declared` false when that names it no more.
    """

    id: str
    host: str | None
    events: list[str]
    is_declared: bool
    ready: int
    dead: int
    gone: int


class SubscriptionList(msgspec.Struct):
    """The subscriptions of the tenant, by id."""

    items: list[Subscription]


class Resend(Body):
    """`notices`: which, by id; without it all that were given up, a thousand at a time."""

    notices: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=255)]],
        msgspec.Meta(max_length=AT_MOST),
    ] = msgspec.field(default_factory=list)


class Resent(msgspec.Struct):
    """How many notices are told again; `more` when others are left: ask again."""

    subscription: str
    count: int
    more: bool


async def list_subscriptions(call: Call) -> Reply:
    """List who is told what happens in sessions, and how much each has not taken."""
    return as_json({"items": await call.context.service.subscriptions.all(call.actor)})


async def list_notices(call: Call) -> Reply:
    """List what a subscription has not taken: by default what was given up.

    Oldest sessions first, each session's in order. `id` is the `webhook-id`, `reason` why the last
    attempt failed. Of a subscription that nobody has ever heard of the list is empty.
    """
    asked: NoticesQuery = call.query
    subscription, tenant = call.params["subscription"], call.actor.tenant
    name = f"notices:{subscription}:{asked.state}"
    found = await call.context.service.subscriptions.left(
        call.actor,
        subscription,
        state=asked.state,
        after=paging.read(tenant, name, asked.cursor, kind=str),
        limit=asked.limit + 1,
    )
    items, more = found[: asked.limit], len(found) > asked.limit
    return as_json(
        paging.page(items, paging.write(tenant, name, items[-1]["id"]) if more else None)
    )


async def resend(call: Call) -> Reply:
    """Have notices that were given up told again, with the ids they had: eight attempts anew.

    An address that had said that it is gone is told things again. They may come after later ones
    of their session.
    """
    asked: Resend = call.body
    subscription = call.params["subscription"]

    async def do(keep: Keep) -> dict[str, Any]:
        return await call.context.service.subscriptions.resend(
            call.actor, subscription, notices=asked.notices, keep=keep
        )

    return replied(await once(call, f"{_PATH}/{subscription}:resend", do=do, body=dict))


_CRM = "crm-5f0c9d21"
_NOTICE = {
    "id": "ses_06k3v9r1d4zj5m2q8w7t0xbncs-14",
    "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
    "seq": 14,
    "type": "session.ended",
    "state": "dead",
    "attempts": 8,
    "next_at": None,
    "reason": "http.503",
    "at": 1_767_225_600_000,
}

OPERATIONS = (
    Operation(
        id="subscription.list", method="GET", path=_PATH, permission="subscription.read",
        handler=list_subscriptions, answer=SubscriptionList, tag="subscriptions",
        examples=(
            Example(
                summary="One that was away for more than a day",
                answer={"items": [{"id": _CRM, "host": "crm.example", "events": ["session.ended"],
                                   "is_declared": True, "ready": 0, "dead": 12, "gone": 0}]},
            ),
        ),
    ),
    Operation(
        id="subscription.notices", method="GET", path=_PATH + "/{subscription}/notices",
        permission="subscription.read", handler=list_notices, query=NoticesQuery, answer=Page,
        tag="subscriptions", problems=("request.bad-cursor",),
        examples=(
            Example(summary="One that was given up", answer={"items": [_NOTICE], "next": None}),
        ),
    ),
    Operation(
        id="subscription.resend", method="POST", path=_PATH + "/{subscription}:resend",
        permission="subscription.change", handler=resend, body=Resend, answer=Resent, keyed=True,
        tag="subscriptions",
        problems=("not-found", "notice.not-dead", "subscription.not-declared"),
        examples=(
            Example(summary="The other system is well again", request={},
                    answer={"subscription": _CRM, "count": 12, "more": False}),
        ),
    ),
)  # fmt: skip
