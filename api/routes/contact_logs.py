"""Contacts brought from other systems' event logs, some at a time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body, Channel, Items, Milliseconds, Name
from runtime.event_logs import MOST_EVENTS, Case, Seen

_PATH = "/v1/contacts:import"
LARGEST = 8 * 1024 * 1024
"""Bytes of one request: a log keeps all that was said."""


class LoggedEvent(Body):
    """One event: what it was, when (or null), by whom, the class of the time that follows it."""

    what: Name
    at: Milliseconds | None = None
    by: Name = "system"
    time: Name | None = None
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class LoggedContact(Body):
    """One contact, its events in the log's order; `answered`: the place of the answering one."""

    case: Name
    channel: Channel
    events: Annotated[list[LoggedEvent], msgspec.Meta(min_length=1, max_length=MOST_EVENTS)]
    direction: Literal["inbound", "outbound", "internal"] = "inbound"
    customer: dict[str, str] = msgspec.field(default_factory=dict)
    advisor: Name | None = None
    answered: Annotated[int, msgspec.Meta(ge=0)] | None = 0


class ImportContacts(Body):
    """Contacts of one source; sent again they change nothing."""

    source: Name
    contacts: Annotated[list[LoggedContact], msgspec.Meta(min_length=1, max_length=200)]
    dry_run: bool = False


async def bring(call: Call) -> Reply:
    """Bring contacts that another system logged, with their own times and every event.

    Each is new, unchanged (it is there with these events) or a conflict (there with others, and
    left as it is). An event without a time has that of the one before it (`untimed`); one from
    before it counts as from then (`late`). `totals_ms` is the contact's time by class, exactly.
    """
    asked: ImportContacts = call.body
    cases = [
        Case(**{
            **{name: getattr(one, name) for name in one.__struct_fields__},
            "events": [
                Seen(**{name: getattr(event, name) for name in event.__struct_fields__})
                for event in one.events
            ],
        })
        for one in asked.contacts
    ]  # fmt: skip
    logs = call.context.service.event_logs
    found = await logs.bring(call.actor, asked.source, cases, dry_run=asked.dry_run)
    return as_json({"items": found})


OPERATIONS = (
    Operation(
        id="contact.import", method="POST", path=_PATH, permission="contact.import",
        handler=bring, body=ImportContacts, answer=Items, tag="contacts", limit=LARGEST,
        examples=(
            Example(
                summary="A chat of ninety seconds, one of its events without a time",
                request={
                    "source": "chats",
                    "contacts": [{
                        "case": "C-1", "channel": "chat", "events": [
                            {"what": "customer.wrote", "at": 1_767_225_600_000, "by": "customer",
                             "time": "useful"},
                            {"what": "base.answered", "time": "lookup"},
                            {"what": "advisor.wrote", "at": 1_767_225_690_000, "by": "advisor"},
                        ],
                    }],
                },
                answer={"items": [{
                    "case": "C-1", "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs", "events": 3,
                    "untimed": 1, "late": 0, "duration_ms": 90_000,
                    "totals_ms": {"lookup": 90_000}, "did": "new",
                }]},
            ),
        ),
    ),
)  # fmt: skip
