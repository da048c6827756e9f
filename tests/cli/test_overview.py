"""What `parcours` says before any command, and that it says it without loading anything heavy."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from parcours.main import COMMANDS, main

HEAVY = ("typer", "rich", "fastapi", "sqlalchemy", "yaml", "engine", "runtime", "authoring")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Jouer un parcours dans le terminal"), ("en", "Walk a journey in the terminal")],
)
def test_the_overview_speaks_the_person_s_language(
    language: str,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PARCOURS_LANG", language)

    code = main(["--help"])

    said = capsys.readouterr().out
    assert code == 0
    assert sentence in said
    assert all(name in said for name in COMMANDS)


def test_the_overview_loads_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys; from parcours.main import main; main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_misspelt_command_is_refused_with_the_one_meant(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARCOURS_LANG", "en")

    code = main(["chek", "somewhere"])

    assert code == 2
    assert "Did you mean `check`?" in capsys.readouterr().err


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert hasattr(import_module(COMMANDS[name].module), "app")

    code = main([name, "--help"])

    said = capsys.readouterr().out
    assert code == 0
    assert f"parcours {name}" in said
