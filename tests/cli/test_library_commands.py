"""Beginning a library, checking it, testing it, drawing it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_library_just_begun_is_right_and_its_tests_reach_everything(
    language: str, tmp_path: Path, cli: Cli
) -> None:
    folder = tmp_path / "ma bibliothèque"
    cli("new", folder, "--lang", language)

    checked = cli("check", folder)
    tested = cli("test", folder, "--threshold", "100")

    assert (checked.code, checked.out) == (0, "Nothing to report.\n")
    assert tested.code == 0
    assert "4 of 4 test(s) hold." in tested.out


def test_a_library_is_not_begun_over_another(library: Path, cli: Cli) -> None:
    again = cli("new", library)

    assert again.code == 2
    assert "exists already" in again.err


def test_check_says_file_line_and_column_of_each_error_and_ends_with_one(
    library: Path, cli: Cli
) -> None:
    journey = library / "journeys" / "appointment.yaml"
    journey.write_text(journey.read_text().replace("not_done: no_room", "not_done: nowhere"))

    said = cli("check", library)

    lines = journey.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "nowhere" in text)
    assert said.code == 1
    assert f"{journey.as_posix()}:{line}:" in said.out
    assert "error graph.unknown-target" in said.out
    assert "It cannot be published." in said.out


def test_check_speaks_json_and_sarif_to_tools(library: Path, cli: Cli) -> None:
    codes = library / "codes.yaml"
    codes.write_text(codes.read_text() + "suplement: {}\n")

    as_json = json.loads(cli("check", library, "--format", "json").out)
    as_sarif = json.loads(cli("check", library, "--format", "sarif").out)

    assert as_json["counts"]["error"] == len(as_json["findings"]) == 1
    assert as_json["findings"][0]["file"] == "codes.yaml"
    assert as_sarif["version"] == "2.1.0"
    assert len(as_sarif["runs"][0]["results"]) == 1


def test_check_fix_puts_quotes_and_touches_nothing_else(library: Path, cli: Cli) -> None:
    journey = library / "journeys" / "appointment.yaml"
    right = journey.read_text()
    told = '    say: "Your appointment is confirmed for {confirmed_on}."'
    assert told in right
    wrong = right.replace(
        told, "    say: Note : your appointment is confirmed.   # said with a smile"
    )
    journey.write_text(wrong)

    said = cli("check", library, "--fix")

    expected = right.replace(
        told, '    say: "Note : your appointment is confirmed."   # said with a smile'
    )
    assert "1 fix(es) written." in said.out
    assert journey.read_text() == expected


def test_a_folder_without_a_library_is_refused_with_what_to_do(tmp_path: Path, cli: Cli) -> None:
    said = cli("check", tmp_path)

    assert said.code == 2
    assert "`parcours new FOLDER`" in said.err


def test_a_test_that_no_longer_holds_is_shown_at_its_line(library: Path, cli: Cli) -> None:
    test = library / "tests" / "full.yaml"
    test.write_text(test.read_text().replace("outcome: deferred", "outcome: resolved"))

    said = cli("test", library)

    assert said.code == 1
    assert "tests/full.yaml:" in said.out
    assert "expected resolved, is deferred" in said.out
    assert "3 of 4 test(s) hold." in said.out


def test_what_no_test_reaches_is_listed_with_its_line_and_fails_the_threshold(
    library: Path, cli: Cli
) -> None:
    (library / "tests" / "not_done.yaml").unlink()

    without = cli("test", library)
    demanding = cli("test", library, "--threshold", "100")

    assert without.code == 0
    assert "exit move → not_done" in without.out
    assert demanding.code == 1


def test_a_library_without_tests_does_not_pass(library: Path, cli: Cli) -> None:
    for test in (library / "tests").iterdir():
        test.unlink()

    assert cli("test", library).code == 1


@pytest.mark.parametrize(
    ("form", "beginning"), [("mermaid", "flowchart"), ("dot", "digraph"), ("json", "{")]
)
def test_a_journey_is_drawn(form: str, beginning: str, library: Path, cli: Cli) -> None:
    said = cli("draw", library, "appointment.move", "--format", form)

    assert said.code == 0
    assert said.out.startswith(beginning)
    assert "Booking" in said.out


def test_a_misspelt_journey_is_refused_with_those_near_it(library: Path, cli: Cli) -> None:
    said = cli("draw", library, "appointment.mov")

    assert said.code == 2
    assert "appointment.move" in said.err
