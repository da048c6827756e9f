"""By what measures may be cut and filtered, and how each is said in SQL.

People are no dimension. Source: issue 6; measures.md A14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from measures.errors import PeopleAreNotRanked, WrongQuestion
from measures.measure import Measure
from measures.sql import at_level, below, quoted

PEOPLE: Final = ("advisor", "customer", "actor_id", "agent")
WORKPLACES: Final = frozenset({"team", "site", "provider"})
"""Dimensions that name groups of people who work: none is shown of fewer than five of them."""
WORKPLACE: Final = " || '/' || ".join(
    f"coalesce({name}, '')" for name in ("provider", "site", "team")
)  # fmt: skip
"""All three of a row as SQL, the largest first: `acme/lyon/desk`, nothing where it is not known."""
TREES: Final = ("motive", "qualification", "action")
"""Dimensions that are trees of codes: cut at a level, and filtered with all that lies below."""
SPANS: Final = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}
_EVERYWHERE: Final = ("contact", "ticket", "visit")
_COLUMNS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "tenant": ("tenant", _EVERYWHERE),
    "team": ("team", _EVERYWHERE),
    "site": ("site", _EVERYWHERE),
    "provider": ("provider", _EVERYWHERE),
    "segment": ("customer_segment", _EVERYWHERE),
    "channel": ("channel", _EVERYWHERE),
    "motive": ("motive", _EVERYWHERE),
    "qualification": ("qualification", ("contact", "ticket")),
    "action": ("action", ("contact", "ticket")),
    "journey": ("journey", _EVERYWHERE),
    "revision": ("revision", _EVERYWHERE),
    "step": ("step", ("visit",)),
    "actor": ("actor_kind", ("contact", "visit")),
    "outcome": ("outcome", ("contact", "ticket")),
    "direction": ("direction", ("contact",)),
    "language": ("language", ("contact",)),
    "audience": ("audience", ("contact",)),
}
MOST_DIMENSIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a question, as it was named: `channel`, `motive:1`, `day`."""

    name: str
    sql: str


def names_of(measure: Measure) -> list[str]:
    """Return the dimensions a measure may be cut by."""
    own = [name for name, (_, tables) in _COLUMNS.items() if measure.table in tables]
    return [name for name in (*own, *SPANS) if name not in measure.not_by]


def dimension(measure: Measure, name: str, *, zone: str, at: str) -> Dimension:
    """Return a dimension from its name; `at` is the column that places rows in time.

    Raises:
        PeopleAreNotRanked: it names people.
        WrongQuestion: the measure has none of that name, or it has no levels.
    """
    bare, colon, level = name.partition(":")
    column = _column(measure, bare, field="by")
    if not colon:
        return Dimension(name, expression(measure, bare, zone=zone, at=at))
    if bare not in TREES or not level.isdecimal() or not 1 <= int(level) <= 9:
        raise WrongQuestion(
            {
                "fr": "Un niveau se dit motive:1, qualification:2 ou action:1.",
                "en": "A level is said as motive:1, qualification:2 or action:1.",
            },
            field="by",
            given=name,
        )
    return Dimension(name, at_level(column, int(level)))


def expression(measure: Measure, name: str, *, zone: str, at: str) -> str:
    """Return a dimension that has no level as SQL. Raises as `dimension`."""
    if name in SPANS:
        local = f"timezone({quoted(zone)}, to_timestamp({at} / 1000.0))"
        return f"strftime({local}, {quoted(SPANS[name])})"
    return _column(measure, name, field="by")


def _column(measure: Measure, name: str, *, field: str) -> str:
    if name in PEOPLE:
        raise PeopleAreNotRanked(field=field)
    known = _COLUMNS.get(name)
    is_none = known is None or measure.table not in known[1]
    if name in SPANS and field == "by" and name not in measure.not_by:
        return ""
    if known is None or is_none:
        allowed = [one for one in names_of(measure) if field == "by" or one not in SPANS]
        raise WrongQuestion(
            {
                "fr": f"« {name} » n'est pas une dimension de cet indicateur.",
                "en": f"`{name}` is not a dimension of this measure.",
            },
            field=field,
            allowed=allowed,
        )
    return known[0]


def condition(measure: Measure, text: str) -> str:
    """Return filters as SQL: `channel:phone|chat,motive:delivery`; nothing after `:` is none.

    A code of a tree stands for all that lies below it.

    Raises:
        PeopleAreNotRanked, WrongQuestion: as `dimension`.
    """
    return " AND ".join(sql for _, sql in conditions(measure, text)) or "TRUE"


def conditions(measure: Measure, text: str) -> list[tuple[str, str]]:
    """Return each filter by the dimension it is about. Raises as `condition`."""
    parts = [part for part in text.split(",") if part]
    made = []
    for part in parts:
        name, colon, values = part.partition(":")
        if not colon:
            raise WrongQuestion(
                {
                    "fr": "Un filtre se dit dimension:valeur|valeur, séparés par des virgules.",
                    "en": "A filter is said as dimension:value|value, commas between them.",
                },
                field="where",
                given=part,
            )
        column = _column(measure, name, field="where")
        one_of: Callable[[str, str], str] = below if name in TREES else _equal
        either = [f"{column} IS NULL" if value == "" else one_of(column, value)
                  for value in values.split("|")]  # fmt: skip
        made.append((name, f"({' OR '.join(either)})"))
    return made


def filtered(text: str | None) -> set[str]:
    """Return the names of the dimensions that filters are about."""
    return {part.partition(":")[0] for part in (text or "").split(",") if part}


def _equal(column: str, value: str) -> str:
    return f"{column} = {quoted(value)}"
