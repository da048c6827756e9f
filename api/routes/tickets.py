"""Tickets: read, and which one a customer's request would go on with."""

from __future__ import annotations

from typing import Any

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import PageQuery
from api.replies import as_json
from api.routes.contacts import newest
from api.schemas import Body, Name, Page, Thing
from runtime.requests import Requests

_TICKET = "tkt_06k3v9r1d4zj5m2q8w7t0xbncs"


class Request(Body):
    """Who asks for what: a customer by id or key, a declaration, facts that name its object."""

    customer: Name
    motive: Name
    objects: dict[str, Any] = msgspec.field(default_factory=dict)


class Matched(msgspec.Struct):
    """The ticket a request would go on with; null for a new one."""

    what: str
    reason: str
    text: str
    ticket: str | None
    others: list[str]
    resume: dict[str, Any] | None
    journey: str | None


async def list_tickets(call: Call) -> Reply:
    """List tickets, newest first."""
    return await newest(call, "tickets", read=call.context.service.tickets.newest)


async def read_ticket(call: Call) -> Reply:
    """Read a ticket: its sessions, those that go on, and how many contacts it took.

    `contacts`: the customer's (`inbound`, of which `reiterations` after the first), and those of
    the house (`internal`: within it, transfers, side calls).
    """
    return as_json(await call.context.service.tickets.get(call.actor, call.params["ticket"]))


async def match(call: Call) -> Reply:
    """Say which ticket a customer's request would go on with, and why; nothing is changed.

    `what`: attach, reopen or new. `others`: tickets of that subject one may mean instead.
    `resume`: a session of it that one may go on with, where it stopped.
    """
    asked: Request = call.body
    service = call.context.service
    # It holds nothing of its own: what it reads through is the service's.
    found = await Requests(service.sessions, service.clock).match(
        call.actor, asked.customer, motive=asked.motive, objects=asked.objects,
        language=call.language,
    )  # fmt: skip
    return as_json(found)


OPERATIONS = (
    Operation(
        id="ticket.list", method="GET", path="/v1/tickets", permission="ticket.read",
        handler=list_tickets, query=PageQuery, answer=Page, tag="tickets",
        problems=("request.bad-cursor",),
    ),
    Operation(
        id="ticket.read", method="GET", path="/v1/tickets/{ticket}", permission="ticket.read",
        handler=read_ticket, answer=Thing, tag="tickets",
    ),
    Operation(
        id="ticket.match", method="POST", path="/v1/tickets:match", permission="ticket.match",
        handler=match, body=Request, answer=Matched, tag="tickets",
        problems=("not-found", "declaration.unknown"),
        examples=(
            Example(
                summary="A customer who comes back",
                request={"customer": "phone:+33612345678", "motive": "livraison.suivi",
                         "objects": {"ticket.order_id": "F-1001"}},
                answer={"what": "reopen", "reason": "again", "ticket": _TICKET, "others": [],
                        "resume": None, "text": "Request opened again: the customer comes back "
                        "for the same subject and object.", "journey": "livraison.suivi"},
            ),
        ),
    ),
)  # fmt: skip
