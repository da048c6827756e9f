"""A library of journeys, compiled: what the loader makes of YAML and the engine walks.

Nothing here changes after loading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.answers import AnswerType
from engine.calendar import Calendar
from engine.costs import Costs
from engine.expressions import Expression
from engine.kinds import Kind
from engine.parts import (
    AXES,
    CODED_OUTCOMES,
    OUTCOMES,
    ROLES,
    Code,
    Field,
    Operation,
    Option,
    OptionsFrom,
    Promise,
    Target,
    Valid,
)
from engine.reuse import Reuse
from engine.tables import DecisionTable
from engine.tickets import Ticketing
from engine.wording import Text

if TYPE_CHECKING:
    from engine.steps.base import Step

__all__ = [
    "AXES",
    "CODED_OUTCOMES",
    "OUTCOMES",
    "ROLES",
    "Code",
    "CodeEntry",
    "Fact",
    "Field",
    "Invariant",
    "Journey",
    "Library",
    "Operation",
    "Option",
    "OptionsFrom",
    "Promise",
    "Target",
    "Team",
    "Valid",
    "targets_of",
]


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One value of a code list.

    `corresponds`: of a declaration, the qualifications that say the same, with all below them.
    """

    code: str
    label: Text
    leaf: bool
    weights: Mapping[str, float] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prevents: str | None = None
    corresponds: tuple[str, ...] = ()


@dataclass(slots=True)
class Fact:
    """A value shared beyond its session, held by the customer or by the ticket.

    `known` is how its questions use it unless they say otherwise, None where it is not said.
    """

    name: str
    type: AnswerType
    holder: str
    known: str | None = None


@dataclass(slots=True)
class Team:
    """Whom a transfer or consult may name; `skills` by their id, with their titles if any."""

    id: str
    title: Text
    skills: Mapping[str, Text | None] = field(default_factory=dict)


@dataclass(slots=True)
class Invariant:
    """A condition that must hold whenever a step is reached.

    Breaking it ends in the failure journey.
    """

    reach: str
    requires: Expression


@dataclass(slots=True)
class Journey:
    """One journey, ready to walk.

    `steps` keeps the written order; `start` is its first step's id.
    """

    id: str
    title: Text
    steps: Mapping[str, Step]
    start: str
    inputs: Mapping[str, Field] = field(default_factory=dict)
    outputs: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The static kind of every value a run of it may hold, and of `step.value` names that are
    read."""
    startable: bool = True
    audience: tuple[str, ...] = ()
    owner: str | None = None
    review_by: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)
    remaining: Mapping[str, int] | None = None
    """Human stops still to come on the shortest way from each step; worked out at the first
    view."""


@dataclass(slots=True)
class Library:
    """A published unit.

    `revision` is the SHA-256 of the resolved library, system journeys included (semantics.md 21).
    `answer_within`: how soon customers are to be answered by channel, in milliseconds.
    """

    name: str
    revision: str
    title: Text
    languages: tuple[str, ...]
    journeys: Mapping[str, Journey]
    codes: Mapping[str, Mapping[str, CodeEntry]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    ticketing: Ticketing = field(default_factory=Ticketing)
    costs: Costs | None = None
    answer_within: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)
    audiences: tuple[str, ...] = ("advisor",)
    default_audience: str = "advisor"
    channels: tuple[str, ...] = ("phone",)
    short_channels: tuple[str, ...] = ()
    declarations: Mapping[str, str] = field(default_factory=dict)
    digressions: tuple[str, ...] = ()
    system: Mapping[str, str] = field(default_factory=dict)
    implied: tuple[str, ...] = ()
    reuse: tuple[Reuse, ...] = ()
    calendar: Calendar | None = None
    timezone: str = "UTC"
    targets: Mapping[str, float] = field(default_factory=dict)
    identification_useful: bool = False
    retention: Mapping[str, int] = field(default_factory=dict)

    @property
    def addressees(self) -> dict[str, Text | None]:
        """Whom a transfer or side call may name: teams, then skills, each by its title if any."""
        named: dict[str, Text | None] = {team.id: team.title for team in self.teams.values()}
        for team in self.teams.values():
            for skill, title in team.skills.items():
                named[skill] = named.get(skill) or title
        return named

    def journey(self, journey_id: str) -> Journey:
        """Return a journey by its id. Raises KeyError when the library has none."""
        return self.journeys[journey_id]


def targets_of(journey: Journey) -> Iterable[tuple[Step, Target]]:
    """Yield every way out of every step of a journey, in written order."""
    for step in journey.steps.values():
        for target in step.targets():
            yield step, target
