"""What the README shows is what a new reader gets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from authoring.check import check
from authoring.load import load, read_folder

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCAFFOLD = ROOT / "parcours" / "template" / "en"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_journey_of_the_readme_has_no_finding_in_the_library_it_comes_with() -> None:
    files = dict(read_folder(SCAFFOLD))
    journey = next(name for name in files if name.startswith("journeys/"))
    kept = {name: text for name, text in files.items() if not name.startswith("tests/")}

    findings = check(load({**kept, journey: _blocks("yaml")[0]}))

    assert [str(one) for one in findings if one.severity == "error"] == []


def test_the_conversation_of_the_readme_is_what_play_prints(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "parcours.main"]
    subprocess.run(
        [*run, "new", "shop", "--lang", "en"], cwd=tmp_path, check=True, capture_output=True
    )

    played = subprocess.run(
        [*run, "play", "shop", "appointment.move", "--lang", "en"],
        cwd=tmp_path, input="1\nA-1042\n2026-12-01\n\n", check=True, capture_output=True, text=True,
    )  # fmt: skip

    said = {line.strip() for line in played.stdout.splitlines()}
    shown = [line.strip() for line in _blocks("text")[0].splitlines() if line.strip()]
    assert [line for line in shown if line not in said] == []


def test_the_readme_fits_a_few_screens() -> None:
    assert len(README.splitlines()) < 150
