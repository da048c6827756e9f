"""The report of a period: one page for a committee, its figures, or a spreadsheet."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec

from api.operations import Call, Operation
from api.problems import Reply
from api.queries import Said
from api.replies import as_json
from api.routes.measures import XLSX, desk_of
from api.schemas import Body, Language
from measures.asking.question import Asked
from measures.reporting.content import report
from measures.reporting.forms import report_as

_TYPES = {"html": b"text/html; charset=utf-8", "xlsx": XLSX.encode()}


class ReportQuery(Body):
    """Which period, with which filters, compared with which other, and in which form."""

    where: Said | None = None
    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")
    compare: Said | None = None
    language: Language | None = None
    format: Annotated[Literal["json", "html", "xlsx"], msgspec.Meta()] = "json"


class Report(msgspec.Struct):
    """A report: sections of answers, each as `GET /v1/measures/{slug}` gives it; the register."""

    period: dict[str, str]
    compared_with: dict[str, str] | None
    sections: list[dict[str, Any]]
    irritants: list[dict[str, Any]]
    removed: dict[str, float] | None
    as_of: int


async def read_report(call: Call) -> Reply:
    """Read the report of a period, the last 30 days by default.

    `format`: `html` is one page that stands by itself, charts inside, nothing fetched; `xlsx` a
    spreadsheet; `json` the answers. All hold the same figures as the measures. `removed` says of
    two periods how many seconds a contact were taken out (rabot) and how many only filled.
    """
    asked: ReportQuery = call.query
    language = asked.language or call.language
    question = Asked(where=asked.where, since=asked.since, until=asked.until, compare=asked.compare)
    found = await report(
        desk_of(call), call.actor, question, language="fr" if language.startswith("fr") else "en"
    )
    if asked.format == "json":
        return as_json(found)
    made = await asyncio.to_thread(report_as, found, asked.format)
    return Reply(200, made, media_type=_TYPES[asked.format])


OPERATIONS = (
    Operation(
        id="report.read", method="GET", path="/v1/report", permission="measure.read",
        handler=read_report, query=ReportQuery, answer=Report, texts=("text/html", XLSX),
        tag="measures",
        problems=("measure.wrong-question", "measure.people", "measure.extra-missing",
                  "measure.facts-away"),
    ),
)  # fmt: skip
