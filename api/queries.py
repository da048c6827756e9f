"""What requests ask in their query, as structures: see `api.schemas`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from api.paging import DEFAULT
from api.schemas import Body, Language, Limit


class ViewQuery(Body):
    """In which language to show a session; its own unless said otherwise."""

    language: Language | None = None


class PageQuery(Body):
    """Which page."""

    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class SessionsQuery(Body):
    """Which sessions. `mine`: those the caller has. `waiting`: those that wait.

    `accept`: for staff; `teams`: for a team or skill of the caller, side calls and their own
    customers' among them.
    `attention`: those with an action that came to nothing and that nobody has.
    """

    status: Literal["open", "active", "pending", "waiting", "paused", "ended", "failed"] | None = (
        None
    )
    mine: bool = False
    waiting: Literal["accept", "teams"] | None = None
    attention: bool = False
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class LettersQuery(Body):
    """Which dead letters: those in one state."""

    state: Literal[
        "open", "with_person", "redriven", "succeeded", "by_hand", "not_done", "otherwise",
        "dropped", "closed",
    ] = "open"  # fmt: skip
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class NoticesQuery(Body):
    """Which of the notices that a subscription has not taken: those in one state."""

    state: Literal["dead", "gone", "ready"] = "dead"
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class CurrentQuery(Body):
    """For whom: what is not said excludes no incident."""

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] | None = None
    language: Language | None = None
    motive: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] | None = None
    journey: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] | None = None


Said = Annotated[str, msgspec.Meta(min_length=1, max_length=1_024)]


class MeasureQuery(Body):
    """How a measure is cut, filtered, compared and set."""

    by: Said | None = None
    where: Said | None = None
    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")
    compare: Said | None = None
    settings: Said | None = msgspec.field(default=None, name="with")
    format: Literal["json", "csv", "xlsx"] = "json"


class DrillQuery(Body):
    """Which contacts behind a measure, and which page of them."""

    where: Said | None = None
    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")
    settings: Said | None = msgspec.field(default=None, name="with")
    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class GraphQuery(Body):
    """In which form to draw a journey, and in which language."""

    format: Literal["mermaid", "dot", "json"] = "json"
    language: Language | None = None


class SearchQuery(Body):
    """What to look for."""

    q: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    language: Language | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 10
