"""The command line as a person uses it: what is typed, what is printed, the exit code."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from parcours.main import main


class Said(NamedTuple):
    """What a command left: its exit code, its output, its complaints."""

    code: int
    out: str
    err: str


Cli = Callable[..., Said]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Give a function that runs a command in this process: `cli("check", folder, typed="…")`."""
    monkeypatch.setenv("PARCOURS_LANG", "en")

    def run(*arguments: object, typed: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        code = main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def library(tmp_path: Path, cli: Cli) -> Path:
    """Give a library just begun, in English."""
    folder = tmp_path / "mine"
    assert cli("new", folder, "--lang", "en").code == 0
    return folder
