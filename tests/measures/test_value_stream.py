"""The lean case: where 78 hours went, as the reconstructed table of the demo has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from measures.value_stream import Step, Stream, gained
from parcours.demo.welcome import LEAN_CASE
from parcours.main import main

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/golden/measures/vectors.json").read_text("utf-8"))
GIVEN = VECTORS["lean_case_given"]
CHECKS = VECTORS["lean_case_RECONSTRUCTED_demo_only"]["checks"]
EXAMPLE = ROOT / "docs/examples/lean-case-reconstructed.csv"


def stream(hours: float, steps: int = 1) -> Stream:
    delay = hours * 3_600 / steps
    each = Step(name="", customer=0, company=960 / steps, value=960 / steps, delay=delay)
    return Stream([each] * steps)


def test_the_reconstructed_lean_case_adds_up_to_what_the_article_gives(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["value-stream", str(EXAMPLE), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()

    # 48 minutes of each, 16 of value, 78 hours in all; 16 / (78 · 60) and 48 / 16.
    sums = ["All", "48 min 00 s", "48 min 00 s", "16 min 00 s", "78 h 00"]
    assert lines[10].split() == " ".join(sums).split()
    assert lines[11] == f"Value-added ratio: {GIVEN['PCE_before']:.1%}".replace("%", " %")
    assert lines[12] == f"Waste factor: {CHECKS['ratio_company']:.2f}"
    assert "reconstructed" in EXAMPLE.name


def test_the_command_that_the_demonstration_names_shows_78_hours_become_32(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = LEAN_CASE.split()

    assert main([*arguments, "--lang", "en"]) == 0

    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    # Value stays 1 + 5 + 10 minutes; of 32 hours the specialist's 24 are left; -46 of 78 hours.
    assert lines[-1] == "Lead time, before → after: 78 h 00 → 32 h 00 (−59.0 %)"
    assert lines[-5].split()[-7:] == ["16", "min", "00", "s", "32", "h", "00"]
    assert (
        f"Value-added ratio: {GIVEN['PCE_after_if_VA_unchanged']:.1%}".replace("%", " %") in lines
    )
    assert program == ".venv/bin/parcours"
    assert all("reconstructed" in one for one in arguments if one.endswith(".csv"))


def test_thirty_two_hours_in_place_of_78_are_as_the_article_says() -> None:
    before, after = stream(GIVEN["lead_before_h"], 6), stream(GIVEN["lead_after_h"], 4)

    assert gained(before, after) == pytest.approx(-GIVEN["lead_reduction"], abs=1e-9)
    assert before.efficiency == pytest.approx(GIVEN["PCE_before"], abs=1e-9)
    assert after.efficiency == pytest.approx(GIVEN["PCE_after_if_VA_unchanged"], abs=1e-9)
    assert (gained(Stream([]), after), Stream([]).efficiency, Stream([]).waste) == (None,) * 3


def test_a_table_with_something_else_than_a_number_is_refused_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "stream.csv"
    file.write_text(
        "step,customer_min,company_min,value_min,delay_h\nreads,1,1,1,long\n", encoding="utf-8"
    )

    assert main(["value-stream", str(file), "--lang", "en"]) == 2
    assert "stream.csv:2:5: delay_h: a number of 0 or more is expected." in capsys.readouterr().err
