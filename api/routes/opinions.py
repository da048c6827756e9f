"""What customers say of their contacts: from their own page, or brought by a survey tool."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.retries import once, replied
from api.schemas import Body
from runtime.idempotency import Keep
from runtime.opinions import Opinion

_SESSION = "/v1/sessions/{session}/opinion"
_CONTACT = "/v1/contacts/{contact}/opinion"


class Said(Body):
    """What a customer answers; any question may be left out, and there is no place for a text.

    `useful`: how much of the time was useful, in per cent. `satisfaction` from 1 to 5; `effort`
    from 1 (hard) to 7 (easy); `recommend` from 0 to 10. `felt`: the losses that were felt.
    """

    useful: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    satisfaction: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    effort: Annotated[int, msgspec.Meta(ge=1, le=7)] | None = None
    recommend: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None
    felt: Annotated[list[str], msgspec.Meta(max_length=8)] = msgspec.field(default_factory=list)


class OpinionKept(msgspec.Struct):
    """A customer's answers, as they are kept."""

    contact: str
    useful: int | None
    satisfaction: int | None
    effort: int | None
    recommend: int | None
    felt: list[str]
    at: int


async def of_session(call: Call) -> Reply:
    """Say, as its customer, whether the time of a session's latest contact was useful.

    `felt` is of `queue`, `lookup`, `analysis`, `procedure`, `hold`, `transfer`, `repetition` and
    `deferral`. Said again it takes the place of what was said before.
    """
    session = call.params["session"]

    async def do(keep: Keep) -> dict[str, Any]:
        opinions = call.context.service.opinions
        return await opinions.of_session(call.actor, session, _given(call.body), keep=keep)

    return replied(await once(call, f"/v1/sessions/{session}/opinion", do=do, body=dict))


async def of_contact(call: Call) -> Reply:
    """Bring what a survey tool was answered about a contact by its customer."""
    contact = call.params["contact"]

    async def do(keep: Keep) -> dict[str, Any]:
        opinions = call.context.service.opinions
        return await opinions.of_contact(call.actor, contact, _given(call.body), keep=keep)

    return replied(await once(call, f"/v1/contacts/{contact}/opinion", do=do, body=dict))


def _given(said: Said) -> Opinion:
    return Opinion(
        useful=said.useful, satisfaction=said.satisfaction, effort=said.effort,
        recommend=said.recommend, felt=said.felt,
    )  # fmt: skip


_EXAMPLE = Example(
    summary="Half of the time was useful; the wait was felt",
    request={"useful": 50, "satisfaction": 4, "felt": ["queue"]},
    answer={
        "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs", "useful": 50, "satisfaction": 4,
        "effort": None, "recommend": None, "felt": ["queue"], "at": 1_767_225_600_000,
    },
)  # fmt: skip

OPERATIONS = (
    Operation(
        id="opinion.give", method="POST", path=_SESSION, permission="opinion.give",
        handler=of_session, body=Said, answer=OpinionKept, keyed=True, tag="measures",
        problems=("not-found",), examples=(_EXAMPLE,),
    ),
    Operation(
        id="opinion.bring", method="POST", path=_CONTACT, permission="opinion.bring",
        handler=of_contact, body=Said, answer=OpinionKept, keyed=True, tag="measures",
        problems=("not-found",), examples=(_EXAMPLE,),
    ),
)  # fmt: skip
