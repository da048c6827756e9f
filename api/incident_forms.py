"""The forms of incidents: what is written of one, and what is read."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from api.around import SaidIncident
from api.schemas import Body, Milliseconds, Name

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Names = Annotated[list[Name], msgspec.Meta(max_length=200)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31)]


class IncidentScope(Body):
    """Whom it concerns: all that is named must fit. `customers`: `{"postcode": ["69*"]}`."""

    motives: Names = msgspec.field(default_factory=list)
    journeys: Names = msgspec.field(default_factory=list)
    channels: Names = msgspec.field(default_factory=list)
    customers: dict[str, Names] = msgspec.field(default_factory=dict)
    area: Name | None = None


class IncidentText(Body):
    """What is said in one language; `{next_update}` is replaced. Variants by channel."""

    text: Text
    channels: dict[str, Text] = msgspec.field(default_factory=dict)


class WriteIncident(Body):
    """An incident's first version. Times are milliseconds UTC; it begins now unless said."""

    title: Name
    texts: Annotated[dict[str, IncidentText], msgspec.Meta(min_length=1, max_length=20)]
    scope: IncidentScope = msgspec.field(default_factory=IncidentScope)
    begins: Milliseconds | None = None
    ends: Milliseconds | None = None
    next_update: Milliseconds | None = None
    timezone: Name | None = None
    branch: Name | None = None


class ChangeIncident(Body):
    """A further version, after `version`: what is given replaces its field whole; others stay."""

    version: Version
    title: Name | msgspec.UnsetType = msgspec.UNSET
    texts: dict[str, IncidentText] | msgspec.UnsetType = msgspec.UNSET
    scope: IncidentScope | msgspec.UnsetType = msgspec.UNSET
    begins: Milliseconds | msgspec.UnsetType = msgspec.UNSET
    ends: Milliseconds | msgspec.UnsetType | None = msgspec.UNSET
    next_update: Milliseconds | msgspec.UnsetType | None = msgspec.UNSET
    timezone: Name | msgspec.UnsetType = msgspec.UNSET
    branch: Name | msgspec.UnsetType | None = msgspec.UNSET


class IncidentVersion(Body):
    """The version that was read, and is meant."""

    version: Version


class IncidentContent(msgspec.Struct):
    """One version of an incident."""

    title: str
    scope: IncidentScope
    texts: dict[str, IncidentText]
    begins: int
    ends: int | None
    next_update: int | None
    timezone: str
    branch: str | None


class Incident(msgspec.Struct):
    """An incident: `live` is what is said while it is `on`, `draft` what nobody validated yet."""

    id: str
    version: int
    status: Literal["draft", "live", "ended"]
    draft: IncidentContent | None
    drafted_by: str
    live: IncidentContent | None
    live_version: int | None
    validated_by: str | None
    validator: str | None
    validated_at: int | None
    ended_at: int | None
    ended_by: str | None
    created_at: int
    updated_at: int
    on: bool
    contacts: int | None = None
    told: int | None = None


class Incidents(msgspec.Struct):
    """One page of incidents, newest first."""

    items: list[Incident]
    next: str | None = None


class Current(msgspec.Struct):
    """What is to be said now, oldest first; `until` when that changes by itself, if it does."""

    items: list[SaidIncident]
    until: int | None = None
