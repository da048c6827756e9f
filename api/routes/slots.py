"""Slots: when a team may still call back or see somebody."""

from __future__ import annotations

from datetime import date

import msgspec

from api.operations import Call, Example, Operation
from api.paging import DEFAULT
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body, Limit, Name


class SlotsQuery(Body):
    """Whose slots, and on which days where the team is: two weeks from today unless said.

    `to` is the last day; 62 days at most.
    """

    team: Name
    first: date | None = msgspec.field(default=None, name="from")
    last: date | None = msgspec.field(default=None, name="to")
    limit: Limit = DEFAULT


class FreeSlot(msgspec.Struct):
    """A slot, in milliseconds UTC, and how many more people it takes."""

    begins: int
    ends: int
    left: int


class ReadCalendar(msgspec.Struct):
    """A calendar whose busy times take places: when it was last read, and why it was not since.

    While `read_at` is null nothing of it is known, and it counts as busy.
    """

    name: str
    read_at: int | None
    failed: str | None


class FreeSlots(msgspec.Struct):
    """The free slots of a team, in order; `timezone` is where its opening hours are read."""

    team: str
    timezone: str
    length_ms: int
    items: list[FreeSlot]
    calendars: list[ReadCalendar]


async def list_slots(call: Call) -> Reply:
    """List the free slots of a team, within its opening hours, after its notice."""
    asked: SlotsQuery = call.query
    return as_json(
        await call.context.service.slots.free(
            call.actor, asked.team, first=asked.first, last=asked.last, limit=asked.limit
        )
    )


_ANSWER = {
    "team": "vendeur", "timezone": "Europe/Paris", "length_ms": 1_800_000,
    "items": [{"begins": 1_767_265_200_000, "ends": 1_767_267_000_000, "left": 2}],
    "calendars": [{"name": "ana", "read_at": 1_767_225_600_000, "failed": None}],
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="slot.list", method="GET", path="/v1/slots", permission="slot.read",
        handler=list_slots, query=SlotsQuery, answer=FreeSlots, tag="tickets",
        problems=("not-found", "request.wrong"),
        examples=(Example(summary="One slot is left", answer=_ANSWER),),
    ),
)  # fmt: skip
