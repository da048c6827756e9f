from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.expressions import (
    FUNCTIONS,
    CostExceeded,
    ExpressionError,
    check,
    compile_expression,
    parse,
)
from engine.kinds import ANY
from engine.scope import Scope

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["2026-10-01", "0001-01-01", "9999-12-31", "14:30", "EUR", "a"]),
    st.builds(
        lambda amount, currency: {"amount": amount, "currency": currency},
        st.sampled_from(["12.50", "0", "-3.1", "x", "999999999999999.99", 5, None]),
        st.sampled_from(["EUR", "USD", "JPY", "?", 1]),
    ),
    st.builds(
        lambda value, unit: {"value": value, "unit": unit},
        st.sampled_from([1, 0, 2.5, "x", None]),
        st.sampled_from(["kg", "lb", 3]),
    ),
    st.builds(lambda seconds: {"seconds": seconds}, st.sampled_from([0, 86_400, 90, "x", 10**15])),
    st.just({"from": "2026-01-01", "to": "2026-02-01"}),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "a.b",
        "b.c.a",
        "x",
        "1",
        "0",
        "2.5",
        "999999999999999",
        '"a"',
        '"14:30"',
        "5 EUR",
        "0.01 USD",
        "3 kg",
        "5 days",
        "7 hours",
        'date("2026-10-01")',
        "date(a)",
        "today",
        "true",
        "false",
        "null",
        "[]",
        '["a", "b"]',
        "[1, a]",
        'qualification within "a"',
    ]
)


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def written(name: str, given: list[str]) -> str:
        function = FUNCTIONS[name]
        most = len(function.takes_kinds)
        return f"{name}({', '.join(given[:most])})"

    return st.builds(
        # A date that no calendar has is refused when written out; `date(a)` stands among the atoms.
        written,
        st.sampled_from(sorted(set(FUNCTIONS) - {"date"})),
        st.lists(inner, min_size=2, max_size=2),
    )


EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from(
                ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or", "in", "not in"]
            ),
            inner,
        ),
        st.builds("(not {})".format, inner),
        st.builds("(-{})".format, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("any(x in {}: {})".format, inner, inner),
        st.builds("all(x in {}: {})".format, inner, inner),
        calls(inner),
    ),
    max_leaves=6,
)
SCOPES = st.builds(
    lambda values: Scope(values, "2026-10-01", {"qualification": ["a.b"]}),
    st.dictionaries(st.sampled_from(["a", "b", "x"]), JSON, max_size=3),
)
TRUTHS = st.sampled_from([True, False, None])


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS, SCOPES)
@example("-(5 EUR)", Scope({}, "2026-10-01"))
def test_no_value_makes_an_expression_fail_and_what_it_gives_is_json(
    text: str, scope: Scope
) -> None:
    expression = compile_expression(text, {"a": ANY, "b": ANY, "x": ANY})

    try:
        found = expression.evaluate(scope)
    except CostExceeded:
        return

    assert json.loads(json.dumps(found, allow_nan=False)) == found


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.text(alphabet="()[]<>=+-*/.,:'\"ab1 ", max_size=60)
)
@example("(" * 100_000)
@example("\ud800")
@example("a\0b")
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    refused: ExpressionError | None = None
    try:
        check(parse(text), {})
    except ExpressionError as error:
        refused = error

    if refused is not None:
        assert 0 <= refused.start <= refused.end <= len(text) + 1
        assert refused.code.startswith("expression.")


def truth(text: str, **values: Any) -> Any:
    return compile_expression(text).evaluate(Scope(values, "2026-10-01"))


@given(TRUTHS, TRUTHS, TRUTHS)
def test_and_or_not_follow_kleene(one: bool | None, other: bool | None, third: bool | None) -> None:
    given_values = {"a": one, "b": other, "c": third}

    assert truth("a and b", **given_values) is truth("b and a", **given_values)
    assert truth("a or b", **given_values) is truth("b or a", **given_values)
    assert truth("not (a and b)", **given_values) is truth("not a or not b", **given_values)
    assert truth("not not a", **given_values) is one
    assert truth("a and (b or c)", **given_values) is truth("a and b or a and c", **given_values)
    assert truth("a or a and b", **given_values) is one
    assert truth("a and b and c", **given_values) is truth("(a and b) and c", **given_values)


@given(LEAVES, LEAVES)
def test_a_comparison_and_its_contrary_never_hold_together(one: Any, other: Any) -> None:
    for sign, contrary in (("==", "!="), ("<", ">="), (">", "<=")):
        found = truth(f"a {sign} b", a=one, b=other)
        turned = truth(f"a {contrary} b", a=one, b=other)

        assert (found is None) == (turned is None)
        assert found is None or found is not turned
