"""The wrap-up of a session, where somebody changed what the walk wrote of it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body

_PATH = "/v1/sessions/{session}/wrap-up"


class WrapUp(msgspec.Struct):
    """What was changed of a wrap-up; null stands as the walk wrote it. `at` in milliseconds UTC."""

    summary: str | None
    next: str | None
    version: int
    at: int | None
    by: str | None


class WriteWrapUp(Body):
    """Texts to keep, and the version they take the place of: 0 where nothing was changed yet."""

    version: Annotated[int, msgspec.Meta(ge=0)]
    summary: Annotated[str, msgspec.Meta(max_length=20_000)] | None = None
    next: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None


async def read_wrap_up(call: Call) -> Reply:
    """Read what somebody changed of a session's wrap-up.

    The three axes are in the trace, and the summary follows from the walk; here are the words that
    were put in its place, by whom and when.
    """
    return as_json(await call.context.service.wrap_ups.read(call.actor, call.params["session"]))


async def write_wrap_up(call: Call) -> Reply:
    """Keep what an advisor makes of the wrap-up: whoever reads it next sees their words.

    `version` is the one that was read; when somebody else changed it meanwhile, nothing is kept and
    the answer is 409. Sent again, it changes nothing more.
    """
    asked: WriteWrapUp = call.body
    kept = await call.context.service.wrap_ups.write(
        call.actor,
        call.params["session"],
        version=asked.version,
        texts={"summary": asked.summary, "next": asked.next},
    )
    return as_json(kept)


_KEPT = {
    "summary": "The parcel was left with a neighbour, who is back tonight.", "next": None,
    "version": 1, "at": 1_767_225_600_000, "by": "advisor:ana",
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="session.wrap-up.read", method="GET", path=_PATH, permission="session.wrap-up.read",
        handler=read_wrap_up, answer=WrapUp, tag="sessions",
        examples=(Example(summary="One that was changed", answer=_KEPT),),
    ),
    Operation(
        id="session.wrap-up.write", method="PUT", path=_PATH, permission="session.wrap-up.write",
        handler=write_wrap_up, body=WriteWrapUp, answer=WrapUp, tag="sessions",
        problems=("wrap-up.changed",),
        examples=(
            Example(
                summary="Say it in one's own words",
                request={"version": 0, "summary": _KEPT["summary"]},
                answer=_KEPT,
            ),
        ),
    ),
)  # fmt: skip
