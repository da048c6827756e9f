"""Incidents: written and validated by supervisors, said by every session and outside channel."""

from __future__ import annotations

from typing import Any

import msgspec

from api import paging
from api.incident_forms import (
    ChangeIncident,
    Current,
    Incident,
    Incidents,
    IncidentVersion,
    WriteIncident,
)
from api.operations import NOTHING, Call, Example, Operation
from api.problems import Reply
from api.queries import CurrentQuery, PageQuery
from api.replies import as_json, marked
from api.retries import once, replied
from runtime.idempotency import Keep
from runtime.incident_content import Circumstances

_PATH = "/v1/incidents"
_ONE = _PATH + "/{incident}"
_CONTENT = {
    "title": "Panne à Lyon",
    "scope": {
        "motives": ["internet.panne"], "journeys": [], "channels": [],
        "customers": {"postcode": ["69*"]}, "area": "Lyon",
    },
    "texts": {
        "fr": {
            "text": "Le réseau est coupé à Lyon. Prochain point à {next_update}.",
            "channels": {"sms": "Réseau coupé à Lyon. Point à {next_update}."},
        },
    },
    "begins": 1_767_225_600_000, "ends": None, "next_update": 1_767_232_800_000,
    "timezone": "Europe/Paris", "branch": None,
}  # fmt: skip
_INCIDENT = {
    "id": "inc_06k3v9r1d4zj5m2q8w7t0xbncs", "version": 1, "status": "live", "draft": None,
    "drafted_by": "supervisor:diane", "live": _CONTENT, "live_version": 1,
    "validated_by": "supervisor:diane", "validator": "Diane Moreau",
    "validated_at": 1_767_225_660_000, "ended_at": None, "ended_by": None,
    "created_at": 1_767_225_600_000, "updated_at": 1_767_225_660_000, "on": True,
}  # fmt: skip


async def write(call: Call) -> Reply:
    """Write an incident. It is a draft: nobody says it before a person has validated it.

    A variant for a channel may leave something out; it says no figure that the text does not. The
    time of the next update stands once, in `next_update`, and texts say it with `{next_update}`.
    """
    incidents = call.context.service.incidents
    content = msgspec.to_builtins(call.body)

    async def do(keep: Keep) -> dict[str, Any]:
        return await incidents.draft(call.actor, content, keep=keep)

    answer = await once(call, _PATH, do=do, body=dict)
    made = msgspec.json.decode(answer.body)["id"]
    return replied(answer, status=201, location=f"{_PATH}/{made}")


async def change(call: Call) -> Reply:
    """Write a further version. What is said stays as it was until that one is validated."""
    asked: ChangeIncident = call.body
    fields = msgspec.to_builtins(asked)
    version = fields.pop("version")
    found = await call.context.service.incidents.amend(
        call.actor, call.params["incident"], version=version, change=fields
    )
    return as_json(found)


async def validate(call: Call) -> Reply:
    """Validate a version, by name: within seconds every session and channel says it.

    Where the setting `incident_second_person` asks for it, its author may not.
    """
    asked: IncidentVersion = call.body
    found = await call.context.service.incidents.validate(
        call.actor, call.params["incident"], version=asked.version
    )
    return as_json(found)


async def end(call: Call) -> Reply:
    """End an incident: nobody says it any more, and who has said it is told that it is over."""
    asked: IncidentVersion = call.body
    found = await call.context.service.incidents.end(
        call.actor, call.params["incident"], version=asked.version
    )
    return as_json(found)


async def list_incidents(call: Call) -> Reply:
    """List incidents, newest first: drafts, those that are said, and those that are over."""
    asked: PageQuery = call.query
    tenant = call.actor.tenant
    found = await call.context.service.incidents.newest(
        call.actor,
        before=paging.read(tenant, "incidents", asked.cursor, kind=str),
        limit=asked.limit + 1,
    )
    items, more = found[: asked.limit], len(found) > asked.limit
    following = paging.write(tenant, "incidents", items[-1]["id"]) if more else None
    return as_json(paging.page(items, following))


async def read(call: Call) -> Reply:
    """Read an incident, and how many contacts it concerned (`contacts`, `told` among them)."""
    return as_json(await call.context.service.incidents.get(call.actor, call.params["incident"]))


