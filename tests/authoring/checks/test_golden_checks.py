"""Every check finds what its golden case says, where it says; nothing once corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from authoring.check import check, check_journey
from authoring.checks.registry import CHECKS
from authoring.load import load
from tests.authoring.checks.golden import files_with_defaults

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "checks"
CODES = sorted(each.code for each in CHECKS)


def _case(code: str) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    return case


def test_every_check_has_a_golden_case_and_every_case_a_check() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_wrong_library_gets_its_finding_at_its_place(code: str) -> None:
    case = _case(code)

    found = check(load(files_with_defaults(case["wrong"])))

    places = [f"{one.file}:{one.line}:{one.column} {one.code}" for one in found]
    assert places == case["findings"]
    assert any(one.code == code for one in found)


@pytest.mark.parametrize("code", CODES)
def test_the_corrected_library_gets_no_finding_at_all(code: str) -> None:
    assert check(load(files_with_defaults(_case(code)["right"]))) == []


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.code)
def test_the_manual_page_of_a_check_says_why_and_shows_wrong_and_right(each: type) -> None:
    page = each.__doc__ or ""

    assert page.count("```yaml") == 2
    assert page.index("Wrong:") < page.index("Right:")


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.code)
def test_a_finding_says_what_to_do(each: type) -> None:
    code = each.code  # type: ignore[attr-defined]  # every entry of the registry is a Check

    found = check(load(files_with_defaults(_case(code)["wrong"])))

    assert all(one.hint for one in found if one.code == code)


def test_checking_one_journey_gives_its_findings_and_no_others() -> None:
    files = files_with_defaults(_case("data.unassigned")["wrong"])
    loaded = load(files)

    whole = [one for one in check(loaded) if one.journey == "case"]

    assert check_journey(loaded, "case") == whole
    assert check_journey(loaded, "client.identification") == []


def test_a_step_of_broken_form_brings_no_findings_that_only_follow_from_it() -> None:
    journey = (
        "parcours: 1\njourney: case\ntitle: Cas\nstart: false\nsteps:\n"
        "  - {id: hello, say: Bonjour., next: motive}\n"
        "  - {id: motive, say: Lequel ?, ask: {m: colour}}\n"
        '  - {id: told, say: "{m}"}\n'
        "  - {id: solved, end: resolved}\n"
    )

    found = check(load(files_with_defaults({"journeys/case.yaml": journey})))

    assert [(one.code, one.line) for one in found] == [("form.value", 7)]
