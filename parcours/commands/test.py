"""`parcours test`: the conversations a library must hold, played, and what they leave out."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from authoring.findings import to_text
from authoring.load import load_folder
from authoring.testkit import Coverage, Result, cases, covered, run_tests
from parcours.language import language
from parcours.libraries import refuse_unbuilt
from parcours.options import Lang
from parcours.places import library_folder
from parcours.stops import FOUND

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

KINDS = {
    "steps": ("étapes", "steps"),
    "exits": ("sorties", "exits"),
    "options": ("choix", "options"),
    "rows": ("lignes", "rows"),
    "failures": ("échecs", "failures"),
}
SHOWN_MISSED = 40
WIDTH = 120
"""Columns when the output is not a terminal."""


@app.command(name="test")
def run_library_tests(
    path: Annotated[
        Path | None, typer.Argument(help="The library's folder (default: this one, or the demo).")
    ] = None,
    *,
    only: Annotated[
        str | None, typer.Option("-k", "--only", help="Those whose file or name holds this.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=100, help="Fail below this coverage of steps and exits, %.")
    ] = 0,
    missed: Annotated[
        bool, typer.Option("--missed", help="List all that no test goes through, not the first.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Run a library's tests and show what they go through: steps, ways out, options, and more.

    Rows of tables are counted, and what comes after a robot: done by hand, refused.

    Exit code: 0 when every test holds and the threshold is reached, 1 otherwise.
    """
    asked = language(lang)
    folder = library_folder(path)
    loaded = load_folder(folder)
    refuse_unbuilt(loaded, folder)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), transient=True,
        console=Console(stderr=True), disable=not sys.stderr.isatty(),
    ) as progress:  # fmt: skip
        task = progress.add_task(str(folder), total=len(cases(loaded)[0]))
        results, wrong = run_tests(loaded, only=only, progress=lambda _: progress.advance(task))
    for result in results:
        if not result.passed:
            console.print(Text(result.report(), style="red"), soft_wrap=True)
    if wrong:
        console.print(Text(to_text(wrong), style="red"), soft_wrap=True)
    coverage = covered(loaded, [result.events for result in results])
    console.print(_table(coverage, asked))
    _list_missed(console, coverage, folder, asked=asked, whole=missed)
    failed = [result for result in results if not result.passed]
    console.print(_summary(results, failed, asked), style="bold red" if failed else "bold green")
    if failed or wrong or not results or not _reached(coverage, threshold):
        raise typer.Exit(FOUND)


def _reached(coverage: Coverage, threshold: float) -> bool:
    shares = [coverage.share(what) for what in ("steps", "exits")]
    return all(share is None or share * 100 >= threshold for share in shares)


def _table(coverage: Coverage, asked: str) -> Table:
    table = Table(box=None, padding=(0, 2), title_justify="left")
    table.add_column({"fr": "parcours", "en": "journey"}[asked])
    for fr, en in KINDS.values():
        table.add_column(fr if asked == "fr" else en, justify="right")
    for one in coverage.journeys:
        table.add_row(one.journey, *(_share(*getattr(one, what)) for what in KINDS))
    totals = [coverage.share(what) for what in KINDS]
    shown = ["–" if share is None else f"{share:.0%}" for share in totals]
    table.add_row(Text("total", style="bold"), *(Text(one, style="bold") for one in shown))
    return table


def _share(done: int, total: int) -> Text:
    style = "green" if done == total else "yellow"
    return Text(f"{done}/{total}" if total else "–", style=style)


def _list_missed(
    console: Console, coverage: Coverage, folder: Path, *, asked: str, whole: bool
) -> None:
    found = coverage.missed
    shown = found if whole else found[:SHOWN_MISSED]
    for one in shown:
        # A place is one line, however long: people and programs look for it whole.
        console.print(Text(f"{folder.as_posix()}/{one}", style="yellow"), soft_wrap=True)
    if len(found) > len(shown):
        more = len(found) - len(shown)
        said = {"fr": f"… et {more} autres (--missed)", "en": f"… and {more} more (--missed)"}
        console.print(Text(said[asked], style="dim"))


def _summary(results: list[Result], failed: list[Result], asked: str) -> str:
    if not results:
        return {"fr": "Aucun test.", "en": "No test."}[asked]
    held = len(results) - len(failed)
    return {
        "fr": f"{held} test(s) sur {len(results)} tiennent.",
        "en": f"{held} of {len(results)} test(s) hold.",
    }[asked]
