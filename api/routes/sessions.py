"""Sessions: begun, walked, read. What an advisor's screen, a bot or a robot calls at every step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import msgspec

from api import paging
from api.operations import Call, Operation
from api.problems import Reply
from api.queries import PageQuery, ViewQuery
from api.replies import as_json, versioned
from api.retries import key_of
from api.routes import session_examples as examples
from api.schemas import (
    Page,
    Preview,
    PreviewAmend,
    Start,
    Started,
    Timeline,
    Trace,
    Transcript,
    View,
)
from measures.figure import shown
from measures.registry import FIGURES
from measures.times import ContactTime
from runtime.access import Actor
from runtime.sessions import StartRequest
from runtime.views import event_shown
from runtime.wiring import Service

_PATH = "/v1/sessions"


async def start(call: Call) -> Reply:
    """Begin a session and walk it to its first stop.

    Sent again with the same Idempotency-Key it begins nothing more and gives the first answer.
    Whoever holds a link begins its journey once, and is then shown the session that it began.
    """
    asked: Start = call.body
    request = StartRequest(
        journey=asked.journey,
        channel=asked.channel,
        audience=asked.audience,
        language=asked.language,
        customer=asked.customer,
        contact=asked.contact,
        ticket=asked.ticket,
        inputs=asked.inputs,
        words=asked.words,
    )
    service = call.context.service
    start_as = service.sessions.start if call.actor.link is None else service.links.start
    answer = await start_as(
        call.actor, request, key=key_of(call, _PATH, body=msgspec.to_builtins(asked))
    )
    reply = versioned(answer.body, answer.version, status=201, is_replay=answer.is_replay)
    location = (b"location", b"/v1/sessions/" + answer.session.encode())
    return replace(reply, headers=(location, *reply.headers))


async def command(call: Call) -> Reply:
    """Bring a command to a session and see where it stands after it.

    The version it was displayed with goes in If-Match: when the session has moved on meanwhile,
    nothing is recorded and the answer is 412 with the current view. Which commands are allowed now
    is in `commands` of the view; who may bring each is in its schema.
    """
    session = call.params["session"]
    answer = await call.context.service.sessions.command(
        call.actor,
        session,
        call.body,
        match=call.version,
        key=key_of(call, f"{_PATH}/{session}/commands", body=call.body),
        language=call.query.language,
    )
    return versioned(answer.view, answer.version, is_replay=answer.is_replay)


async def read(call: Call) -> Reply:
    """Read where a session stands, worded for whoever asks."""
    answer = await call.context.service.sessions.view(
        call.actor, call.params["session"], language=call.query.language
    )
    return versioned(answer.view, answer.version)


async def preview(call: Call) -> Reply:
    """Show what an amend would change, without doing it.

    What would be undone, restored and asked again, which executed actions would have to be
    settled, and what stands in the way.
    """
    asked: PreviewAmend = call.body
    found = await call.context.service.sessions.preview(
        call.actor, call.params["session"], msgspec.to_builtins(asked)
    )
    return as_json(found)


async def list_events(call: Call) -> Reply:
    """Read what happened in a session, in order, numbered without a gap."""
    asked: PageQuery = call.query
    service, session = call.context.service, call.params["session"]
    warm = await service.sessions.admit(call.actor, session, "session.events")
    after = paging.read(call.actor.tenant, f"events/{session}", asked.cursor, kind=int) or 0
    found = await service.views.events(call.actor, warm, after=after, limit=asked.limit + 1)
    items = found[: asked.limit]
    more = len(found) > asked.limit
    following = (
        paging.write(call.actor.tenant, f"events/{session}", items[-1]["seq"]) if more else None
    )
    return as_json(paging.page(items, following))


async def follow_events(call: Call) -> Reply:
    """Follow what happens in a session as server-sent events.

    Each has its number as `id:`; a client that comes back with `Last-Event-ID` misses nothing. One
    of the kind `incidents`, without a number, says that what is said of incidents has changed: read
    the view again. A sign-in that is over ends it; following does not keep one going.
    """
    service, session = call.context.service, call.params["session"]
    await service.sessions.admit(call.actor, session, "session.events")
    given = call.headers.get(b"last-event-id", b"0")
    after = int(given) if given.isdigit() and len(given) <= 15 else 0
    return Reply(200, rounds=_rounds(service, call.actor, session=session, after=after))


async def _rounds(
    service: Service, actor: Actor, *, session: str, after: int
) -> AsyncIterator[list[tuple[int, dict[str, Any]]]]:
    seen: tuple[tuple[str, int], ...] = ()
    async for events in service.feed.follow(actor.tenant, session, after=after):
        stamp = await service.announcements.at_hand.stamp(actor.tenant)
        # Whoever signed out, or went away long ago, hears no more of it.
        if (events or stamp != seen) and not await service.sign_ins.lasts(actor):
            return
        news = [(number, event_shown(number, event)) for number, event in events]
        yield [*news, (0, {"kind": "incidents", "by": None})] if stamp != seen else news
        seen = stamp


async def read_trace(call: Call) -> Reply:
    """Read a session's three axes, coded from the path it took, and what corrections undid."""
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"])
    return as_json(await service.views.trace(call.actor, warm, language=call.query.language))


