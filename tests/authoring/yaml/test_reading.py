"""What the restricted YAML takes, refuses and mends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.findings import Finding
from authoring.fix import apply
from authoring.yaml.characters import MAX_BYTES, decode
from authoring.yaml.positions import positions
from authoring.yaml.reader import MAX_DEPTH, read
from authoring.yaml.repair import read_repaired

GOLDEN = Path(__file__).parents[2] / "golden" / "loader"


def cases(name: str) -> list[Any]:
    data = yaml.safe_load((GOLDEN / name).read_text(encoding="utf-8"))
    return [pytest.param(one, id=one["case"]) for one in data]


@pytest.mark.parametrize("case", cases("yaml.yaml"))
def test_what_yaml_may_not_hold_is_found_at_its_place(case: dict[str, Any]) -> None:
    found = read_repaired(case["text"], "a.yaml")

    places = [f"{one.line}:{one.column} {one.code}" for one in found.findings]
    assert places == case["finds"]
    if "data" in case:
        assert json.dumps(found.data) == json.dumps(case["data"])


@pytest.mark.parametrize("case", cases("quotes.yaml"))
def test_a_text_that_needs_quotes_gets_them_and_nothing_else_changes(case: dict[str, Any]) -> None:
    found = read_repaired(case["text"], "a.yaml")

    places = sorted(f"{one.line}:{one.column} {one.severity} {one.code}" for one in found.findings)
    assert places == sorted(case["finds"])
    mended = apply(case["text"], [one.fix for one in found.findings if one.fix is not None])
    assert mended == case.get("fixed", case["text"])
    again = read_repaired(mended, "a.yaml")
    assert again.findings == []
    if all(one.severity == "error" for one in found.findings):
        assert again.data == found.data


@pytest.mark.parametrize("opening", ["[", "{", "{a: ", "- ", "? ", "[? ", "&a [", "!a [", "[\n"])
def test_a_hundred_thousand_nested_brackets_are_refused_like_anything_else(opening: str) -> None:
    found = read_repaired(opening * 100_000, "a.yaml")

    assert found.data is None
    assert any(one.code in {"form.yaml-depth", "form.yaml-syntax"} for one in found.findings)


def test_nesting_is_taken_up_to_its_limit_and_no_further() -> None:
    def nested(depth: int) -> list[str]:
        return [one.code for one in read("[" * depth + "]" * depth, "a.yaml").findings]

    assert nested(MAX_DEPTH) == []
    assert nested(MAX_DEPTH + 1) == ["form.yaml-depth"]


def test_a_file_of_a_million_keys_is_refused_before_it_is_built() -> None:
    text = "\n".join(f"k{number}: 1" for number in range(110_000))

    assert [one.code for one in read(text, "a.yaml").findings] == ["form.yaml-size"]


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (b"a: 1\nb: \xff\n", (2, 4), "form.yaml-encoding"),
        ("é: \xe9".encode("latin-1"), (1, 1), "form.yaml-encoding"),
        (b"a: 1\nb: x\x00y\n", (2, 5), "form.yaml-character"),
        ("a: \ud800", (1, 4), "form.yaml-character"),
        ("a: x\u2028y", (1, 5), "form.yaml-character"),
        ("a: x\x85y", (1, 5), "form.yaml-character"),
        (b"a: \x1b[31m", (1, 4), "form.yaml-character"),
        (b"x" * (MAX_BYTES + 1), (1, 1), "form.too-large"),
        (b"x" * 10_000_000, (1, 1), "form.too-large"),
    ],
)
def test_what_is_no_text_is_refused_before_any_parser(
    content: bytes | str, place: tuple[int, int], code: str
) -> None:
    text, findings = decode(content, "a.yaml")

    assert text is None
    assert (findings[0].line, findings[0].column, findings[0].code) == (*place, code)


@pytest.mark.parametrize("escape", [r"\0", r"\u0000", r"\e[31m", r"\x07", r"\b"])
def test_what_is_no_text_is_not_brought_in_by_an_escape_either(escape: str) -> None:
    found = read(f'a: "one\\ttwo\\n"\nb: "x{escape}y"', "a.yaml").findings

    assert [(one.line, one.column, one.code) for one in found] == [(2, 4, "form.yaml-character")]


def test_a_byte_order_mark_and_french_letters_are_taken() -> None:
    text, findings = decode("\ufeffa: é ’ « » … € 😀\r\n".encode(), "a.yaml")

    assert (text, findings) == ("a: é ’ « » … € 😀\r\n", [])


TEXTS = st.text(
    st.sampled_from("abé:,'\"{}[]#-?!&*|>%@`<~\n \t\\1205.€=") | st.characters(), max_size=200
)


@given(TEXTS)
def test_any_text_gives_data_or_findings_and_never_an_error(text: str) -> None:
    decoded, findings = decode(text, "a.yaml")
    if decoded is None:
        assert findings
        return
    found = read_repaired(decoded, "a.yaml")

    lines = decoded.count("\n") + decoded.count("\r") + 2
    assert all(1 <= one.line <= lines and one.column >= 1 for one in found.findings)
    assert isinstance(positions(decoded).line, int)
    json.dumps(found.data)


@given(TEXTS)
def test_mending_touches_only_what_it_says(text: str) -> None:
    decoded, _ = decode(text, "a.yaml")
    if decoded is None:
        return
    fixes = [one.fix for one in read_repaired(decoded, "a.yaml").findings if one.fix is not None]
    mended = apply(decoded, fixes)

    assert mended.count("\n") == decoded.count("\n")
    assert len(mended) >= len(decoded)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15, allow_nan=False)
    | st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff")
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcdé :{,#", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=60)
@given(JSON)
def test_json_is_read_as_the_data_it_is(data: Any) -> None:
    found = read(json.dumps(data, ensure_ascii=False), "a.yaml")

    assert found.findings == []
    assert found.data == data


def test_every_key_and_value_knows_its_place() -> None:
    text = (
        "a: 1\nsteps:\n  - id: x\n    say: |\n      Bonjour\n      à vous {order}\n"
        "  - {id: 'y', when: \"b > 2\"}\n"
    )
    place = positions(text)

    assert (place.find(("a",)).line, place.find(("a",)).column) == (1, 4)
    assert (
        place.find(("steps", 1, "id"), key=True).line,
        place.find(("steps", 1, "id"), key=True).column,
    ) == (7, 6)
    assert place.find(("steps", 1, "when")).inside(text, 2) == (7, 24)
    assert place.find(("steps", 0, "say")).inside(text, len("Bonjour\nà vous ")) == (6, 14)
    assert place.find(("steps", 0, "nothing")).line == 3
    assert place.find(("steps", 9)).line == 3


def test_fixes_that_overlap_are_left_for_the_next_time() -> None:
    text = "a: b : c\nd: e : f\n"
    fixes = [one.fix for one in read_repaired(text, "a.yaml").findings if one.fix is not None]

    assert apply(text, [*fixes, *fixes]) == 'a: "b : c"\nd: "e : f"\n'
    assert isinstance(Finding("a.b", "error", "f", 1, 1, "m"), Finding)
