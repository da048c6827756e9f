"""Every operation declares who may use it, and holds to it: default deny, for every role."""

from __future__ import annotations

import re

import pytest

from api.operations import Operation
from api.routes.registry import OPERATIONS
from engine.commands import COMMANDS
from runtime.access import PERMISSIONS, ROLES
from tests.api.service import Shop, begin, key

CALLERS = [role for role in ROLES if role != "system"]
PUBLIC = {
    "hook.take-in", "cti.report", "code.open",
    "service.live", "service.ready", "schema.read", "sign-in.options",
    "sign-in.persona",
    "sign-in.leave", "sign-in.return",
}  # fmt: skip
BODIES = {
    "channel.turn": {"conversation": "c", "message": "m", "text": "1"},
    "launch.create": {"call_id": "t"},
    "launch.open": {"parameters": {"call_id": "t"}},
    "code.make": {},
    "code.redeem": {"code": "7KMX-4RT9"},
    "contact.import": {
        "source": "log",
        "contacts": [{"case": "1", "channel": "chat", "events": [{"what": "said", "at": 1}]}],
    },
    "contact.open": {"channel": "phone"},
    "contact.pass": {"phase": "answered"},
    "dead-letter.close": {"reason": "needed no more"},
    "dead-letter.redrive": {},
    "customer.import": {"source": "crm", "rows": [{"keys": {"phone": "0612345678"}}]},
    "customer.match": {"keys": {"phone": "0612345678"}},
    "customer.merge": {"customer": "cus_other"},
    "colleague.name": {"by": ["advisor:ana"]},
    "customer.split": {"customer": "cus_other"},
    "declaration.suggest": {"text": "nothing arrived"},
    "invitation.send": {},
    "incident.acknowledge": {"version": 1},
    "incident.change": {"version": 1},
    "incident.end": {"version": 1},
    "incident.validate": {"version": 1},
    "incident.write": {"title": "Down", "texts": {}},
    "library.check": {"files": {"library.yaml": ""}},
    "library.publish": {"files": {"library.yaml": ""}},
    "link.create": {"journey": "none"},
    "me.preferences": {},
    "measure.own": {"purpose": "learning"},
    "message.judge": {"accept": {"a": 1}},
    "message.open": {},
    "message.reply": {"subject": "x", "body": "x", "by": "hand"},
    "message.take-in": {"letter": {"text": "x"}},
    "opinion.bring": {"useful": 50},
    "opinion.give": {"useful": 50},
    "sample.draw": {"name": "x", "size": 1, "seed": 1, "where": "channel:none"},
    "sample.rate": {"useful": []},
    "session.file.send": {"question": "none", "name": "a.png", "content": "iVBORw0KGgo="},
    "session.preview": {"visit": 1, "values": {}},
    "session.start": {"journey": "none"},
    "session.wrap-up.write": {"version": 0},
    "subscription.resend": {},
    "irritant.create": {"axis": "motive", "code": "x", "title": "x", "owner": "x"},
    "irritant.change": {"version": 1},
    "volume.bring": {"volumes": [{"kind": "customers", "month": "2020-01", "count": 1}]},
    "threshold.create": {"name": "x", "measure": "contacts"},
    "ticket.match": {"customer": "cus_none", "motive": "none"},
}
"""A body of the right form for each operation that takes one; nothing in them exists."""
QUERIES = {
    "search": {"q": "x"},
    "slot.list": {"team": "nobody"},
    "slot.calendar": {"team": "nobody"},
}


def test_only_these_operations_are_public() -> None:
    assert {o.id for o in OPERATIONS if o.permission is None} == PUBLIC


def test_every_permission_of_an_operation_is_in_the_table() -> None:
    named = {o.permission for o in OPERATIONS if o.permission is not None}

    assert named - {"session.command.*"} <= set(PERMISSIONS)


def test_operations_and_their_routes_are_each_there_once() -> None:
    assert len({o.id for o in OPERATIONS}) == len(OPERATIONS)
    assert len({(o.method, o.path) for o in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if o.permission not in (None, "session.command.*")],
    ids=lambda operation: operation.id,
)
def test_an_operation_is_open_to_the_roles_of_its_permission_alone(
    shop: Shop, operation: Operation, role: str
) -> None:
    assert operation.permission is not None
    path = re.sub(r"{\w+}", "ses_" + "0" * 26, operation.path)
    query = QUERIES.get(operation.id, {})
    with (
        shop.client(role) as client,
        client.stream(
            operation.method, path, json=BODIES.get(operation.id), params=query, headers=key()
        ) as answer,
    ):
        # A stream that is open has no end to be read to.
        is_open = answer.headers.get("content-type", "").startswith("text/event")
        said = "" if is_open else answer.read().decode()

    if role in PERMISSIONS[operation.permission]:
        assert answer.status_code in {200, 201, 204, 404, 422}, said
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize("name", [n for n, spec in COMMANDS.items() if not spec.system])
def test_a_command_is_open_to_its_roles_alone(shop: Shop, name: str, role: str) -> None:
    may_read = role in PERMISSIONS["session.read"]
    body = {"type": name, **_fields(name)}
    with shop.client(role if role in PERMISSIONS["session.start"] else "advisor") as owner:
        begun = begin(owner)
    with shop.client(role) as client:
        answer = client.post(
            f"/v1/sessions/{begun.json()['session']}/commands",
            json=body,
            headers={**key(), "If-Match": begun.headers["etag"]},
        )

    if role in COMMANDS[name].roles and may_read:
        assert answer.status_code in {200, 422}, answer.text
    else:
        assert answer.status_code == 403, answer.text


def _fields(name: str) -> dict[str, object]:
    """Return the needed fields of a command, with values of their form."""
    given: dict[str, object] = {}
    for field in COMMANDS[name].required:
        schema = COMMANDS[name].fields[field]
        if "enum" in schema:
            given[field] = schema["enum"][0]
        else:
            kinds = {"integer": 1, "object": {}, "boolean": True, "string": "x"}
            given[field] = kinds[schema["type"]]
    return given


def test_a_customer_sees_only_its_own_sessions(shop: Shop) -> None:
    with shop.client("advisor") as advisor, shop.client("customer") as customer:
        theirs = begin(advisor).json()["session"]
        own = begin(customer).json()["session"]

        assert customer.get(f"/v1/sessions/{theirs}").status_code == 404
        assert customer.get(f"/v1/sessions/{own}").status_code == 200


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/metrics", "/v1/nothing"])
def test_nobody_reads_what_is_not_public(shop: Shop, path: str) -> None:
    with shop.client("nobody") as nobody:
        assert nobody.get(path).status_code == 401
