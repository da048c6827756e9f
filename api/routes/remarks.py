"""Remarks: what people who walk journeys say to their authors."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.paging import DEFAULT
from api.problems import Problem, Reply
from api.replies import as_json
from api.schemas import Body, Limit, Name
from runtime.remarks import FIRST, Place, Remarks


class RemarksQuery(Body):
    """Which remarks: of one journey, of one kind; all by default."""

    journey: Name | None = None
    what: Literal["none_of_these", "flag"] | None = None
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class RemarkRead(msgspec.Struct):
    """What somebody said to the author: nothing offered fits, or something is wrong with a step.

    `role`: in which role; who it was is not said. `text` is null where none was given, and once
    its person was erased. `step` is null where no step was named. `at` in milliseconds UTC.
    """

    session: str
    seq: int
    what: str
    at: int
    role: str
    library: str
    revision: str
    journey: str
    step: str | None
    category: str | None
    text: str | None
    audience: str
    channel: str
    language: str


class RemarksPage(msgspec.Struct):
    """One page of remarks, newest first."""

    items: list[RemarkRead]
    next: str | None = None


async def list_remarks(call: Call) -> Reply:
    """List what people said to the authors of journeys, newest first."""
    asked: RemarksQuery = call.query
    name = f"remarks:{asked.journey}:{asked.what}"
    found = await Remarks(call.context.service.store).newest(
        call.actor, journey=asked.journey, what=asked.what,
        after=_place(paging.read(call.actor.tenant, name, asked.cursor, kind=str)),
        limit=asked.limit + 1,
    )  # fmt: skip
    items, more = found[: asked.limit], len(found) > asked.limit
    following = None
    if more:
        last = items[-1]
        place = f"{last['at']}:{last['session']}:{last['seq']}"
        following = paging.write(call.actor.tenant, name, place)
    return as_json(paging.page(items, following))


def _place(after: str | None) -> Place:
    if after is None:
        return FIRST
    at, _, rest = after.partition(":")
    session, _, seq = rest.rpartition(":")
    if not at.isdecimal() or not seq.isdecimal():
        raise Problem("request.bad-cursor")
    return int(at), session, int(seq)


OPERATIONS = (
    Operation(
        id="remark.list", method="GET", path="/v1/remarks", permission="remark.read",
        handler=list_remarks, query=RemarksQuery, answer=RemarksPage, tag="libraries",
        problems=("request.bad-cursor",),
        examples=(
            Example(
                summary="What fitted nothing that was offered",
                answer={
                    "items": [
                        {
                            "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs", "seq": 9,
                            "what": "none_of_these", "at": 1_767_225_600_000, "role": "customer",
                            "library": "shop", "revision": "9f2c", "journey": "parcel",
                            "step": "reason", "category": "other", "audience": "customer",
                            "text": "It went to my old address", "channel": "chat",
                            "language": "en",
                        }
                    ],
                    "next": None,
                },
            ),
        ),
    ),
)  # fmt: skip
