"""A customer's earlier contacts, for who speaks to them now."""

from __future__ import annotations

from typing import Annotated

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body, Language


class Motive(msgspec.Struct):
    """What a customer declared, as the library calls it."""

    code: str
    label: str


class EarlierContact(msgspec.Struct):
    """A session a customer had: when, by which channel, for what, with which outcome, with whom."""

    id: str
    title: str
    channel: str
    status: str
    outcome: str | None
    motive: Motive | None
    started_at: int
    updated_at: int
    holder: str | None
    ticket: str | None


class EarlierContacts(msgspec.Struct):
    """A customer's sessions, newest first."""

    items: list[EarlierContact]


class EarlierQuery(Body):
    """How many, in which language."""

    language: Language | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20


async def list_earlier(call: Call) -> Reply:
    """List the sessions a customer had, on any channel, newest first.

    Each is read further by its transcript, trace and timeline. `ref` names the customer as for
    reading; those merged into one person are one customer here. `motive` is known once a session
    has ended.
    """
    asked: EarlierQuery = call.query
    found = await call.context.service.lists.of_customer(
        call.actor, call.params["ref"], language=asked.language or call.language, limit=asked.limit
    )
    return as_json({"items": found})


OPERATIONS = (
    Operation(
        id="customer.sessions", method="GET", path="/v1/customers/{ref}/sessions",
        permission="customer.read", handler=list_earlier, query=EarlierQuery,
        answer=EarlierContacts, tag="customers",
        examples=(
            Example(
                summary="Somebody who called before",
                answer={
                    "items": [
                        {
                            "id": "ses_06k3v9r1d4zj5m2q8w7t0xbncs", "title": "Suivi de livraison",
                            "channel": "phone", "status": "ended", "outcome": "resolved",
                            "motive": {"code": "livraison.suivi", "label": "Suivi de livraison"},
                            "started_at": 1_767_225_600_000, "updated_at": 1_767_225_900_000,
                            "holder": "advisor:ana", "ticket": "tkt_06k3v9r1d4zj5m2q8w7t0xbncs",
                        },
                    ],
                },
            ),
        ),
    ),
)  # fmt: skip
