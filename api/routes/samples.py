"""Samples of contacts: drawn, shown to trained listeners, rated."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import PageQuery
from api.replies import as_json
from api.retries import once, replied
from api.routes.measures import desk_of
from api.schemas import Body, Items, Name, Page
from measures.sampling.samples import LEAST_TWICE, MOST, Plan, Samples, Verdict
from runtime.idempotency import Keep

_PATH = "/v1/samples"
_ONE = _PATH + "/{sample}"
_CONTACT = _ONE + "/contacts/{contact}"
_SAMPLE = "smp_06k3v9r1d4zj5m2q8w7t0xbncs"
_OF = "ctc_06k3v9r1d4zj5m2q8w7t0xbncs"

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1_024)]
Share = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Draw(Body):
    """What to draw. `by`, `where`, `from`, `to` are those of a measure; `by` makes the strata.

    `seed` gives the same sample again; `twice` is the share of it that two listeners rate.
    """

    name: Name
    size: Annotated[int, msgspec.Meta(ge=1, le=MOST)]
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    by: Words | None = "motive,channel"
    where: Words | None = None
    since: Words | None = msgspec.field(default=None, name="from")
    until: Words | None = msgspec.field(default=None, name="to")
    twice: Annotated[float, msgspec.Meta(ge=LEAST_TWICE, le=1)] = LEAST_TWICE


class Sample(msgspec.Struct):
    """A sample: what it was drawn by, and its strata, each with its size and how many of it."""

    id: str
    name: str
    by: list[str]
    where: str | None
    period: dict[str, str]
    seed: int
    twice: float
    strata: list[dict[str, Any]]
    drawn_by: str
    created_at: int


class SampleRead(Sample):
    """A sample and what its ratings come to.

    `useful_share` is the ratio weighed by strata, with its interval; `agreement` Krippendorff's
    alpha, `is_low` whether it is below 0.667; `codes` Cohen's kappa of the listeners, by axis.
    """

    contacts: int
    rated: int
    rated_twice: int
    useful_share: dict[str, Any]
    agreement: float | None
    is_low: bool
    codes: dict[str, dict[str, Any]]


class CodeToGive(msgspec.Struct):
    """A code that a listener may give, as the library calls it."""

    code: str
    label: str


class ToRate(msgspec.Struct):
    """A contact to listen to: its `parts`, milliseconds after it began; what is `heard` in each.

    `title` of a part is what its step is called; `codes` those that may be given, by axis.
    """

    contact: str
    channel: str
    direction: str
    offered: int
    parts: list[dict[str, Any]]
    codes: dict[str, list[CodeToGive]]


class Rate(Body):
    """`useful`: for each part, in order, how much of it was useful to the customer, in per cent.

    `codes`: what the listener would have coded, by axis. `recording`: its id where it is kept, an
    offset after `@`; it is erased with the person.
    """

    useful: Annotated[list[Share], msgspec.Meta(max_length=10_000)]
    codes: dict[str, Name] = msgspec.field(default_factory=dict)
    recording: Name | None = None


class RatingKept(msgspec.Struct):
    """That a rating was kept, and of how many parts."""

    sample: str
    contact: str
    parts: int
    at: int


async def draw(call: Call) -> Reply:
    """Draw a sample of contacts for trained listeners, from every stratum in proportion.

    Two at least of each stratum that has them. The same plan over the same facts gives the same
    contacts. Only contacts that are over, answered and served by a journey are drawn.
    """
    asked: Draw = call.body
    plan = Plan(
        name=asked.name, size=asked.size, seed=asked.seed, twice=asked.twice, by=asked.by,
        where=asked.where, since=asked.since, until=asked.until,
    )  # fmt: skip

    async def do(keep: Keep) -> dict[str, Any]:
        return await _samples(call).draw(call.actor, plan, keep=keep)

    return replied(await once(call, _PATH, do=do, body=dict), status=201)


async def list_samples(call: Call) -> Reply:
    """List samples, newest first."""
    asked: PageQuery = call.query
    before = paging.read(call.actor.tenant, "samples", asked.cursor, kind=str)
    found = await _samples(call).newest(call.actor, before=before, limit=asked.limit + 1)
    items, more = found[: asked.limit], len(found) > asked.limit
    following = paging.write(call.actor.tenant, "samples", items[-1]["id"]) if more else None
    return as_json(paging.page(items, following))


async def read_sample(call: Call) -> Reply:
    """Read a sample: how far it is rated, the useful share it gives, and how far raters agree."""
    return as_json(await _samples(call).read(call.actor, call.params["sample"]))


async def list_to_rate(call: Call) -> Reply:
    """List the contacts of a sample that the caller may still rate, in their order."""
    return as_json({"items": await _samples(call).to_rate(call.actor, call.params["sample"])})


async def read_contact(call: Call) -> Reply:
    """Read the timeline of a contact to rate, without what the walk judged of it.

    Codes are not shown, nor the class of a step: only what anybody hears (a queue, a hold).
    """
    found = await _samples(call).timeline(
        call.actor, call.params["sample"], call.params["contact"], language=call.language
    )
    return as_json(found)


async def rate(call: Call) -> Reply:
    """Rate a contact of a sample; rated again by the same listener, the later rating counts.

    Nobody rates a contact they handled.
    """
    asked: Rate = call.body
    sample, contact = call.params["sample"], call.params["contact"]
    verdict = Verdict(useful=asked.useful, codes=asked.codes, recording=asked.recording)

    async def do(keep: Keep) -> dict[str, Any]:
        return await _samples(call).rate(call.actor, sample, contact, verdict=verdict, keep=keep)

    return replied(await once(call, f"{_PATH}/{sample}/contacts/{contact}", do=do, body=dict))


def _samples(call: Call) -> Samples:
    return Samples(desk_of(call), call.context.service)


_DRAWN = {
    "id": _SAMPLE, "name": "January", "by": ["channel"], "where": None,
    "period": {"from": "2026-01-01", "to": "2026-02-01"}, "seed": 7, "twice": 0.1,
    "strata": [{"key": {"channel": "phone"}, "size": 5818, "drawn": 100}],
    "drawn_by": "supervisor:sam", "created_at": 1_769_900_400_000,
}  # fmt: skip

OPERATIONS = (
    Operation(
        id="sample.list", method="GET", path=_PATH, permission="sample.read",
        handler=list_samples, query=PageQuery, answer=Page, tag="measures",
        problems=("request.bad-cursor",),
    ),
    Operation(
        id="sample.draw", method="POST", path=_PATH, permission="sample.draw", handler=draw,
        body=Draw, answer=Sample, status=201, keyed=True, tag="measures",
        problems=("measure.wrong-question", "measure.people", "measure.facts-away"),
        examples=(
            Example(
                summary="A hundred calls of January",
                request={"name": "January", "size": 100, "seed": 7, "by": "channel",
                         "from": "2026-01-01", "to": "2026-02-01"},
                answer=_DRAWN,
            ),
        ),
    ),
    Operation(
        id="sample.read", method="GET", path=_ONE, permission="sample.read",
        handler=read_sample, answer=SampleRead, tag="measures", problems=("not-found",),
    ),
    Operation(
        id="sample.contacts", method="GET", path=_ONE + "/contacts", permission="sample.rate",
        handler=list_to_rate, answer=Items, tag="measures", problems=("not-found",),
    ),
    Operation(
        id="sample.contact", method="GET", path=_CONTACT, permission="sample.rate",
        handler=read_contact, answer=ToRate, tag="measures",
        problems=("not-found", "sample.own-contact"),
    ),
    Operation(
        id="sample.rate", method="POST", path=_CONTACT, permission="sample.rate", handler=rate,
        body=Rate, answer=RatingKept, keyed=True, tag="measures",
        problems=("not-found", "sample.own-contact"),
        examples=(
            Example(
                summary="The wait was lost, the answer was not",
                request={"useful": [0, 100], "codes": {"declaration": "delivery.late"}},
                answer={"sample": _SAMPLE, "contact": _OF, "parts": 2, "at": 1_769_900_400_000},
            ),
        ),
    ),
)  # fmt: skip
