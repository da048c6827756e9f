"""How a command gives what it found: shown as a table, printed, or written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer

from measures.reporting.forms import ANSWERS
from parcours.services import failures_told
from parcours.stops import Stop, writing

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = ("table", *ANSWERS)
_FILES: Final = ("parquet", "xlsx")
FORM: Final = typer.Option(
    "--format", help="table, json, csv, parquet, xlsx; else as --output ends."
)
OUTPUT: Final = typer.Option(help="A file to write to.")


def form_of(form: str | None, output: Path | None) -> str:
    """Return the form that is asked for: by its name, else by how the file ends.

    Raises:
        Stop: there is none of that name; or it goes into a file and none is named, or the reverse.
    """
    if form is None:
        form = "table" if output is None else output.suffix.removeprefix(".")
        if output is not None and form not in ANSWERS:
            listed = ", ".join(f".{one}" for one in ANSWERS)
            raise Stop(fr=f"--output finit par {listed}.", en=f"--output ends in one of {listed}.")
    if form not in FORMATS:
        listed = ", ".join(FORMATS)
        raise Stop(fr=f"--format : {listed}.", en=f"--format takes {listed}.")
    if form in _FILES and output is None:
        raise Stop(fr=f"--format {form} demande --output.", en=f"--format {form} needs --output.")
    if form == "table" and output is not None:
        raise Stop(
            fr="--format table ne va pas avec --output : un tableau se lit ici.",
            en="--format table does not go with --output: a table is read here.",
        )
    return form


def give(made: bytes, output: Path | None) -> None:
    """Write what was made to its file, or print it."""
    if output is None:
        print(made.decode(), end="")
        return
    with failures_told(), writing(output):
        output.write_bytes(made)


def say(shown: Any) -> None:
    """Print a table."""
    from rich.console import Console

    Console(highlight=False).print(shown)
