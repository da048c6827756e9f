"""A body is JSON we accept, or it is refused before anything else sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_guard import MAX_DEPTH, MalformedJson, parse


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"{} {}", "syntax"),
        (b"{'a': 1}", "syntax"),
        (b'{"a": 1,}', "syntax"),
        (b'"a\nb"', "syntax"),
        (b"\xef\xbb\xbf{}", "syntax"),
        (b'{"a": "\xff"}', "encoding"),
        (b'"\xed\xa0\x80"', "encoding"),
        (b'{"a": NaN}', "not-a-number"),
        (b"[Infinity]", "not-a-number"),
        (b"[-Infinity]", "not-a-number"),
        (b"[1e999]", "not-a-number"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate-key"),
        (b'{"a": "x\\u0000y"}', "nul"),
        (b'{"x\\u0000y": 1}', "nul"),
        (b'["\\ud800"]', "surrogate"),
        (b'["\\udc00\\ud800"]', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b"[9007199254740993]", "integer"),
        (b"[-9007199254740993]", "integer"),
        (b"9" * 100_000, "integer"),
        (b"[" * 33 + b"]" * 33, "depth"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "depth"),
        (b"[" * 100_000, "depth"),
    ],
)
def test_what_the_two_databases_would_not_keep_alike_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse(body)

    assert refused.value.why == why


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b" [1, 2.5, -3e2] ", [1, 2.5, -300.0]),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\u0000"', "\\u0000"),
        (b"[9007199254740992]", [2**53]),
        (b'{"code": "12345678901234567890"}', {"code": "12345678901234567890"}),
        (b'"' + b"[" * 50 + b'"', "[" * 50),
    ],
)
def test_what_json_allows_and_we_keep_is_accepted(body: bytes, value: Any) -> None:
    assert parse(body) == value


def test_thirty_two_levels_are_not_too_deep() -> None:
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    assert json.loads(body) == parse(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(body: bytes) -> None:
    try:
        value = parse(body)
    except MalformedJson:
        return
    assert json.loads(json.dumps(value)) == value


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)
_KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(
    st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_every_value_we_keep_is_read_as_it_was_written(value: Any, escaped: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=escaped).encode()) == value
