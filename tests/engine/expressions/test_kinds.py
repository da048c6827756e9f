from __future__ import annotations

import pytest

from engine.expressions import parse_duration
from engine.kinds import (
    ANY,
    BOOLEAN,
    DATE,
    LIST,
    MISSING,
    NUMBER,
    PERIOD,
    RECORD,
    SET,
    TEXT,
    Kind,
    Unknown,
    joins,
    resolve,
)

EUR, USD, MONEY = Kind("money", currency="EUR"), Kind("money", currency="USD"), Kind("money")
KG, LB = Kind("number", unit="kg"), Kind("number", unit="lb")


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (TEXT, TEXT, TEXT),
        (TEXT, NUMBER, None),
        (TEXT, ANY, ANY),
        (MISSING, DATE, DATE.or_missing()),
        (DATE.or_missing(), DATE, DATE.or_missing()),
        (EUR, EUR, EUR),
        (EUR, USD, None),
        (EUR, MONEY, MONEY),
        (KG, LB, None),
        (KG, NUMBER, NUMBER),
        (Kind.choice("ab"), Kind.choice("bc"), Kind.choice("abc")),
        (Kind.choice("ab"), Kind("choice"), Kind("choice")),
        (Kind.choice("ab"), TEXT, TEXT),
        (Kind.set_of("a"), Kind.list_of(TEXT), SET),
        (Kind.set_of("a"), Kind.list_of(NUMBER), None),
        (Kind.list_of(EUR), Kind.list_of(USD), None),
        (Kind.list_of(EUR), Kind.list_of(EUR), Kind.list_of(EUR)),
        (Kind.list_of(EUR), LIST, LIST),
        (RECORD, Kind.record({"a": TEXT}), RECORD),
        (
            Kind.record({"a": TEXT, "b": NUMBER}),
            Kind.record({"a": TEXT, "c": DATE}),
            Kind.record({"a": TEXT, "b": NUMBER.or_missing(), "c": DATE.or_missing()}),
        ),
        (Kind.record({"a": TEXT}), Kind.record({"a": DATE}), None),
    ],
)
def test_two_paths_that_meet_join_what_they_assigned(
    one: Kind, other: Kind, joined: Kind | None
) -> None:
    assert joins(one, other) == joined
    assert joins(other, one) == joined


def test_a_dotted_name_is_found_in_records_and_under_its_longest_declaration() -> None:
    names = {
        "order": Kind.record({"amount": EUR, "client": Kind.record({"email": TEXT}).or_missing()}),
        "step.value": BOOLEAN,
        "stay": PERIOD,
        "open": ANY,
    }

    assert resolve(names, ("order", "amount")) == EUR
    assert resolve(names, ("order", "client", "email")) == TEXT.or_missing()
    assert resolve(names, ("step", "value")) == BOOLEAN
    assert resolve(names, ("stay", "from")) == DATE
    assert resolve(names, ("open", "to", "all")) == ANY
    assert resolve(names, ("order", "size")) == Unknown("size", ("amount", "client"))
    assert resolve(names, ("ordre",)) == Unknown("ordre", tuple(names))
    assert resolve(names, ("order", "amount", "cents")) == Unknown("cents", ("amount", "currency"))


def test_kinds_are_told_in_words() -> None:
    told = [
        kind.describe()
        for kind in (EUR, KG, Kind.choice("ba"), Kind.set_of("ab"), Kind.list_of(EUR), DATE)
    ]

    assert told == [
        "money in EUR",
        "number of kg",
        "choice of a, b",
        "several of a, b",
        "list of money in EUR",
        "date",
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("2m", 120),
        ("4h", 14_400),
        ("3 days", 259_200),
        ("2 weeks", 1_209_600),
        ("1 month", None),
        ("-5 s", None),
        ("5", None),
        ("", None),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int | None) -> None:
    assert parse_duration(text) == seconds
