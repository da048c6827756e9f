"""Thresholds: what supervisors want to be told of when a measure crosses its bounds."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.operations import NOTHING, Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.retries import once, replied
from api.routes.measures import desk_of
from api.schemas import Body, Name
from measures.statistics.estimate import FEW
from measures.watching.bounds import Bounds
from measures.watching.thresholds import Plan, Thresholds
from runtime.idempotency import Keep

_PATH = "/v1/thresholds"

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1_024)]


class SetThreshold(Body):
    """What to watch: a measure, cut and filtered as it is read, over a `window` up to now.

    `low` and `high` are the bounds, in the measure's unit; one of them is enough. A value that was
    beyond its bound is back once it is `margin` inside. Of fewer than `least_n` contacts or demands
    nothing is concluded.
    """

    name: Name
    measure: Name
    window: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] = "7 days"
    low: float | None = None
    high: float | None = None
    margin: float = 0.0
    least_n: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = FEW
    by: Words | None = None
    where: Words | None = None
    settings: Words | None = msgspec.field(default=None, name="with")


class Threshold(msgspec.Struct, kw_only=True):
    """A threshold. `beyond`: the groups that are outside of the bounds now, as they crossed them.

    `subscriptions` are told of it; `problem` is why it could not be worked out last.
    """

    id: str
    name: str
    measure: str
    label: str
    unit: str
    by: str | None
    where: str | None
    settings: str | None = msgspec.field(name="with")
    window: str
    low: float | None
    high: float | None
    margin: float
    least_n: int
    created_by: str
    created_at: int
    problem: str | None
    subscriptions: list[str]
    beyond: list[dict[str, Any]]


class ThresholdList(msgspec.Struct):
    """The thresholds of the tenant, oldest first."""

    items: list[Threshold]


async def list_thresholds(call: Call) -> Reply:
    """List the thresholds, with what is beyond each of them now."""
    return as_json({"items": await _thresholds(call).all(call.actor, call.language)})


async def create(call: Call) -> Reply:
    """Set a threshold: listeners hear `threshold.crossed` once, and `threshold.back` on return.

    It is looked at every minute. The measures' safeguards hold: none is by person, and a group that
    is withheld crosses nothing.
    """
    asked: SetThreshold = call.body
    plan = Plan(
        name=asked.name, measure=asked.measure, window=asked.window, by=asked.by,
        where=asked.where, settings=asked.settings, least_n=asked.least_n,
        bounds=Bounds(low=asked.low, high=asked.high, margin=asked.margin),
    )  # fmt: skip

    async def do(keep: Keep) -> dict[str, Any]:
        return await _thresholds(call).create(call.actor, plan, language=call.language, keep=keep)

    return replied(await once(call, _PATH, do=do, body=dict), status=201)


async def remove(call: Call) -> Reply:
    """Take a threshold away: nobody is told of it any more."""
    await _thresholds(call).remove(call.actor, call.params["threshold"])
    return Reply(204)


def _thresholds(call: Call) -> Thresholds:
    return Thresholds(desk_of(call), call.context.service)


_ASKED: dict[str, Any] = {
    "name": "Calls answered in time", "measure": "service_level", "where": "channel:phone",
    "window": "24h", "low": 0.8, "margin": 0.02,
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    "id": "thr_06k3v9r1d4zj5m2q8w7t0xbncs", "name": "Calls answered in time",
    "measure": "service_level", "label": "Service level", "unit": "share", "by": None,
    "where": "channel:phone", "with": None, "window": "24h", "low": 0.8, "high": None,
    "margin": 0.02, "least_n": 30, "created_by": "supervisor:sam",
    "created_at": 1_769_900_400_000, "problem": None, "subscriptions": ["crm-5f0c9d21"],
    "beyond": [{"key": {}, "side": "below", "since": 1_769_904_000_000, "value": 0.74, "n": 212}],
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="threshold.list", method="GET", path=_PATH, permission="threshold.read",
        handler=list_thresholds, answer=ThresholdList, tag="measures",
        examples=(Example(summary="Below its bound since", answer={"items": [_SHOWN]}),),
    ),
    Operation(
        id="threshold.create", method="POST", path=_PATH, permission="threshold.change",
        handler=create, body=SetThreshold, answer=Threshold, status=201, keyed=True,
        tag="measures",
        problems=("measure.unknown", "measure.wrong-question", "measure.people", "request.wrong"),
        examples=(
            Example(summary="Four of five calls within their target, over a day",
                    request=_ASKED, answer={**_SHOWN, "beyond": []}),
        ),
    ),
    Operation(
        id="threshold.delete", method="DELETE", path=_PATH + "/{threshold}",
        permission="threshold.change", handler=remove, answer=NOTHING, status=204,
        tag="measures", problems=("not-found",),
    ),
)  # fmt: skip
