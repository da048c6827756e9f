"""Event logs for process mining, as OCEL 2.0 or XES."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import msgspec

from api.operations import Call, Operation
from api.problems import Reply
from api.queries import Said
from api.routes.measures import desk_of
from api.schemas import Body
from measures.asking.question import Asked
from measures.logs.forms import FORMS
from measures.logs.log import event_log
from runtime.finished import Finished

XES, SQLITE = "application/xml", "application/vnd.sqlite3"
_MEDIA = {"ocel": "application/json", "ocel-sqlite": SQLITE, "xes": XES}


class LogQuery(Body):
    """Which contacts, by the parameters of a measure, and in which form."""

    where: Said | None = None
    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")
    format: Literal["ocel", "ocel-sqlite", "xes"] = "ocel"


class Ocel(msgspec.Struct, rename="camel"):
    """An OCEL 2.0 document."""

    object_types: list[dict[str, Any]]
    event_types: list[dict[str, Any]]
    objects: list[dict[str, Any]]
    events: list[dict[str, Any]]


async def export(call: Call) -> Reply:
    """Export the event log of the contacts that were over in a period.

    `format`: `ocel` is OCEL 2.0 as JSON, `ocel-sqlite` the same as a SQLite file, `xes` one trace a
    ticket with a start and a completion of each step. Customers are pseudonyms; no advisor is in
    it, only the kind of actor. Measures are not to be worked out from it: ask for them.
    """
    asked: LogQuery = call.query
    desk = desk_of(call)
    question = Asked(where=asked.where, since=asked.since, until=asked.until)
    log = await event_log(desk, Finished(call.context.service.store), call.actor, asked=question)
    made = await asyncio.to_thread(FORMS[asked.format], log)
    return Reply(200, made, media_type=_MEDIA[asked.format].encode())


OPERATIONS = (
    Operation(
        id="log.export", method="GET", path="/v1/event-log", permission="log.export",
        handler=export, query=LogQuery, answer=Ocel, texts=(XES, SQLITE), tag="measures",
        problems=("measure.wrong-question", "measure.people", "measure.facts-away"),
    ),
)  # fmt: skip
