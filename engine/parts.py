"""What steps are made of: codes, options, fields, promises, operations, ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.answers import AnswerType
from engine.events import Json
from engine.expressions import Expression
from engine.kinds import Kind
from engine.scope import Scope
from engine.wording import Text

AXES = ("declaration", "qualification", "action")
AUDIENCES = ("advisor", "customer", "bot", "robot")
ROLES = (
    "failure",
    "nothing_fits",
    "correction",
    "cancel",
    "pause",
    "hand_over",
    "connector_failure",
    "incident",
    "satisfaction",
)
DAY_MS = 86_400_000
RETENTION = {"contacts": 365 * DAY_MS, "self_care": 30 * DAY_MS, "left": 365 * DAY_MS}
"""How long, in milliseconds, unless a library says otherwise: what was said is kept after its
session; a self-care session is left before it ends as abandoned; any other one is."""
OUTCOMES = ("resolved", "deferred", "transferred", "refused", "abandoned", "unresolved")
CODED_OUTCOMES = ("resolved", "refused")
"""Outcomes that need all three axes; the others code `not_reached` by themselves. Source:
semantics.md 15."""


class Code(NamedTuple):
    """A code a step, option or rule takes."""

    axis: str
    code: str
    principal: bool = False


COMMON_EXITS = frozenset({"next", "none", "skipped", "again", "returned"})
"""Ways out that a question has beside those of its options."""


RETRIES = 3
"""How often an action is tried again at most while somebody waits for it, or will."""
RETRIES_BEHIND = 47
"""The same for one whose result nobody waits for. Source: promises.md 2.4."""


@dataclass(slots=True)
class Option:
    """One choice of a question. `next` routes; `when` hides it unless true."""

    id: str
    label: Text
    short: Text | None = None
    codes: tuple[Code, ...] = ()
    next: str | None = None
    when: Expression | None = None

    @property
    def exit(self) -> str:
        """The name of its way out: its id, unless that is the name of another way."""
        return f"option:{self.id}" if self.id in COMMON_EXITS else self.id


@dataclass(slots=True)
class OptionsFrom:
    """Options taken from a saved list.

    `items` is the list; `id` and `label` name those of its items.
    """

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
    """One typed question, input, or value to relevel by hand.

    `known`: skip, confirm or always; None where nobody says it (see `engine.reuse`).
    """

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
    known: str | None = None
    fact: str | None = None
    default: Json = None
    sensitive: bool = False
    is_conditional: bool = field(init=False, default=False)
    """Whether what may be chosen depends on values: options from a list, or under a condition."""

    def __post_init__(self) -> None:
        self.is_conditional = self.options_from is not None or any(
            option.when is not None for option in self.options
        )


@dataclass(slots=True)
class Promise:
    """What a step promises to the customer when it is left.

    `keeps`: what keeps it by itself; see `engine.events.Promised`.
    """

    what: Text
    within: int
    working: bool
    by: str | None
    keeps: str | None = None


@dataclass(slots=True)
class Operation:
    """A connector operation journeys may call; where it leads is deployment configuration.

    `timeout` in milliseconds.
    """

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
    texts: Mapping[str, Text] = field(default_factory=dict)
    """Texts written in the customer's language, each given as one more input."""
    gives: tuple[str, ...] | None = None
    """The inputs given beside the texts; all of them where it is not said."""

    @property
    def sent(self) -> tuple[str, ...]:
        """The names of what its connector is given: inputs, and texts."""
        given = self.gives if self.texts else None
        named = tuple(self.inputs) if given is None else given
        return (*named, *self.texts)

    def given(self, inputs: Mapping[str, Json], language: str) -> dict[str, Json] | None:
        """Return what its connector is given where that is not its inputs: texts are written out.

        The session's language counts, as the customer is told things in it.
        """
        if not self.texts:
            return None
        scope = Scope(dict(inputs), "")
        kinds = {name: one.type.kind for name, one in self.inputs.items()}
        written: dict[str, Json] = {
            name: value for name, value in inputs.items() if name in self.sent
        }
        for name, text in self.texts.items():
            template = text.pick("customer", language)
            if template is not None:
                written[name] = template.render(scope, language, kinds=kinds)
        return written


class Target(NamedTuple):
    """One way out of a step.

    Its name (option id, rule number, outcome, `next` …) and the step it leads to.

    `step` None means falling off the end of the journey; `journey` is set where the way leads into
    another journey.
    """

    exit: str
    step: str | None
    journey: str | None = None


def texts_of(fields: Iterable[Field]) -> Iterator[tuple[str, Text]]:
    """Yield (key, text) for every wording of questions."""
    for question in fields:
        if question.label is not None:
            yield f"{question.name}.label", question.label
        if question.help is not None:
            yield f"{question.name}.help", question.help
        for option in question.options:
            yield f"{question.name}.options.{option.id}", option.label
            if option.short is not None:
                yield f"{question.name}.short.{option.id}", option.short
        for valid in question.valid:
            yield f"{question.name}.valid", valid.message


def expressions_of(fields: Iterable[Field]) -> Iterator[Expression]:
    """Yield every expression of questions: the rules of their answers and options."""
    for question in fields:
        for valid in question.valid:
            yield valid.when
        for option in question.options:
            if option.when is not None:
                yield option.when
        if question.options_from is not None:
            yield question.options_from.items
