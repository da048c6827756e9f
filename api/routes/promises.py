"""Promises: what is still owed to customers, and what became of what was promised."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.paging import DEFAULT
from api.problems import Problem, Reply
from api.replies import as_json
from api.schemas import Body, Limit, Name, Page
from runtime.promises import Place, place_of


class PromisesQuery(Body):
    """Which promises. `whose`: those one made or whose session one has; those of one's teams; all.

    `team`: those of a team or skill. `state`: `owed` is open, soon and overdue together.
    """

    whose: Literal["mine", "team", "all"] = "all"
    team: Name | None = None
    state: Literal[
        "owed", "open", "soon", "overdue", "kept", "late", "broken", "dropped"
    ] = "owed"  # fmt: skip
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class PromiseRead(msgspec.Struct):
    """Something that was promised. `what` and `reason` are null once their person was erased.

    `keeps`: what keeps it by itself, an outbound `contact` that is answered or the `resolution`
    of its ticket; `how` it came to its state: clock, walk, contact, resolution, correction, hand.
    `begins`: when the slot begins that it takes, `due` then being its end; `moves`: how often it
    took another one. Times in milliseconds UTC.
    """

    id: str
    session: str
    number: int
    what: str | None
    due: int | None
    by: str
    team: str | None
    keeps: str | None
    at: int
    owed: bool
    state: str
    state_at: int
    how: str | None
    said_by: str | None
    reason: str | None
    ticket: str | None
    customer: str | None
    journey: str
    status: str
    holder: str | None
    motive: str | None
    begins: int | None
    moves: int


async def list_promises(call: Call) -> Reply:
    """List promises by their time, the longest overdue first, those without a time last.

    To say what became of one, bring `follow_promise` to its session.
    """
    asked: PromisesQuery = call.query
    name = f"promises:{asked.whose}:{asked.team}:{asked.state}"
    found = await call.context.service.promises.all(
        call.actor, whose=asked.whose, state=asked.state, team=asked.team,
        after=_place(paging.read(call.actor.tenant, name, asked.cursor, kind=str)),
        limit=asked.limit + 1,
    )  # fmt: skip
    items, more = found[: asked.limit], len(found) > asked.limit
    following = None
    if more:
        place = ":".join(map(str, place_of(items[-1])))
        following = paging.write(call.actor.tenant, name, place)
    return as_json(paging.page(items, following))


def _place(after: str | None) -> Place | None:
    if after is None:
        return None
    try:
        due, session, number = after.split(":")
        return Place(int(due), session, int(number))
    except ValueError:
        raise Problem("request.bad-cursor") from None


async def read_promise(call: Call) -> Reply:
    """Read one by its id, the session's and its number there: `ses_….1`."""
    return as_json(await call.context.service.promises.get(call.actor, call.params["promise"]))


_PROMISE: dict[str, Any] = {
    "id": "ses_06k3v9r1d4zj5m2q8w7t0xbncs.1", "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
    "number": 1, "what": "Rappeler avant midi", "due": 1_767_265_200_000, "by": "advisor:ana",
    "team": "vendeur", "keeps": "contact", "at": 1_767_225_600_000, "owed": True,
    "state": "overdue", "state_at": 1_767_265_200_500, "how": "clock", "said_by": "system",
    "reason": None, "ticket": "tkt_06k3v9r1d4zj5m2q8w7t0xbncs", "customer": None,
    "journey": "livraison.suivi", "status": "ended", "holder": "advisor:ana",
    "motive": "livraison.suivi", "begins": None, "moves": 0,
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="promise.list", method="GET", path="/v1/promises", permission="promise.read",
        handler=list_promises, query=PromisesQuery, answer=Page, tag="tickets",
        problems=("request.bad-cursor",),
        examples=(
            Example(summary="One is overdue", answer={"items": [_PROMISE], "next": None}),
        ),
    ),
    Operation(
        id="promise.read", method="GET", path="/v1/promises/{promise}", permission="promise.read",
        handler=read_promise, answer=PromiseRead, tag="tickets", problems=("not-found",),
    ),
)  # fmt: skip
