"""The register of irritants, and the volumes that contacts are divided by."""

from __future__ import annotations

from typing import Any

import msgspec

from api.irritant_forms import (
    BringVolumes,
    ChangeIrritant,
    Irritant,
    IrritantList,
    IrritantQuery,
    IrritantRead,
    VolumesKept,
    WriteIrritant,
)
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.retries import once, replied
from api.routes.measures import desk_of
from api.schemas import Items
from measures.irritants.entry import Entry
from measures.irritants.register import Register
from runtime.idempotency import Keep
from runtime.volumes import Volume

_PATH = "/v1/irritants"
_ONE = _PATH + "/{irritant}"
_VOLUMES = "/v1/volumes"
_NAMES = {"with": "settings", "closed": "is_closed"}
_PROBLEMS = ("measure.unknown", "measure.wrong-question", "measure.people", "request.wrong")


async def list_irritants(call: Call) -> Reply:
    """List the register, oldest first, without figures."""
    return as_json({"items": await _register(call).all(call.actor)})


async def create(call: Call) -> Reply:
    """Put an irritant into the register.

    One that has an action and a date is chased: listeners hear `irritant.overdue` once the day is
    over and nobody said that it was done.
    """
    entry = Entry(**_fields(call.body))

    async def do(keep: Keep) -> dict[str, Any]:
        return await _register(call).create(call.actor, entry, keep=keep)

    return replied(await once(call, _PATH, do=do, body=dict), status=201)


async def read(call: Call) -> Reply:
    """Read an irritant with what it costs, and what changed once it was done.

    Every number is a measure's own answer: what is withheld there is null here.
    """
    asked: IrritantQuery = call.query
    found = await _register(call).read(
        call.actor, call.params["irritant"], since=asked.since, until=asked.until
    )
    return as_json(found)


async def change(call: Call) -> Reply:
    """Change an irritant: its owner, action, date, the day it was done; `closed` ends it."""
    fields = _fields(call.body)
    version = fields.pop("version")
    found = await _register(call).change(
        call.actor, call.params["irritant"], version=version, change=fields
    )
    return as_json(found)


async def list_volumes(call: Call) -> Reply:
    """List the volumes that were brought, by kind and month."""
    return as_json({"items": await desk_of(call).volumes.all(call.actor)})


async def bring_volumes(call: Call) -> Reply:
    """Bring how many customers, orders … there were in a month: all of the rows, or none.

    They are what `contact_rate` divides by. A month that is brought again is corrected.
    """
    asked: BringVolumes = call.body
    rows = [Volume(one.kind, one.month, one.count) for one in asked.volumes]

    async def do(keep: Keep) -> dict[str, Any]:
        return await desk_of(call).volumes.bring(call.actor, rows, keep=keep)

    return replied(await once(call, _VOLUMES, do=do, body=dict))


def _register(call: Call) -> Register:
    return Register(desk_of(call), call.context.service)


def _fields(body: Any) -> dict[str, Any]:
    """Return what a body says, by the names that an entry has."""
    given: dict[str, Any] = msgspec.to_builtins(body)
    return {_NAMES.get(name, name): value for name, value in given.items()}


_ASKED: dict[str, Any] = {
    "axis": "qualification", "code": "card.not_shown", "title": "The card is not shown in the app",
    "owner": "Mobile team", "action": "Show the card from the first day", "due": "2026-02-01",
    "measure": "contact_rate", "with": "of:customers", "expected": -0.01,
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    "id": "irr_06k3v9r1d4zj5m2q8w7t0xbncs", "version": 1, "status": "committed", **_ASKED,
    "done_on": None, "where": None, "weeks": 4, "revision": None, "is_overdue": False,
    "created_by": "supervisor:sam", "created_at": 1_767_225_600_000,
    "updated_at": 1_767_225_600_000,
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="irritant.list", method="GET", path=_PATH, permission="irritant.read",
        handler=list_irritants, answer=IrritantList, tag="measures",
    ),
    Operation(
        id="irritant.create", method="POST", path=_PATH, permission="irritant.change",
        handler=create, body=WriteIrritant, answer=Irritant, status=201, keyed=True,
        tag="measures", problems=_PROBLEMS,
        examples=(
            Example(summary="Ten contacts in a thousand customers fewer", request=_ASKED,
                    answer=_SHOWN),
        ),
    ),
    Operation(
        id="irritant.read", method="GET", path=_ONE, permission="irritant.read", handler=read,
        query=IrritantQuery, answer=IrritantRead, tag="measures",
        problems=("not-found", "measure.wrong-question"),
    ),
    Operation(
        id="irritant.change", method="PATCH", path=_ONE, permission="irritant.change",
        handler=change, body=ChangeIrritant, answer=Irritant, tag="measures",
        problems=("not-found", "irritant.changed", *_PROBLEMS),
        examples=(
            Example(summary="It was done", request={"version": 1, "done_on": "2026-01-28"},
                    answer={**_SHOWN, "version": 2, "status": "done", "done_on": "2026-01-28"}),
        ),
    ),
    Operation(
        id="volume.list", method="GET", path=_VOLUMES, permission="volume.read",
        handler=list_volumes, answer=Items, tag="measures",
    ),
    Operation(
        id="volume.bring", method="POST", path=_VOLUMES, permission="volume.bring",
        handler=bring_volumes, body=BringVolumes, answer=VolumesKept, keyed=True, tag="measures",
        problems=("request.wrong",),
        examples=(
            Example(summary="January's customers and orders",
                    request={"volumes": [
                        {"kind": "customers", "month": "2026-01", "count": 48_210},
                        {"kind": "orders", "month": "2026-01", "count": 9_480},
                    ]},
                    answer={"kept": 2}),
        ),
    ),
)  # fmt: skip
