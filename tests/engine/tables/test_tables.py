from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import ExpressionError, compile_expression
from engine.kinds import ANY, BOOLEAN, DATE, DURATION, NUMBER, SET, TEXT, TIME, Kind
from engine.scope import Scope
from engine.tables import (
    Cell,
    DecisionTable,
    Input,
    TableRule,
    evaluate,
    match,
    parse_cell,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "tables" / "cells.yaml"
CASES: dict[str, Any] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
KINDS = {
    "number": NUMBER,
    "text": TEXT,
    "choice": Kind.choice(["sent", "held"]),
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "money": Kind("money", currency="EUR"),
    "duration": DURATION,
    "any": ANY,
    "set": SET,
}
TODAY = "2026-10-01"


@pytest.mark.parametrize("case", CASES["cells"], ids=lambda case: f"{case['kind']} {case['cell']}")
def test_a_cell_takes_what_it_says(case: dict[str, Any]) -> None:
    cell = parse_cell(case["cell"], KINDS[case["kind"]])

    assert [value for value in case["accepts"] if not cell.accepts(value)] == []
    assert [value for value in case["refuses"] if cell.accepts(value)] == []


@pytest.mark.parametrize(
    "case", CASES["refused"], ids=lambda case: f"{case['kind']} {case['cell']}"
)
def test_a_cell_that_cannot_be_read_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_cell(case["cell"], KINDS[case["kind"]])

    assert refused.value.code == case["code"]


def returns(hit: Any = "unique", **more: Any) -> DecisionTable:
    """Return the table of returns: by reason and days gone by, whether granted, in how long."""
    rows: list[tuple[str, str, Any, Any]] = [
        ("defaut", "<= 730", True, 5),
        ("avis", "[0..14]", True, 14),
        ("avis", "> 14", False, None),
        ("-", "> 1000", False, 30),
    ]
    return DecisionTable(
        "retours.delai",
        (Input(compile_expression("motif")), Input(compile_expression("jours"))),
        ("accord", "delai"),
        tuple(
            TableRule((parse_cell(motif, TEXT), parse_cell(jours, NUMBER)), (accord, delai), line)
            for line, (motif, jours, accord, delai) in enumerate(rows)
        ),
        hit=hit,
        **more,
    )


def test_the_row_that_matches_gives_its_outputs() -> None:
    result = evaluate(returns(), Scope({"motif": "avis", "jours": 14}, TODAY))

    assert result.rows == (1,)
    assert result.values == {"accord": True, "delai": 14}
    assert result.error is None


def test_no_row_gives_nothing() -> None:
    result = evaluate(returns(), Scope({"motif": "defaut", "jours": 731}, TODAY))

    assert (result.rows, result.values, result.error) == ((), {}, None)


def test_a_missing_input_matches_no_condition() -> None:
    assert evaluate(returns(), Scope({"motif": "avis"}, TODAY)).rows == ()


def test_two_rows_of_a_unique_table_are_an_error() -> None:
    result = evaluate(returns(), Scope({"motif": "avis", "jours": 1001}, TODAY))

    assert result.rows == (2, 3)
    assert result.error == "table.several-rows"


def test_the_first_row_wins_where_the_table_says_first() -> None:
    result = evaluate(returns("first"), Scope({"motif": "avis", "jours": 1001}, TODAY))

    assert result.rows == (2,)


def test_the_best_output_wins_where_the_table_gives_an_order() -> None:
    rules = tuple(
        TableRule((parse_cell(cell, NUMBER),), (level,))
        for cell, level in (("> 0", "low"), ("> 10", "high"), ("> 5", "medium"))
    )
    table = DecisionTable(
        "risk",
        (Input(compile_expression("x")),),
        ("level",),
        rules,
        hit="priority",
        priority=("high", "medium", "low"),
    )

    found = [evaluate(table, Scope({"x": x}, TODAY)).values for x in (1, 7, 11)]

    assert found == [{"level": "low"}, {"level": "medium"}, {"level": "high"}]


def test_all_rows_are_collected_in_their_order() -> None:
    result = evaluate(returns("collect"), Scope({"motif": "avis", "jours": 1001}, TODAY))

    assert result.rows == (2, 3)
    assert result.values == [{"accord": False, "delai": None}, {"accord": False, "delai": 30}]
    assert evaluate(returns("collect"), Scope({}, TODAY)).values == []


def test_a_row_holds_only_between_its_days_and_its_tables() -> None:
    def rule(value: int, first: str | None, last: str | None) -> TableRule:
        return TableRule((parse_cell("-"),), (value,), valid_from=first, valid_to=last)

    table = DecisionTable(
        "rate",
        (Input(compile_expression("x")),),
        ("rate",),
        (rule(1, None, "2026-06-30"), rule(2, "2026-07-01", "2026-12-31")),
        valid_from="2026-01-01",
        valid_to="2026-11-30",
    )

    found = {
        day: match(table, [None], today=day).rows
        for day in ("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01", "2026-12-01")
    }

    assert list(found.values()) == [(), (0,), (0,), (1,), ()]


def test_whoever_keeps_the_outputs_cannot_change_the_table() -> None:
    table = returns()
    scope = Scope({"motif": "avis", "jours": 14}, TODAY)

    kept = evaluate(table, scope).values
    assert isinstance(kept, dict)
    kept["delai"] = 0

    assert evaluate(table, scope).values == {"accord": True, "delai": 14}


NUMBERS = st.integers(-5, 5) | st.sampled_from([0.5, -2.5, 3.0])
NUMBER_CELLS = st.one_of(
    st.sampled_from(["-", "missing", "not(missing)", "1", "1, 3, 5", "not(2, 3)", "0.5", "-2.5"]),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
    st.builds(
        lambda a, b, c, width: f"{a}{c}..{c + width}{b}",
        st.sampled_from("[(]"),
        st.sampled_from("])["),
        st.integers(-5, 5),
        st.integers(1, 5),
    ),
)
MONEY_CELLS = st.sampled_from(["-", "< 5 EUR", "[1 EUR..5 EUR]", "5 EUR", "not(1 EUR)", "> 5 USD"])
TEXT_CELLS = st.sampled_from(["-", "missing", "not(missing)", "a", "a, b", "not(a)", "not(b, c)"])
DATE_CELLS = st.sampled_from(
    ["-", "2026-10-01", "< 2026-10-01", "[2026-09-01..2026-10-01)", "not(2026-10-02)", "missing"]
)
BOOLEAN_CELLS = st.sampled_from(["-", "true", "false", "not(true)", "missing"])
MIXED_CELLS = st.one_of(NUMBER_CELLS, MONEY_CELLS, TEXT_CELLS, DATE_CELLS, BOOLEAN_CELLS)
VALUES = st.one_of(
    st.none(),
    NUMBERS,
    st.booleans(),
    st.sampled_from(["a", "b", "c", "d", "2026-10-01", "2026-09-15", "2026-10-02", "12:00"]),
    st.sampled_from([{"amount": "5.00", "currency": "EUR"}, {"amount": "5", "currency": "USD"}]),
    st.just([1]),
    st.just({"value": 3, "unit": "kg"}),
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        *(
            st.lists(cells, min_size=1, max_size=6)
            for cells in (
                NUMBER_CELLS,
                MONEY_CELLS,
                TEXT_CELLS,
                DATE_CELLS,
                BOOLEAN_CELLS,
                MIXED_CELLS,
            )
        )
    ),
    VALUES,
)
def test_a_look_up_finds_the_rows_that_reading_every_cell_finds(
    cells: list[str], value: Any
) -> None:
    parsed: list[Cell] = [parse_cell(cell) for cell in cells]
    table = DecisionTable(
        "x",
        (Input(compile_expression("x")),),
        (),
        tuple(TableRule((cell,), ()) for cell in parsed),
        hit="collect",
    )

    found = evaluate(table, Scope({"x": value}, TODAY)).rows

    assert found == tuple(row for row, cell in enumerate(parsed) if cell.accepts(value))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="[]().,<>=-\"'not ab12:", max_size=20))
def test_any_text_is_a_cell_or_is_refused(text: str) -> None:
    for kind in KINDS.values():
        cell, code = None, "table."
        try:
            cell = parse_cell(text, kind)
        except ExpressionError as refused:
            code = refused.code

        assert code.startswith("table.")
        assert cell is None or cell.accepts(None) == (cell.form in {"any", "missing"})