async def read_timeline(call: Call) -> Reply:
    """Read the time ledger of a session's contacts: segments without gap or overlap, and totals.

    `segments`, `totals` and `useful_share` are those of the latest contact, mostly the only one;
    `contacts` has them all, and `figures` the measures over them all, each with its unit and where
    its definition comes from. Times are milliseconds UTC; segments are half-open.
    """
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"])
    found = await service.views.timeline(call.actor, warm)
    latest = found["contacts"][-1]
    times = [ContactTime(one["totals_ms"], one["channel"]) for one in found["contacts"]]
    return as_json(
        {
            **found,
            "segments": latest["segments"],
            "totals": latest["totals_ms"],
            "useful_share": latest["useful_share"],
            "figures": [shown(figure, times, call.language) for figure in FIGURES.values()],
        }
    )


async def read_transcript(call: Call) -> Reply:
    """Read what was said and answered, in order, worded for whoever asks."""
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"])
    lines = await service.views.transcript(call.actor, warm, language=call.query.language)
    return as_json({"items": lines})


START = Operation(
    id="session.start", method="POST", path=_PATH, permission="session.start", handler=start,
    body=Start, answer=Started, status=201, keyed=True, gives_etag=True, tag="sessions",
    problems=("not-found", "journey.unknown"), examples=examples.START,
)  # fmt: skip
COMMAND = Operation(
    id="session.command", method="POST", path=_PATH + "/{session}/commands",
    permission="session.command.*", handler=command, body="Command", query=ViewQuery, answer=View,
    keyed=True, guarded=True, gives_etag=True, tag="sessions",
    problems=("command.role", "step.advisor-only"),
    examples=examples.COMMAND,
)  # fmt: skip
READ = Operation(
    id="session.read", method="GET", path=_PATH + "/{session}", permission="session.read",
    handler=read, query=ViewQuery, answer=View, gives_etag=True, tag="sessions",
    examples=examples.READ,
)  # fmt: skip
PREVIEW = Operation(
    id="session.preview", method="POST", path=_PATH + "/{session}/commands:preview",
    permission="session.preview", handler=preview, body=PreviewAmend, answer=Preview,
    tag="sessions", examples=examples.PREVIEW,
)  # fmt: skip

OPERATIONS = (
    START,
    READ,
    COMMAND,
    PREVIEW,
    Operation(
        id="session.events", method="GET", path=_PATH + "/{session}/events",
        permission="session.events", handler=list_events, query=PageQuery, answer=Page,
        tag="sessions", problems=("request.bad-cursor",),
    ),
    Operation(
        id="session.stream", method="GET", path=_PATH + "/{session}/events/stream",
        permission="session.events", handler=follow_events, answer="text/event-stream",
        tag="sessions",
    ),
    Operation(
        id="session.trace", method="GET", path=_PATH + "/{session}/trace",
        permission="session.read", handler=read_trace, query=ViewQuery, answer=Trace,
        tag="sessions",
    ),
    Operation(
        id="session.timeline", method="GET", path=_PATH + "/{session}/timeline",
        permission="session.read", handler=read_timeline, answer=Timeline, tag="sessions",
    ),
    Operation(
        id="session.transcript", method="GET", path=_PATH + "/{session}/transcript",
        permission="session.read", handler=read_transcript, query=ViewQuery, answer=Transcript,
        tag="sessions",
    ),
)  # fmt: skip
