"""Customers who may be one person: found with reasons, merged, taken apart again."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body, Items, Name, Thing
from runtime.look_alikes import LookAlikes as Finding

_ONE = "/v1/customers/{ref}"
_STAYS = "cus_06k3v9r1d4zj5m2q8w7t0xbncs"
_GOES = "cus_06k3v9r1d4zj5m2q8w7t0xbnct"
_CUSTOMER = {
    "id": _STAYS,
    "keys": [
        {"kind": "email", "value": "claire.dubois@example.org"},
        {"kind": "phone", "value": "+33612345678"},
    ],
    "facts": {}, "created_at": 1_767_225_600_000, "merged": [{"id": _GOES, "into": _STAYS}],
    "contacts": [], "tickets": [],
}  # fmt: skip


class Match(Body):
    """What is known of somebody: `phone`, `email`, `number`, `external.crm`; and facts."""

    keys: Annotated[dict[str, Name], msgspec.Meta(min_length=1, max_length=20)]
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class Reason(msgspec.Struct):
    """Why two may be one: `what` is same, near, agrees or differs; `kind` of key, or a fact."""

    what: str
    kind: str
    weight: float


class CustomerKey(msgspec.Struct):
    """What a customer is known by."""

    kind: str
    value: str


class LookAlike(msgspec.Struct):
    """Who a session's customer may be as well: `verdict` is same or likely."""

    customer: str
    name: str | None
    keys: list[CustomerKey]
    score: float
    verdict: str
    reasons: list[Reason]


class MergedRecord(msgspec.Struct):
    """A record that is one with another, into which it was merged, and what is known by it."""

    id: str
    into: str
    keys: list[CustomerKey]


class LookAlikes(msgspec.Struct):
    """Who `customer` may be as well, the likeliest first, and the records that are one with it.

    `customer` is whose session it is, else the likeliest of those whom its answers name.
    """

    customer: str | None
    items: list[LookAlike]
    merged: list[MergedRecord]


class Other(Body):
    """The other customer: an id, or a kind and a value, as in the address."""

    customer: Name


async def match(call: Call) -> Reply:
    """Find who somebody may be, the likeliest first, each with a score and its reasons.

    A key that is theirs, an e-mail address that differs by what stands after a `+`, something known
    that agrees; another customer number caps the score. `verdict`: same, likely or possible.
    Nothing is merged by itself.
    """
    asked: Match = call.body
    found = await call.context.service.merging.match(call.actor, asked.keys, facts=asked.facts)
    return as_json({"items": found})


async def look_alikes(call: Call) -> Reply:
    """Find who a session's customer may be as well, and which records are one with theirs.

    By what was said in the session, by what they are known by, and by their name. Nothing is merged
    by itself: see `customer.merge`.
    """
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"], "customer.match")
    finding = Finding(
        revisions=service.revisions, customers=service.customers, merging=service.merging,
        country=service.settings.country_code,
    )  # fmt: skip
    return as_json(await finding.of(call.actor, warm))


async def merge(call: Call) -> Reply:
    """Say that another customer is this one, which stays.

    Nothing is moved: keys, facts, contacts and tickets of both are found under the one that stays,
    by whichever reference, and figures follow; `:split` takes them apart again.
    """
    asked: Other = call.body
    found = await call.context.service.merging.merge(
        call.actor, call.params["ref"], other=asked.customer
    )
    return as_json(found)


async def split(call: Call) -> Reply:
    """Take a customer out of the one it was merged into: each has again what it had.

    `customer` is the id of one of `merged`. What was said while they were one remains with the one
    that stayed.
    """
    asked: Other = call.body
    found = await call.context.service.merging.split(
        call.actor, call.params["ref"], merged=asked.customer
    )
    return as_json(found)


OPERATIONS = (
    Operation(
        id="customer.match", method="POST", path="/v1/customers:match",
        permission="customer.match", handler=match, body=Match, answer=Items, tag="customers",
        examples=(
            Example(
                summary="A telephone that two people share",
                request={"keys": {"phone": "06 12 34 56 78"}},
                answer={"items": [{
                    "customer": _STAYS, "score": 0.8, "verdict": "likely",
                    "reasons": [{"what": "same", "kind": "phone", "weight": 0.8}],
                }]},
            ),
        ),
    ),
    Operation(
        id="session.look-alikes", method="GET", path="/v1/sessions/{session}/look-alikes",
        permission="customer.match", handler=look_alikes, answer=LookAlikes, tag="customers",
        examples=(
            Example(
                summary="The address that was given is somebody else's",
                answer={
                    "customer": _STAYS,
                    "items": [{
                        "customer": _GOES, "name": "Claire Dubois",
                        "keys": [{"kind": "email", "value": "claire.dubois@example.org"}],
                        "score": 0.9, "verdict": "likely",
                        "reasons": [{"what": "same", "kind": "email", "weight": 0.9}],
                    }],
                    "merged": [],
                },
            ),
        ),
    ),
    Operation(
        id="customer.merge", method="POST", path=_ONE + ":merge", permission="customer.merge",
        handler=merge, body=Other, answer=Thing, tag="customers",
        problems=("not-found", "customer.merge-refused"),
        examples=(
            Example(summary="They are one", request={"customer": _GOES}, answer=_CUSTOMER),
        ),
    ),
    Operation(
        id="customer.split", method="POST", path=_ONE + ":split", permission="customer.merge",
        handler=split, body=Other, answer=Thing, tag="customers",
        problems=("not-found", "customer.merge-refused"),
        examples=(
            Example(
                summary="They were two after all",
                request={"customer": _GOES},
                answer={**_CUSTOMER, "merged": []},
            ),
        ),
    ),
)  # fmt: skip