async def current(call: Call) -> Reply:
    """Read what is to be said now: for bots, self-care, a voice server, a web site.

    `channel` picks the variant. `motive` and `journey` leave out what concerns others; without
    them, all that may concern somebody on that channel is given. The words are the very ones that
    sessions say. Ask as often as wanted: with `If-None-Match` the answer is 304 while it is the
    same; `until` is when it changes by itself, if it does.
    """
    asked: CurrentQuery = call.query
    who = Circumstances(
        motives=None if asked.motive is None else [asked.motive],
        journeys=None if asked.journey is None else [asked.journey],
        channel=asked.channel,
    )
    at_hand = call.context.service.announcements.at_hand
    found = await at_hand.current(call.actor, who, language=asked.language or call.language)
    return marked({"items": found, "until": await at_hand.until(call.actor, who)}, call.headers)


async def acknowledge(call: Call) -> Reply:
    """Say that a session's customer was told a version, or that whoever told it knows of its end.

    It is kept with the contact: which version, by whom, when.
    """
    asked: IncidentVersion = call.body
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"], "incident.acknowledge")
    revision = await service.revisions.get(call.actor.tenant, warm.state.revision)
    await service.announcements.acknowledge(
        call.actor, revision.library, warm, incident=call.params["incident"],
        version=asked.version,
    )  # fmt: skip
    return Reply(204)


OPERATIONS = (
    Operation(
        id="incident.list", method="GET", path=_PATH, permission="incident.read",
        handler=list_incidents, query=PageQuery, answer=Incidents, tag="incidents",
        problems=("request.bad-cursor",),
    ),
    Operation(
        id="incident.write", method="POST", path=_PATH, permission="incident.write",
        handler=write, body=WriteIncident, answer=Incident, status=201, keyed=True,
        tag="incidents", problems=("incident.contradiction",),
        examples=(
            Example(
                summary="The network is down in a town",
                request=_CONTENT,
                answer={**_INCIDENT, "status": "draft", "draft": _CONTENT, "live": None,
                        "live_version": None, "validated_by": None, "validator": None,
                        "validated_at": None, "on": False},
            ),
        ),
    ),
    Operation(
        id="incident.current", method="GET", path=_PATH + "/current",
        permission="incident.current", handler=current, query=CurrentQuery, answer=Current,
        marked=True, tag="incidents",
    ),
    Operation(
        id="incident.read", method="GET", path=_ONE, permission="incident.read", handler=read,
        answer=Incident, tag="incidents",
    ),
    Operation(
        id="incident.change", method="PATCH", path=_ONE, permission="incident.write",
        handler=change, body=ChangeIncident, answer=Incident, tag="incidents",
        problems=("incident.contradiction", "incident.stale", "incident.over"),
        examples=(
            Example(
                summary="The next update is later; nobody says so before it is validated",
                request={"version": 1, "next_update": 1_767_240_000_000},
                answer={**_INCIDENT, "version": 2,
                        "draft": {**_CONTENT, "next_update": 1_767_240_000_000}},
            ),
        ),
    ),
    Operation(
        id="incident.validate", method="POST", path=_ONE + ":validate",
        permission="incident.validate", handler=validate, body=IncidentVersion, answer=Incident,
        tag="incidents", problems=("incident.stale", "incident.over", "incident.own-draft"),
        examples=(
            Example(summary="From now on it is said", request={"version": 1}, answer=_INCIDENT),
        ),
    ),
    Operation(
        id="incident.end", method="POST", path=_ONE + ":end", permission="incident.end",
        handler=end, body=IncidentVersion, answer=Incident, tag="incidents",
        problems=("incident.stale",),
        examples=(
            Example(
                summary="It is over",
                request={"version": 1},
                answer={**_INCIDENT, "status": "ended", "ended_at": 1_767_232_000_000,
                        "ended_by": "supervisor:diane", "on": False},
            ),
        ),
    ),
    Operation(
        id="incident.acknowledge", method="POST",
        path="/v1/sessions/{session}/incidents/{incident}:acknowledge",
        permission="incident.acknowledge", handler=acknowledge, body=IncidentVersion,
        answer=NOTHING, status=204, tag="incidents",
        problems=("incident.stale", "incident.not-in-scope"),
        examples=(Example(summary="The customer was told version 1", request={"version": 1}),),
    ),
)  # fmt: skip
