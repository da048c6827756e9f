"""The forms of what surrounds a session: questions ahead, what is known, incidents it meets."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from api.questions import Asked


class Ahead(msgspec.Struct):
    """The questions a session may still ask, nearest first; `now` marks those it asks here."""

    items: list[Asked]


class GivenAnswer(msgspec.Struct):
    """An answer that was given: at which visit, to which question, as people read it.

    `shown` hides a sensitive one, whose `value` is null. `at`: milliseconds UTC.
    """

    visit: int
    name: str
    label: str
    shown: str | None
    value: Any
    at: int | None
    source: str | None
    sensitive: bool


class GivenAnswers(msgspec.Struct):
    """The answers that a session holds, latest first, each question once."""

    items: list[GivenAnswer]


class Surroundings(msgspec.Struct):
    """What a person beside a walk looks at: its contact, ticket and customer, what is known.

    `learnt` are the answers given, latest first; `actions` what was asked of other systems;
    `teams` whom one may transfer to or consult, teams and skills; `slot_teams` the teams that give
    slots; `side_call` the one that goes on,
    and who took or declined it; `own_advisor` the customer's single point of contact;
    `digressions` what may be opened in passing.
    """

    session: str
    started_at: int
    ended_at: int | None
    by: str | None
    words: str | None
    inputs: dict[str, Any]
    contact: dict[str, Any] | None
    ticket: dict[str, Any] | None
    customer: dict[str, Any] | None
    customer_name: str | None
    learnt: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    consulting: str | None
    side_call: dict[str, Any] | None
    own_advisor: str | None
    actions: list[dict[str, Any]]
    teams: list[dict[str, Any]]
    slot_teams: list[dict[str, Any]]
    digressions: list[dict[str, Any]]


class SaidIncident(msgspec.Struct):
    """What is said of an incident, in one language and for one channel; `text` null once over.

    `acknowledged`: the customer was told this version; `branch`: the journey to `digress` to.
    """

    id: str
    version: int
    text: str | None
    language: str
    channel: str | None
    area: str | None
    begins: int
    ends: int | None
    next_update: int | None
    timezone: str
    validated_by: str | None
    validated_at: int | None
    status: Literal["on", "over"] = "on"
    acknowledged: bool = False
    branch: str | None = None
