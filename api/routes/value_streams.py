"""The value stream of a journey: where the time of its walks went, and what changed."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import Said
from api.replies import as_json
from api.routes.measures import XLSX, desk_of
from api.schemas import Body
from measures.reporting.forms import stream_as
from measures.streams.asking import Asked, value_stream

_TYPES = {"csv": b"text/csv; charset=utf-8", "xlsx": XLSX.encode()}


class StreamQuery(Body):
    """Which walks of a journey, beside which others, and in which form."""

    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")
    compare: Said | None = None
    revision: Said | None = None
    compare_revision: Said | None = None
    format: Literal["json", "csv", "xlsx"] = "json"


class ValueStream(msgspec.Struct):
    """A value stream: each step in walk order, the whole; seconds of a walk unless said so."""

    journey: str
    title: str
    unit: str
    zone: str
    period: dict[str, str]
    revision: str | None
    compared_with: dict[str, str] | None
    compared_revision: str | None
    steps: list[dict[str, Any]]
    total: dict[str, Any]
    comparison: dict[str, Any] | None
    as_of: int


async def read_stream(call: Call) -> Reply:
    """Work out where the time of a journey's walks went, step by step, in walk order.

    Of the walks that began as this journey and ended in the period (the last 30 days unless `from`
    and `to` say otherwise), at each step, those of journeys it called too (`is_sub`): how many
    walks passed; `spent`, `added` (value), `delay` (from the end of the step before to its own)
    and `wait` (what the delay has beyond the time spent), each the mean of a walk that passed with
    its 95 % interval; shares of the whole. Of the whole also `efficiency` (value over lead time),
    `waste` (time over value), `rework` (undone steps) and the median lead time.

    `compare`: `previous`, or a period `2026-01-01..2026-02-01`. `revision`, `compare_revision`: the
    number of a publication, or how its hash begins; the second alone compares two revisions over
    the same period. Then `before` and `difference` stand beside `now`, and `comparison` says what
    is left of the difference on the same mix of motives.

    A figure is null where nobody walked or fewer than five contacts are left; `reason` says which.
    """
    asked: StreamQuery = call.query
    found = await value_stream(
        desk_of(call), call.actor,
        Asked(journey=call.params["journey"], since=asked.since, until=asked.until,
              compare=asked.compare, revision=asked.revision,
              compare_revision=asked.compare_revision),
        language=call.language,
    )  # fmt: skip
    if asked.format == "json":
        return as_json(found)
    made = await asyncio.to_thread(stream_as, found, asked.format)
    return Reply(200, made, media_type=_TYPES[asked.format])


_MEAN = {"value": 45.0, "low": 38.2, "high": 51.8}
_LINE: dict[str, Any] = {
    "walks": 410, "visits": 422, "spent": {**_MEAN, "median": 41.0, "p90": 80.0}, "added": _MEAN,
    "wait": {"value": 30.0, "low": 21.0, "high": 39.0},
    "delay": {"value": 75.0, "low": 60.1, "high": 89.9, "median": 66.0, "p90": 140.0},
    "share_of_time": 0.69, "share_of_delay": 0.75, "marks": [], "reason": None,
}  # fmt: skip
_WHOLE: dict[str, Any] = {
    **_LINE, "rework": {"value": 2.0, "low": 1.1, "high": 2.9},
    "efficiency": {"value": 0.565, "low": 0.52, "high": 0.61}, "waste": 1.15,
    "median_delay": {"value": 96.0, "low": 90.0, "high": 101.0},
}  # fmt: skip
_ALONE: dict[str, Any] = {"before": None, "difference": None}
_EXAMPLE: dict[str, Any] = {
    "journey": "parcel", "title": "Where is my parcel", "unit": "s", "zone": "Europe/Paris",
    "period": {"from": "2026-01-01", "to": "2026-02-01"}, "revision": None, "compared_with": None,
    "compared_revision": None,
    "steps": [{"journey": "parcel", "step": "tell", "is_sub": False, "now": _LINE, **_ALONE,
               "title": "Where is my parcel"}],
    "total": {"now": _WHOLE, **_ALONE}, "comparison": None, "as_of": 1_769_900_400_000,
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="value-stream.read", method="GET", path="/v1/value-streams/{journey}",
        permission="measure.read", handler=read_stream, query=StreamQuery, answer=ValueStream,
        texts=("text/csv", XLSX), tag="measures",
        problems=("not-found", "measure.wrong-question", "measure.facts-away",
                  "measure.extra-missing"),
        examples=(Example(summary="A month of a journey", answer=_EXAMPLE),),
    ),
)  # fmt: skip
