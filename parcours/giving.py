"""How a command gives what it found: shown as a table, printed, or written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer

from measures.reporting.forms import ANSWERS
from parcours.services import failures_told
from parcours.stops import Stop

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = ("table", *ANSWERS)
_FILES: Final = ("parquet", "xlsx")
FORM: Final = typer.Option(
    "--format", help="table, json, csv, parquet, xlsx (these two to --output)."
)
OUTPUT: Final = typer.Option(help="A file to write to.")


def check_form(form: str, output: Path | None) -> None:
    """Refuse a form that is none, or that goes only to a file.

    Raises:
        Stop: it is one of these.
    """
    if form not in FORMATS:
        listed = ", ".join(FORMATS)
        raise Stop(fr=f"--format : {listed}.", en=f"--format takes {listed}.")
    if form in _FILES and output is None:
        raise Stop(fr=f"--format {form} demande --output.", en=f"--format {form} needs --output.")


def give(made: bytes, output: Path | None) -> None:
    """Write what was made to its file, or print it."""
    if output is None:
        print(made.decode(), end="")
        return
    with failures_told():
        output.write_bytes(made)


def say(shown: Any) -> None:
    """Print a table."""
    from rich.console import Console

    Console(highlight=False).print(shown)
