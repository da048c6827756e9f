"""Sessions as lists."""

from __future__ import annotations

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import SessionsQuery
from api.replies import as_json
from api.schemas import Page
from runtime.lists import Wanted


async def list_sessions(call: Call) -> Reply:
    """List sessions, newest first: all, those one has, or those that wait to be taken up.

    `holder` has the session now: who began it, or accepted it since. `waiting` says that a transfer
    or a hand-over is asked for, `waiting_for` of which team or role; those for the customer or a
    bot are not among `waiting=accept`, whoever's they are. `status=open` leaves out what ended.
    `needs_attention` says that an action came to nothing and nobody has it (see the dead letters).
    """
    asked: SessionsQuery = call.query
    found = await call.context.service.lists.sessions(
        call.actor,
        Wanted(
            status=asked.status,
            is_mine=asked.mine,
            to_accept=asked.waiting == "accept",
            for_my_teams=asked.waiting == "teams",
            unattended=asked.attention,
        ),
        language=call.language,
        before=paging.read(call.actor.tenant, "sessions", asked.cursor, kind=str),
        limit=asked.limit + 1,
    )
    items = found[: asked.limit]
    following = (
        paging.write(call.actor.tenant, "sessions", items[-1]["id"])
        if len(found) > asked.limit
        else None
    )
    return as_json(paging.page(items, following))


_EXAMPLES = (
    Example(
        summary="A bot asks for a person",
        answer={
            "items": [
                {
                    "id": "ses_06k3v9r1d4zj5m2q8w7t0xbncs", "journey": "livraison.suivi",
                    "title": "Suivi de livraison",
                    "status": "active", "outcome": None, "version": 4, "step": "colis",
                    "channel": "chat", "audience": "bot", "actor": "bot:chat",
                    "holder": "bot:chat", "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "ticket": "tkt_06k3v9r1d4zj5m2q8w7t0xbncs", "customer": None,
                    "started_at": 1_767_225_600_000, "updated_at": 1_767_225_660_000,
                    "waiting": "hand_over", "waiting_for": "advisor",
                },
            ],
            "next": None,
        },
    ),
)  # fmt: skip

OPERATIONS = (
    Operation(
        id="session.list", method="GET", path="/v1/sessions", permission="session.list",
        handler=list_sessions, query=SessionsQuery, answer=Page, tag="sessions",
        problems=("request.bad-cursor",), examples=_EXAMPLES,
    ),
)  # fmt: skip
