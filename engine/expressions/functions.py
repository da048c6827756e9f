"""The functions an expression may call; there are no others, and each is pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.expressions.calculations import (
    WEEKDAYS,
    add_days,
    as_date,
    as_text,
    count,
    days_from,
    days_since,
    days_until,
    extreme,
    is_known,
    length,
    lower,
    magnitude,
    of_texts,
    or_default,
    rounded,
    the_day,
    total,
    upper,
    weekday,
    years_since,
)
from engine.kinds import ANY, BOOLEAN, DATE, NUMBER, TEXT, Kind, joins

if TYPE_CHECKING:
    from engine.expressions.values import Value

ResultKind = Callable[[tuple[Kind, ...]], Kind]


@dataclass(frozen=True, slots=True)
class Function:
    """One function: the kinds each place takes, what it gives, and how it is explained.

    `more` lets the last place repeat. `today` and `missing` say that it is given the day first, and
    that it is called with missing values too; any other function of a missing value is missing.
    """

    name: str
    takes_kinds: tuple[frozenset[str], ...]
    result: Kind | ResultKind
    run: Callable[..., Value]
    doc: Mapping[str, str]
    example: str
    optional: int = 0
    more: bool = False
    today: bool = False
    missing: bool = False

    def takes(self, count: int) -> bool:
        """Return whether it may be given so many values."""
        most = len(self.takes_kinds)
        return most - self.optional <= count and (self.more or count <= most)

    def signature(self) -> str:
        """Return how many values it takes, in words."""
        most = len(self.takes_kinds)
        least = most - self.optional
        if self.more:
            return f"{least} or more"
        return str(most) if least == most else f"{least} or {most}"

    def kind(self, given: tuple[Kind, ...]) -> Kind:
        """Return the kind of what it gives, for these kinds."""
        kind = self.result(given) if callable(self.result) else self.result
        if self.missing or not given:
            return kind
        return kind.or_missing() if any(one.optional for one in given) else kind


def _default_kind(given: tuple[Kind, ...]) -> Kind:
    kind = joins(given[0].present(), given[1]) or ANY
    return kind if given[1].optional or given[1].name == "missing" else kind.present()


def _item_kind(given: tuple[Kind, ...]) -> Kind:
    if len(given) == 1:
        kind = given[0].item or ANY if given[0].name == "list" else given[0]
        return kind.or_missing()
    kind = given[0]
    for other in given[1:]:
        kind = joins(kind, other) or ANY
    return kind


def _same_kind(given: tuple[Kind, ...]) -> Kind:
    return given[0].present()


_ANY = frozenset({"any"})
_DATE = frozenset({"date"})
_NUMBER = frozenset({"number"})
_TEXT = frozenset({"text", "choice"})
_LIST = frozenset({"list", "set"})
_MEASURE = frozenset({"number", "money", "duration"})
_ORDERED = frozenset({"number", "money", "duration", "date", "time", "list"})
_PRINTED = frozenset({"text", "choice", "number", "money", "date", "time", "boolean"})
_SUMMED = _MEASURE | {"list"}

_ALL = (
    Function(
        "known",
        (_ANY,),
        BOOLEAN,
        is_known,
        {"fr": "vrai quand la valeur a été donnée", "en": "true when the value was given"},
        "known(order.shipped_on)",
        missing=True,
    ),
    Function(
        "default",
        (_ANY, _ANY),
        _default_kind,
        or_default,
        {"fr": "la valeur, ou l'autre si elle manque", "en": "the value, or the other if missing"},
        "default(order.parcels, 1)",
        missing=True,
    ),
    Function(
        "date",
        (_TEXT | _DATE,),
        DATE.or_missing(),
        as_date,
        {"fr": "la date écrite AAAA-MM-JJ", "en": "the date written YYYY-MM-DD"},
        'date("2026-10-31")',
    ),
    Function(
        "today",
        (),
        DATE,
        the_day,
        {"fr": "le jour de la visite", "en": "the day of the visit"},
        "today",
        today=True,
    ),
    Function(
        "days_since",
        (_DATE,),
        NUMBER,
        days_since,
        {"fr": "les jours écoulés depuis une date", "en": "days gone by since a date"},
        "days_since(order.shipped_on) > 5",
        today=True,
    ),
    Function(
        "days_until",
        (_DATE,),
        NUMBER,
        days_until,
        {"fr": "les jours qui restent avant une date", "en": "days left before a date"},
        "days_until(appointment) <= 2",
        today=True,
    ),
    Function(
        "years_since",
        (_DATE,),
        NUMBER,
        years_since,
        {
            "fr": "les années révolues depuis une date, un âge",
            "en": "whole years since a date, an age",
        },
        "years_since(client.born_on) >= 18",
        today=True,
    ),
    Function(
        "days_between",
        (_DATE, _DATE),
        NUMBER,
        days_from,
        {
            "fr": "les jours de la première date à la seconde",
            "en": "days from the first date to the second",
        },
        "days_between(stay.from, stay.to)",
    ),
    Function(
        "add_days",
        (_DATE, _NUMBER),
        DATE.or_missing(),
        add_days,
        {"fr": "la date, tant de jours après", "en": "the date so many days later"},
        "add_days(order.shipped_on, 5)",
    ),
    Function(
        "weekday",
        (_DATE,),
        Kind.choice(WEEKDAYS),
        weekday,
        {"fr": "le jour de la semaine, de mon à sun", "en": "the day of the week, mon to sun"},
        'weekday(today) in ["sat", "sun"]',
    ),
    Function(
        "length",
        (_TEXT,),
        NUMBER,
        length,
        {"fr": "le nombre de caractères d'un texte", "en": "how many characters a text has"},
        "length(comment) > 20",
    ),
    Function(
        "lower",
        (_TEXT,),
        TEXT,
        lower,
        {"fr": "le texte en minuscules", "en": "the text in small letters"},
        'lower(city) == "lyon"',
    ),
    Function(
        "upper",
        (_TEXT,),
        TEXT,
        upper,
        {"fr": "le texte en majuscules", "en": "the text in capitals"},
        'upper(order_id) == "F-1042"',
    ),
    Function(
        "starts_with",
        (_TEXT, _TEXT),
        BOOLEAN,
        of_texts(str.startswith),
        {
            "fr": "vrai si le texte commence par l'autre",
            "en": "true if the text begins with the other",
        },
        'starts_with(order_id, "F-")',
    ),
    Function(
        "ends_with",
        (_TEXT, _TEXT),
        BOOLEAN,
        of_texts(str.endswith),
        {"fr": "vrai si le texte finit par l'autre", "en": "true if the text ends with the other"},
        'ends_with(client.email, ".fr")',
    ),
    Function(
        "contains",
        (_TEXT, _TEXT),
        BOOLEAN,
        of_texts(str.__contains__),
        {"fr": "vrai si l'autre texte est dedans", "en": "true if the other text is in it"},
        'contains(lower(comment), "avocat")',
    ),
    Function(
        "count",
        (_LIST,),
        NUMBER,
        count,
        {"fr": "le nombre d'éléments d'une liste", "en": "how many items a list has"},
        "count(client.orders) == 1",
    ),
    Function(
        "sum",
        (_SUMMED,),
        _item_kind,
        total,
        {"fr": "le total d'une liste ou de valeurs", "en": "the total of a list or of values"},
        "sum(order.amount, order.delivery) > 100 EUR",
        more=True,
    ),
    Function(
        "min",
        (_ORDERED,),
        _item_kind,
        extreme(-1),
        {"fr": "le plus petit, ou le plus tôt", "en": "the least, or the earliest"},
        "min(order.amount, 50 EUR)",
        more=True,
    ),
    Function(
        "max",
        (_ORDERED,),
        _item_kind,
        extreme(1),
        {"fr": "le plus grand, ou le plus tard", "en": "the greatest, or the latest"},
        "max(order.shipped_on, order.paid_on)",
        more=True,
    ),
    Function(
        "round",
        (frozenset({"number", "money"}), _NUMBER),
        _same_kind,
        rounded,
        {"fr": "l'arrondi, à tant de décimales", "en": "rounded, half up, to so many decimals"},
        "round(order.weight * 1.2, 1)",
        optional=1,
    ),
    Function(
        "abs",
        (_MEASURE,),
        _same_kind,
        magnitude,
        {"fr": "la valeur sans son signe", "en": "the value without its sign"},
        "abs(balance) < 1 EUR",
    ),
    Function(
        "text",
        (_PRINTED,),
        TEXT,
        as_text,
        {"fr": "la valeur écrite en texte", "en": "the value written as a text"},
        "text(order.parcels)",
    ),
)

FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _ALL}
"""Every function by its name."""
