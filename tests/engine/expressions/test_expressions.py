from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.expressions import (
    FUNCTIONS,
    MISSING_TABLE,
    CostExceeded,
    ExpressionError,
    check,
    compile_expression,
    parse,
)
from engine.kinds import BOOLEAN, DATE, NUMBER, TEXT, TIME, Kind
from engine.scope import Scope

GOLDEN = Path(__file__).parents[2] / "golden" / "expressions"
TODAY = "2026-10-01"

NAMES = {
    "complaint": Kind.choice(["late", "lost", "damaged"]),
    "damaged": BOOLEAN,
    "symptoms": Kind.set_of(["sound", "screen"]),
    "at": TIME,
    "articles": Kind.list_of(Kind.record({"price": Kind("money", currency="EUR"), "name": TEXT})),
    "order": Kind.record(
        {
            "status": Kind.choice(["sent", "held"]).or_missing(),
            "amount": Kind("money", currency="EUR"),
            "weight": Kind("number", unit="kg"),
            "parcels": NUMBER,
            "shipped_on": DATE,
        }
    ),
}


def golden(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


VALUES = golden("values.yaml")


@pytest.mark.parametrize("case", VALUES["cases"], ids=lambda case: case["expression"])
def test_an_expression_gives_its_value(case: dict[str, Any]) -> None:
    scope = Scope(VALUES["values"], TODAY, VALUES["codes"])

    found = compile_expression(case["expression"]).evaluate(scope)

    assert found == case["expect"]
    assert type(found) is type(case["expect"])


@pytest.mark.parametrize("case", golden("refused.yaml")["cases"], ids=lambda case: case["text"])
def test_a_text_that_is_no_expression_is_refused_where_it_goes_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(case["text"])

    assert refused.value.code == case["code"]
    assert [refused.value.start, refused.value.end] == case["at"]


@pytest.mark.parametrize(
    "case", golden("problems.yaml")["cases"], ids=lambda case: case["expression"]
)
def test_the_checker_says_what_is_wrong_before_anyone_calls(case: dict[str, Any]) -> None:
    problems = check(parse(case["expression"]), NAMES).problems

    assert [problem.code for problem in problems] == case["problems"]
    if "hint" in case:
        assert problems[0].hint == case["hint"]


@pytest.mark.parametrize(("expression", "result"), MISSING_TABLE)
def test_the_published_table_of_missing_values_holds(expression: str, result: str) -> None:
    found = compile_expression(expression).evaluate(Scope({}, TODAY))

    assert {True: "true", False: "false", None: "missing"}[found] == result


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_function_is_explained_with_an_example_that_can_be_read(function: Any) -> None:
    expression = compile_expression(function.example)

    assert set(function.doc) == {"fr", "en"}
    assert function.name in function.example
    assert any(function.name in case["expression"] for case in VALUES["cases"])
    assert expression.text == function.example


def test_an_expression_says_what_it_reads_and_which_codes_it_tests() -> None:
    expression = compile_expression(
        'order.status == "sent" and any(x in articles: x.price > min_price)'
        ' and qualification within "paiement" and `what-age?`.value > 3'
    )

    assert expression.reads == {"order.status", "articles", "min_price", "what-age?.value"}
    assert expression.roots == {"order", "articles", "min_price", "what-age?"}
    assert [(test.axis, test.code) for test in expression.codes] == [("qualification", "paiement")]


def test_the_kind_of_an_expression_is_known_before_it_runs() -> None:
    kinds = {
        text: compile_expression(text, NAMES).kind.describe()
        for text in ("order.amount * 2", "order.parcels", "today + 2 days", "known(complaint)")
    }

    assert list(kinds.values()) == ["money in EUR", "number", "date", "boolean"]
    assert compile_expression('order.status == "sent"', NAMES).kind == BOOLEAN.or_missing()
    assert compile_expression("default(order.parcels, 1)", NAMES).kind == NUMBER


def test_a_list_too_long_ends_the_evaluation() -> None:
    expression = compile_expression("any(x in items: x == 1)")

    with pytest.raises(CostExceeded):
        expression.evaluate(Scope({"items": [0] * 1_001}, TODAY))


def test_lists_walked_inside_one_another_share_one_budget() -> None:
    expression = compile_expression("all(x in items: all(y in items: x == x and y == y))")

    assert expression.evaluate(Scope({"items": [1] * 20}, TODAY)) is True
    with pytest.raises(CostExceeded):
        expression.evaluate(Scope({"items": [1] * 200}, TODAY))


@pytest.mark.parametrize(
    "text", ["(" * 1_500, "[" * 1_500, "-" * 2_000 + "1", "not " * 400 + "a", "1+" * 600 + "1"]
)
def test_an_expression_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)

    assert refused.value.code == "expression.too-deep"


def test_an_expression_of_a_hundred_thousand_brackets_is_refused() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse("(" * 100_000)

    assert refused.value.code == "expression.too-long"


def test_a_long_list_of_alternatives_is_not_deep() -> None:
    text = " or ".join(f'a == "{number}"' for number in range(120))

    assert compile_expression(text).evaluate(Scope({"a": "119"}, TODAY)) is True


def test_what_an_expression_reads_is_left_as_it_was() -> None:
    values = {"items": [1, 2], "x": 5}

    compile_expression("any(x in items: x == 2)").evaluate(Scope(values, TODAY))

    assert values == {"items": [1, 2], "x": 5}
