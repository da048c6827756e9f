"""Input made to be costly: it is refused, or costs no more than its size."""

from __future__ import annotations

import pytest

from authoring.documents import MAX_STEPS
from authoring.findings import MAX_A_FILE
from authoring.load import load
from engine.answers import BadAnswer
from engine.scope import Scope
from tests.authoring.loader.small import files


def test_a_journey_has_five_thousand_steps_at_most() -> None:
    def codes(steps: int) -> list[str]:
        loaded = load(files("- {say: x}\n" * (steps - 1) + "- {end: resolved}\n"))
        return [one.code for one in loaded.findings]

    assert codes(MAX_STEPS) == []
    assert codes(MAX_STEPS + 1) == ["form.too-large"]


@pytest.mark.parametrize(
    "steps",
    [
        "- {a: 1}\n" * 3_000,
        "- {ask: {x: {type: choice, options: [" + "{id: 3}, " * 3_000 + "]}}}\n",
        "- {end: resolved}\n" + "".join(f"k{number}: 1\n" for number in range(3_000)),
        "- {end: resolved}\n" + "k: 1\n" * 3_000,
        "- {end: resolved}\n" + "".join(f"k{number}: *a\n" for number in range(3_000)),
        "- {say: {fr: a, b c}}\n" * 3_000,
        "".join(f"- {{say: x, when: 'known(a{number})'}}\n" for number in range(3_000)),
    ],
)
def test_a_file_full_of_mistakes_gives_no_more_findings_than_anyone_reads(steps: str) -> None:
    found = [one for one in load(files(steps)).findings if one.file == "journeys/j.yaml"]

    assert MAX_A_FILE <= len(found) <= 2 * MAX_A_FILE


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a+)+$", "a" * 10_000 + "!"),
        ("(a|aa)+", "a" * 10_000 + "!"),
        ("(a|a?)+", "a" * 10_000 + "!"),
        ("(.*a){20}", "a" * 10_000 + "!\n"),
        (r"([a-zA-Z]+)*\d", "a" * 10_000),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 10_000),
    ],
)
def test_a_pattern_made_to_take_for_ever_answers_like_any_other(pattern: str, text: str) -> None:
    loaded = load(
        files(
            f"- {{id: a, ask: {{x: {{type: text, pattern: '{pattern}'}}}}}}\n- {{end: resolved}}\n"
        )
    )
    assert loaded.findings == []
    assert loaded.library is not None
    asked = loaded.library.journeys["j"].steps["a"].fields()[0]

    with pytest.raises(BadAnswer):
        asked.type.accept(text, Scope({}, "2026-01-01"))
