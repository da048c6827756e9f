"""Exports: the reports and tables that the service writes by the clock, and how each went last."""

from __future__ import annotations

from typing import Any

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.routes.measures import desk_of
from measures.exporting.exports import Exports


class Exported(msgspec.Struct):
    """An export, and how it went last: `written` with its file, or `failed` with a code.

    `measure` and `journey` (of a value stream) are null of a report; `last` is null until it was
    due for the first time.
    """

    name: str
    measure: str | None
    journey: str | None
    format: str
    period: str
    last: dict[str, Any] | None


class ExportList(msgspec.Struct):
    """The exports of the tenant, in the order of the deployment's file."""

    items: list[Exported]


async def list_exports(call: Call) -> Reply:
    """List what is written by the clock, and how each went last.

    Which they are is the deployment's to say, in the file that the setting `exports` names.
    """
    exports = Exports(call.context.exports, desk_of(call), call.context.service)
    return as_json({"items": await exports.all(call.actor)})


_LAST = {
    "state": "written", "at": 1_767_594_605_000, "due": 1_767_594_600_000,
    "file": "committee-20260105T063000Z.html", "bytes": 48_211,
    "period": {"from": "2025-12-29", "to": "2026-01-05"},
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="export.list", method="GET", path="/v1/exports", permission="export.read",
        handler=list_exports, answer=ExportList, tag="measures",
        examples=(
            Example(
                summary="The committee's report, each Monday",
                answer={"items": [{"name": "committee", "measure": None, "journey": None,
                                   "format": "html", "period": "week", "last": _LAST}]},
            ),
        ),
    ),
)  # fmt: skip
