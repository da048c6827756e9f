"""Irritants and volumes as requests bring them, and as they are answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from api.queries import Said
from api.schemas import Body, Name
from measures.irritants.entry import MOST_WEEKS
from runtime.volumes import AT_MOST, LARGEST

Axis = Literal["motive", "qualification", "action", "journey", "step"]
Status = Literal["open", "committed", "done", "closed"]
Action = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Day = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Weeks = Annotated[int, msgspec.Meta(ge=1, le=MOST_WEEKS)]


class WriteIrritant(Body):
    """An irritant: a code, a journey or a step, whose it is, what they committed to.

    `owner` is a department or a role. The effect is seen on `measure`, with its own settings
    (`with`) and further filters (`where`); `expected` is by how much it should change, in its unit.
    `revision`: the number of the publication that carries what was done, or how its hash begins: it
    is then done the day it was published, and its effect is seen on the walks before it and since.
    """

    axis: Axis
    code: Name
    title: Name
    owner: Name
    action: Action | None = None
    due: Day | None = None
    done_on: Day | None = None
    measure: Name = "contacts"
    settings: Said | None = msgspec.field(default=None, name="with")
    where: Said | None = None
    expected: float | None = None
    weeks: Weeks = 4
    revision: Said | None = None


class ChangeIrritant(Body):
    """What is to be changed of an irritant as it was at `version`; the rest stays."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Name | msgspec.UnsetType = msgspec.UNSET
    owner: Name | msgspec.UnsetType = msgspec.UNSET
    action: Action | msgspec.UnsetType | None = msgspec.UNSET
    due: Day | msgspec.UnsetType | None = msgspec.UNSET
    done_on: Day | msgspec.UnsetType | None = msgspec.UNSET
    measure: Name | msgspec.UnsetType = msgspec.UNSET
    settings: Said | msgspec.UnsetType | None = msgspec.field(default=msgspec.UNSET, name="with")
    where: Said | msgspec.UnsetType | None = msgspec.UNSET
    expected: float | msgspec.UnsetType | None = msgspec.UNSET
    weeks: Weeks | msgspec.UnsetType = msgspec.UNSET
    revision: Said | msgspec.UnsetType | None = msgspec.UNSET
    closed: bool | msgspec.UnsetType = msgspec.UNSET


class Irritant(msgspec.Struct, kw_only=True):
    """An irritant as it stands: `open`, `committed` (an action and its date), `done`, `closed`."""

    id: str
    version: int
    status: Status
    axis: Axis
    code: str
    title: str
    owner: str
    action: str | None
    due: str | None
    done_on: str | None
    measure: str
    settings: str | None = msgspec.field(name="with")
    where: str | None
    expected: float | None
    weeks: int
    revision: str | None
    is_overdue: bool
    created_by: str
    created_at: int
    updated_at: int


class IrritantRead(Irritant, kw_only=True):
    """An irritant with its figures.

    `cost`: contacts, minutes, reiterations and money of a period. `effect`, once it is done: the
    measure over as many whole weeks before and after, the difference with its interval, the same
    difference over everything, and what it says of what was `expected`: `too_early`, `unknown`,
    `few_left`, `no_interval`, `not_shown`, `changed`, `opposite`, `reached` or `short`. With a
    `revision`, `publication` says which, and the sides are walks of those before it and since.
    """

    cost: dict[str, Any]
    effect: dict[str, Any] | None


class IrritantList(msgspec.Struct):
    """The irritants of the tenant, oldest first."""

    items: list[Irritant]


class IrritantQuery(Body):
    """Of which period to work out what it costs: the last 30 days by default."""

    since: Said | None = msgspec.field(default=None, name="from")
    until: Said | None = msgspec.field(default=None, name="to")


class VolumeOf(Body):
    """How many there were of a kind (`customers`, `orders`) in a month (`2026-01`)."""

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    month: Annotated[str, msgspec.Meta(min_length=7, max_length=7)]
    count: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class BringVolumes(Body):
    """Volumes to keep; of one that is there already the new count holds."""

    volumes: Annotated[list[VolumeOf], msgspec.Meta(min_length=1, max_length=AT_MOST)]


class VolumesKept(msgspec.Struct):
    """How many volumes were kept."""

    kept: int
