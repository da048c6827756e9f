"""`parcours play`: a journey walked in the terminal."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from engine.refusals import Refused
from parcours.closing import ledger_table, trace_table
from parcours.language import language
from parcours.libraries import journey_of, load_or_stop
from parcours.mocks import mock_of
from parcours.places import library_folder
from parcours.play.conversation import Conversation, Quit
from parcours.play.recording import save
from parcours.play.screen import Screen
from parcours.play.table import Table, sit_down
from parcours.stops import FOUND, Stop
from parcours.wordlist import COLON, OUTCOMES, word

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

WIDTH = 100
"""Columns when the output is not a terminal."""


@app.command()
def play(
    path: Annotated[Path, typer.Argument(help="The library's folder.")],
    journey: Annotated[str, typer.Argument(help="The journey's id, such as livraison.suivi.")],
    *,
    audience: Annotated[
        str | None, typer.Option(help="advisor, customer … (default: the library's).")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--language", "--lang", help="fr or en (default: LANG's).")
    ] = None,
    mock: Annotated[
        Path | None,
        typer.Option(help="What answers in place of real systems (default: its mock.yaml)."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Save the walk as a test, in this file.")
    ] = None,
) -> None:
    """Walk a journey as an advisor: what to say, what to ask, back, correct, the trace at the end.

    Nothing is stored. Lines may also come from a pipe. Exit code: 0 when the journey came to an
    outcome or was put down with `q`, 1 when there was nothing more to read.
    """
    folder = library_folder(path)
    library = load_or_stop(folder)
    started = journey_of(library, journey)
    asked = language(lang)
    worded = asked if asked in library.languages else library.languages[0]
    try:
        table = sit_down(
            library,
            started.id,
            audience=audience or library.default_audience,
            language=worded,
            connector=mock_of(folder, mock),
        )
    except Refused as refused:
        raise Stop(fr=refused.message["fr"], en=refused.message["en"]) from refused
    screen = Screen(Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH), asked)
    table.waiting = screen.waiting
    ended = walk(table, screen)
    close(table, screen)
    if record is not None:
        save(table, record)
        screen.line(f"{screen.word('recorded')}{COLON[asked]}{record}", "bold")
    if not ended:
        raise typer.Exit(FOUND)


def typed(prompt: str) -> str:
    """Return the line typed after a prompt, with the terminal's own editing. Raises EOFError."""
    return input(prompt)


def piped(prompt: str) -> str:
    """Return the next line of a file, shown as if it had been typed. Raises EOFError."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    print(f"{prompt}{line.rstrip()}")
    return line


def walk(table: Table, screen: Screen) -> bool:
    """Hold the conversation; return whether it ended as it should: an outcome, or put down."""
    conversation = Conversation(table, screen, ask=typed if sys.stdin.isatty() else piped)
    try:
        conversation.run()
    except Quit:
        screen.line("")
        screen.line(screen.word("stopped" if table.state.status == "paused" else "no_more"))
        return table.state.status == "paused"
    except KeyboardInterrupt:
        screen.line("")
        return False
    return True


def close(table: Table, screen: Screen) -> None:
    """Show what is left: the outcome, the three axes, the time."""
    screen.console.print()
    outcome = table.state.outcome
    if outcome is not None:
        said = word(OUTCOMES, outcome, screen.language)
        screen.line(f"{screen.word('outcome')}{COLON[screen.language]}{said}", "bold green")
    screen.console.print(trace_table(table.trace(), language=screen.language))
    totals, share = table.ledger()
    screen.console.print(ledger_table(totals, share, language=screen.language))
