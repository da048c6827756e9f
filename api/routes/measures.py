"""Measures: which there are, what they are, and the contacts behind a figure."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import DrillQuery, MeasureQuery
from api.replies import as_json
from api.schemas import Items, Page
from measures.asking.question import Asked
from measures.desk import Desk
from measures.reporting.forms import answer_as

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": b"text/csv; charset=utf-8", "xlsx": XLSX.encode()}


class Measured(msgspec.Struct):
    """A measure over a period: the total, and each group; `as_of` is the moment it stands for."""

    slug: str
    label: str
    unit: str
    period: dict[str, str]
    total: dict[str, Any]
    groups: list[dict[str, Any]]
    as_of: int


_PROBLEMS = ("measure.unknown", "measure.wrong-question", "measure.people", "measure.facts-away")


async def list_measures(call: Call) -> Reply:
    """List the measures: name, label, unit, formula, what is included, edges, source, settings.

    `dimensions` says by what each can be cut and filtered.
    """
    return as_json({"items": desk_of(call).measures(call.actor, call.language)})


async def read_measure(call: Call) -> Reply:
    """Work out a measure over a period.

    `by`: up to three dimensions, commas between, a tree's level after a colon: `channel,motive:1`,
    or `day`, `week`, `month` in the tenant's zone. `where`: filters, `channel:phone|chat,motive:x`;
    a code stands for all below it, nothing after the colon for rows without a value. `from`, `to`:
    days or moments, `to` left out; the last 30 days otherwise. `compare`: `previous`, or another
    period `2026-01-01..2026-02-01`. `with`: the measure's own settings, `window:14`.

    A value is null where nothing can be divided or fewer than five contacts are left, and `reason`
    says which. Groups stand in the order of their names. No measure is given by person.
    """
    asked: MeasureQuery = call.query
    found = await desk_of(call).ask(
        call.actor, call.params["slug"], _asked(asked), language=call.language
    )
    if asked.format == "json":
        return as_json(found)
    made = await asyncio.to_thread(answer_as, found, asked.format)
    return Reply(200, made, media_type=_TYPES[asked.format])


async def list_behind(call: Call) -> Reply:
    """List the contacts, or demands, that a measure counts, by the same parameters."""
    asked: DrillQuery = call.query
    slug = call.params["slug"]
    name = f"measures/{slug}"
    after = paging.read(call.actor.tenant, name, asked.cursor, kind=str) or ""
    found = await desk_of(call).behind(
        call.actor, slug, _asked(asked), after=after, limit=asked.limit + 1
    )
    items = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        following = paging.write(call.actor.tenant, name, next(iter(items[-1].values())))
    return as_json(paging.page(items, following))


def desk_of(call: Call) -> Desk:
    """Return where figures are asked for in the service that a call came to."""
    service = call.context.service
    facts = call.context.facts
    assert facts is not None, "opened with the service"
    return Desk.of(service, facts)


def _asked(query: MeasureQuery | DrillQuery) -> Asked:
    return Asked(
        by=getattr(query, "by", None),
        where=query.where,
        since=query.since,
        until=query.until,
        compare=getattr(query, "compare", None),
        settings=query.settings,
    )


_EXAMPLE: dict[str, Any] = {
    "slug": "duc_experienced", "label": "Useful share, as experienced", "unit": "share",
    "formula": "Σ useful time ÷ Σ time the customer spent (a ratio of sums)",
    "zone": "Europe/Paris", "period": {"from": "2026-01-01", "to": "2026-02-01"},
    "compared_with": None, "by": ["channel"], "where": None,
    "total": {"value": 0.29, "low": 0.27, "high": 0.31, "n": 5818, "clusters": 69,
              "marks": ["not_calibrated"], "reason": None,
              "also": {"useful_s": 404_930.0, "spent_s": 1_396_310.0}},
    "groups": [
        {"key": {"channel": "chat"}, "value": None, "low": None, "high": None, "n": None,
         "clusters": None, "marks": [], "reason": "too_few", "also": {}},
    ],
    "excluded": 12, "comparison": None, "as_of": 1_769_900_400_000,
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="measure.list", method="GET", path="/v1/measures", permission="measure.read",
        handler=list_measures, answer=Items, tag="measures",
    ),
    Operation(
        id="measure.read", method="GET", path="/v1/measures/{slug}", permission="measure.read",
        handler=read_measure, query=MeasureQuery, answer=Measured, texts=("text/csv", XLSX),
        tag="measures", problems=(*_PROBLEMS, "measure.too-many-groups", "measure.extra-missing"),
        examples=(Example(summary="A month, by channel", answer=_EXAMPLE),),
    ),
    Operation(
        id="measure.contacts", method="GET", path="/v1/measures/{slug}/contacts",
        permission="measure.drill", handler=list_behind, query=DrillQuery, answer=Page,
        tag="measures", problems=(*_PROBLEMS, "request.bad-cursor"),
    ),
)  # fmt: skip
