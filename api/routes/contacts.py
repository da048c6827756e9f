"""Contacts and customers."""

from __future__ import annotations

from typing import Any

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import PageQuery
from api.replies import as_json
from api.retries import once, replied
from api.schemas import ErasedCustomer, OpenContact, Page, Phase, Thing
from runtime.idempotency import Keep

_PATH = "/v1/contacts"
_CONTACT = {
    "id": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs",
    "channel": "phone",
    "direction": "inbound",
    "status": "offered",
    "customer": None,
    "implied": False,
    "offered": 1_767_225_600_000,
    "answered": None,
    "ended": None,
    "wrapped": None,
}


async def open_contact(call: Call) -> Reply:
    """Begin a contact.

    Its life (`offered → answered → ended → wrapped_up`, or `abandoned`) bounds its time ledger. A
    session started without a contact has one of its own, which ends with it.
    """
    asked: OpenContact = call.body
    contacts = call.context.service.contacts

    async def do(keep: Keep) -> dict[str, Any]:
        return await contacts.open(
            call.actor,
            channel=asked.channel,
            direction=asked.direction,
            customer=asked.customer,
            offered_at=asked.offered_at,
            keep=keep,
        )

    answer = await once(call, _PATH, do=do, body=dict)
    made = msgspec.json.decode(answer.body)["id"]
    return replied(answer, status=201, location=f"{_PATH}/{made}")


async def pass_to(call: Call) -> Reply:
    """Say that a contact was answered, ended, wrapped up or abandoned.

    Its end closes the tickets whose sessions came to a resolution.
    """
    asked: Phase = call.body
    contacts, contact = call.context.service.contacts, call.params["contact"]

    async def do(keep: Keep) -> dict[str, Any]:
        return await contacts.pass_to(
            call.actor, contact, asked.phase, at=asked.at, dropped=asked.dropped, keep=keep
        )

    return replied(await once(call, f"{_PATH}/{contact}/phases", do=do, body=dict))


async def list_contacts(call: Call) -> Reply:
    """List contacts, newest first."""
    return await newest(call, "contacts", read=call.context.service.contacts.newest)


async def read_contact(call: Call) -> Reply:
    """Read a contact, with the ids of its sessions and the incidents that concerned it."""
    return as_json(await call.context.service.contacts.get(call.actor, call.params["contact"]))


async def read_customer(call: Call) -> Reply:
    """Read a customer and the facts known of it.

    `ref` is its id `cus_…`, or a kind and a value: `phone:+33612345678`, `email:…`, `number:…`.
    """
    return as_json(await call.context.service.customers.whole(call.actor, call.params["ref"]))


async def erase_customer(call: Call) -> Reply:
    """Erase a customer: what they said goes, everywhere; codes, times and figures stay.

    Their sessions that go on end as abandoned. `ref` names them as for reading. Erasing again by
    the id finishes what was interrupted.
    """
    return as_json(await call.context.service.erasing.customer(call.actor, call.params["ref"]))


async def newest(call: Call, name: str, *, read: Any) -> Reply:
    """Answer with a page of what was made last, newest first."""
    asked: PageQuery = call.query
    before = paging.read(call.actor.tenant, name, asked.cursor, kind=str)
    found = await read(call.actor, before=before, limit=asked.limit + 1)
    items = found[: asked.limit]
    following = (
        paging.write(call.actor.tenant, name, items[-1]["id"]) if len(found) > asked.limit else None
    )
    return as_json(paging.page(items, following))


OPERATIONS = (
    Operation(
        id="contact.list", method="GET", path="/v1/contacts", permission="contact.read",
        handler=list_contacts, query=PageQuery, answer=Page, tag="contacts",
        problems=("request.bad-cursor",),
        examples=(Example(summary="The last page", answer={"items": [_CONTACT], "next": None}),),
    ),
    Operation(
        id="contact.open", method="POST", path="/v1/contacts", permission="contact.write",
        handler=open_contact, body=OpenContact, answer=Thing, status=201, keyed=True,
        tag="contacts", problems=("not-found",),
        examples=(
            Example(summary="A call rings", request={"channel": "phone"}, answer=_CONTACT),
        ),
    ),
    Operation(
        id="contact.read", method="GET", path="/v1/contacts/{contact}", permission="contact.read",
        handler=read_contact, answer=Thing, tag="contacts",
        examples=(Example(summary="A call", answer={**_CONTACT, "sessions": [], "incidents": []}),),
    ),
    Operation(
        id="contact.pass", method="POST", path="/v1/contacts/{contact}/phases",
        permission="contact.write", handler=pass_to, body=Phase, answer=Thing, keyed=True,
        tag="contacts", problems=("contact.wrong-phase",),
        examples=(
            Example(
                summary="The advisor picks up",
                request={"phase": "answered"},
                answer={**_CONTACT, "status": "answered", "answered": 1_767_225_612_000},
            ),
        ),
    ),
    Operation(
        id="customer.read", method="GET", path="/v1/customers/{ref}", permission="customer.read",
        handler=read_customer, answer=Thing, tag="customers",
    ),
    Operation(
        id="customer.erase", method="DELETE", path="/v1/customers/{ref}",
        permission="customer.erase", handler=erase_customer, answer=ErasedCustomer,
        tag="customers", problems=("customer.action-under-way",),
        examples=(
            Example(
                summary="A customer with two sessions",
                answer={"customer": "cus_06k3v9r1d4zj5m2q8w7t0xbncs", "sessions": 2,
                        "erased_at": 1_767_225_600_000},
            ),
        ),
    ),
)  # fmt: skip
