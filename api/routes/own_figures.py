"""An advisor's own figures: private, with a purpose, and only where the deployment opens them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.retries import once, replied
from api.routes.measures import desk_of
from api.schemas import Body
from measures.asking.question import Asked
from measures.own import OwnFigures
from runtime.idempotency import Keep

_PATH = "/v1/me/figures"


class Look(Body):
    """What an advisor looks at their own figures for, and over which period."""

    purpose: Literal["learning", "coaching", "review"]
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = msgspec.field(default=None, name="to")


class OwnFigure(msgspec.Struct):
    """An advisor's own figure and everybody's, on the same mix of motives."""

    slug: str
    label: str
    unit: str
    own: dict[str, Any]
    everyone: dict[str, Any] | None
    covered: float | None


class Seen(msgspec.Struct):
    """An advisor's own figures, and the earlier looks at them."""

    period: dict[str, str]
    purpose: str
    figures: list[OwnFigure]
    as_of: int
    looks: list[dict[str, Any]]


async def look(call: Call) -> Reply:
    """Look at one's own figures, as an advisor; nobody else can, and the look is kept.

    Useful share, handling time, once and done and satisfaction, always together: each from 30
    contacts on, on the mix of motives of all advisors, with its interval, beside what five advisors
    or more come to on the same motives (`covered` of all contacts). No rank is given or can be
    made. Off unless the deployment says `own_figures`.
    """
    asked: Look = call.body

    async def do(keep: Keep) -> dict[str, Any]:
        own = OwnFigures(desk_of(call), call.context.service)
        period = Asked(since=asked.since, until=asked.until)
        return await own.look(
            call.actor, period, purpose=asked.purpose, language=call.language, keep=keep
        )

    return replied(await once(call, _PATH, do=do, body=dict))


_EXAMPLE: dict[str, Any] = {
    "period": {"from": "2026-01-01", "to": "2026-02-01"}, "purpose": "learning",
    "figures": [{
        "slug": "once_and_done", "label": "Once and done (gross)", "unit": "share",
        "formula": "demands with one inbound contact … ÷ closed demands",
        "own": {"value": 0.71, "low": 0.62, "high": 0.8, "n": 96, "reason": None, "marks": []},
        "everyone": {"value": 0.68, "low": 0.67, "high": 0.69, "n": 9120, "reason": None,
                     "marks": []},
        "covered": 0.93,
    }],
    "as_of": 1_769_900_400_000, "looks": [],
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="measure.own", method="POST", path=_PATH, permission="measure.own", handler=look,
        body=Look, answer=Seen, keyed=True, tag="measures",
        problems=("measure.wrong-question", "measure.own-off", "measure.facts-away"),
        examples=(Example(summary="A month, to learn from", request={"purpose": "learning"},
                          answer=_EXAMPLE),),
    ),
)  # fmt: skip
