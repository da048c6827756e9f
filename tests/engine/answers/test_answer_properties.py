from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.answers import ANSWER_TYPES, AnswerType, BadAnswer, build
from engine.scope import Scope

SCOPE = Scope({}, "2026-10-01")
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.text(alphabet="0123456789+-. ,:/@aé€", max_size=16),
    st.sampled_from(
        ["2026-10-01", "14:30", "a", "EUR", "ana@Example.org", "İ@İ.fr", "+33612345678", "12.50"]
    ),
)
KEYS = st.sampled_from(
    [
        "amount",
        "currency",
        "value",
        "unit",
        "from",
        "to",
        "given",
        "at",
        "text_hash",
        "id",
        "name",
        "size",
        "line1",
        "postcode",
        "city",
        "a",
    ]
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
SETTINGS: dict[str, dict[str, Any]] = {
    "choice": {"options": ("a", "b")},
    "multiple": {"options": ("a", "b", "14:30")},
    "number": {"unit": "kg"},
    "consent": {"text": "I accept."},
    "group": {"fields": {"a": build("text", {}), "amount": build("number", {})}, "optional": ["a"]},
    "address": {"required_parts": ["city"]},
}


def plain(name: str) -> AnswerType:
    return build(name, SETTINGS.get(name, {}))


@pytest.mark.parametrize("name", ANSWER_TYPES)
@settings(max_examples=120, deadline=None)
@given(raw=JSON)
def test_any_json_is_taken_in_a_lasting_form_or_refused(name: str, raw: Any) -> None:
    answer_type = plain(name)

    try:
        kept = answer_type.accept(raw, SCOPE)
    except BadAnswer:
        return

    assert answer_type.accept(kept, SCOPE) == kept
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    Draft202012Validator(answer_type.schema()).validate(kept)
    for language in ("fr", "en"):
        assert isinstance(answer_type.show(kept, language), str)


@pytest.mark.parametrize("name", ANSWER_TYPES)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=20) | st.text(alphabet="0123456789 ,.:/-hà€", max_size=16))
def test_anything_typed_is_understood_or_refused(name: str, text: str) -> None:
    for language in ("fr", "en"):
        try:
            spoken = plain(name).parse_spoken(text, language)
        except BadAnswer:
            continue
        json.dumps(spoken, allow_nan=False)
