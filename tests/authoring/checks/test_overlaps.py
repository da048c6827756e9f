"""Overlaps of tables: found wherever a look-up finds two rows, and nowhere else."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.checks.overlap import overlaps
from engine.expressions import compile_expression
from engine.kinds import BOOLEAN, DATE, NUMBER, TEXT, Kind
from engine.tables import SEVERAL_ROWS, DecisionTable, Input, TableRule, match, parse_cell

CELLS = {
    "number": ["-", "missing", "< 3", "<= 3", "> 3", ">= 3", "[3..5)", "(3..5]", "4", "3, 5",
               "not(3)"],
    "text": ["-", "missing", "a", "b", "a, b", 'not("a")', "not(missing)"],
    "choice": ["-", "missing", "a", "a, b", 'not("a")'],
    "boolean": ["-", "missing", "true", "false"],
    "date": ["-", "missing", "< 2026-01-02", "> 2026-01-01", "2026-01-01",
             "[2026-01-01..2026-01-03]"],
}  # fmt: skip
KINDS = {"number": NUMBER, "text": TEXT, "choice": Kind.choice(("a", "b")), "boolean": BOOLEAN,
         "date": DATE}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "number": [None, 2, 3, 3.5, 4, 4.5, 5, 6],
    "text": [None, "a", "b", "c"],
    "choice": [None, "a", "b"],
    "boolean": [None, True, False],
    "date": [None, "2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
}
"""Enough values to come to every case these cells tell apart."""


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_overlap_is_found_where_some_case_matches_two_rows(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=2))
    rows = [
        TableRule(
            tuple(parse_cell(data.draw(st.sampled_from(CELLS[k])), KINDS[k]) for k in kinds), ()
        )
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    inputs = tuple(
        Input(compile_expression(f"x{at}"), f"x{at}", KINDS[kind]) for at, kind in enumerate(kinds)
    )
    table = DecisionTable("t", inputs, (), tuple(rows))

    cases = product(*[VALUES[kind] for kind in kinds])
    several = any(match(table, case, today="2026-01-01").error == SEVERAL_ROWS for case in cases)

    assert bool(list(overlaps(table))) is several


def test_rows_that_hold_on_other_days_do_not_overlap() -> None:
    cell = parse_cell("-")
    inputs = (Input(compile_expression("x"), "x"),)
    before = TableRule((cell,), (), valid_to="2026-01-31")

    def table(valid_from: str) -> DecisionTable:
        return DecisionTable(
            "t", inputs, (), (before, TableRule((cell,), (), valid_from=valid_from))
        )

    assert list(overlaps(table("2026-02-01"))) == []
    assert [rows[:2] for rows in overlaps(table("2026-01-31"))] == [(0, 1)]
