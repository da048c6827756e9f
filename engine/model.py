"""A library of journeys, compiled: what the loader makes of YAML and the engine walks. Nothing here changes after loading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from engine.answers import AnswerType
from engine.events import Json
from engine.expressions import Expression
from engine.kinds import Kind
from engine.tables import DecisionTable
from engine.wording import Text

if TYPE_CHECKING:
    from engine.calendar import Calendar
    from engine.steps.base import Step

AXES = ("declaration", "qualification", "action")
ROLES = ("failure", "nothing_fits", "correction", "cancel", "pause", "hand_over", "connector_failure", "incident",
         "satisfaction")  # fmt: skip
OUTCOMES = ("resolved", "deferred", "transferred", "refused", "abandoned", "unresolved")
CODED_OUTCOMES = ("resolved", "refused")
"""Outcomes that need all three axes; the others code `not_reached` by themselves. Source: semantics.md 15."""


class Code(NamedTuple):
    """A code a step, option or rule takes."""

    axis: str
    code: str
    principal: bool = False


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One value of a code list."""

    code: str
    label: Text
    leaf: bool
    weights: Mapping[str, float] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prevents: str | None = None


@dataclass(slots=True)
class Option:
    """One choice of a question. `next` routes; `when` hides it unless true."""

    id: str
    label: Text
    short: Text | None = None
    codes: tuple[Code, ...] = ()
    next: str | None = None
    when: Expression | None = None


@dataclass(slots=True)
class OptionsFrom:
    """Options taken from a saved list: the expression of the list, and the names of its items' id and label."""

    items: Expression
    id: str
    label: str


@dataclass(slots=True)
class Valid:
    """A rule an answer must keep; it reads the value being given under its field's name."""

    when: Expression
    message: Text


@dataclass(slots=True)
class Field:
    """One typed question, input, or value to relevel by hand. `known`: skip, confirm or always."""

    name: str
    type: AnswerType
    label: Text | None = None
    help: Text | None = None
    options: tuple[Option, ...] = ()
    options_from: OptionsFrom | None = None
    required: bool = True
    skippable: bool = False
    """Whether the checker proved that nothing reads it unguarded afterwards (semantics.md 13)."""
    valid: tuple[Valid, ...] = ()
    known: str = "skip"
    fact: str | None = None
    default: Json = None
    sensitive: bool = False


@dataclass(slots=True)
class Promise:
    """What a step promises to the customer when it is left."""

    what: Text
    within: int
    working: bool
    by: str | None


@dataclass(slots=True)
class Operation:
    """A connector operation journeys may call; where it leads is deployment configuration. `timeout` in milliseconds."""

    id: str
    title: Text | None
    effect: str
    inputs: Mapping[str, Field]
    output: Mapping[str, AnswerType]
    kind: Kind
    """The static kind of its result: a record whose fields may all be missing."""
    refusals: tuple[str, ...] = ()
    timeout: int = 15_000
    irreversible: bool = False
    sensitive: frozenset[str] = frozenset()


@dataclass(slots=True)
class Fact:
    """A value shared beyond its session, held by the customer or by the ticket."""

    name: str
    type: AnswerType
    holder: str


@dataclass(slots=True)
class Team:
    """Whom a transfer or consult may name."""

    id: str
    title: Text
    skills: tuple[str, ...] = ()


@dataclass(slots=True)
class Invariant:
    """A condition that must hold whenever a step is reached; breaking it ends in the failure journey."""

    reach: str
    requires: Expression


class Target(NamedTuple):
    """One way out of a step: its name (option id, rule number, outcome, `next` …) and the step it leads to.

    `step` None means falling off the end of the journey; `journey` is set where the way leads into another journey.
    """

    exit: str
    step: str | None
    journey: str | None = None


@dataclass(slots=True)
class Journey:
    """One journey, ready to walk. `steps` keeps the written order; `start` is its first step's id."""

    id: str
    title: Text
    steps: Mapping[str, Step]
    start: str
    inputs: Mapping[str, Field] = field(default_factory=dict)
    outputs: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The static kind of every value a run of it may hold, and of `step.value` names that are read."""
    startable: bool = True
    audience: tuple[str, ...] = ()
    owner: str | None = None
    review_by: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)


@dataclass(slots=True)
class Library:
    """A published unit. `revision` is the SHA-256 of the resolved library, system journeys included (semantics.md 21)."""

    name: str
    revision: str
    title: Text
    languages: tuple[str, ...]
    journeys: Mapping[str, Journey]
    codes: Mapping[str, Mapping[str, CodeEntry]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)
    audiences: tuple[str, ...] = ("advisor",)
    default_audience: str = "advisor"
    channels: tuple[str, ...] = ("phone",)
    short_channels: tuple[str, ...] = ()
    declarations: Mapping[str, str] = field(default_factory=dict)
    digressions: tuple[str, ...] = ()
    system: Mapping[str, str] = field(default_factory=dict)
    implied: tuple[str, ...] = ()
    calendar: Calendar | None = None
    timezone: str = "UTC"
    targets: Mapping[str, float] = field(default_factory=dict)
    identification_useful: bool = False
    retention: Mapping[str, str] = field(default_factory=dict)

    def journey(self, journey_id: str) -> Journey:
        """Return a journey by its id. Raises KeyError when the library has none."""
        return self.journeys[journey_id]


Matcher = Callable[[str], bool]


def targets_of(journey: Journey) -> Iterable[tuple[Step, Target]]:
    """Yield every way out of every step of a journey, in written order."""
    for step in journey.steps.values():
        for target in step.targets():
            yield step, target
