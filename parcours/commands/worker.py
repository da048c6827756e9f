"""`parcours worker`: automated actions and timers, in a process that answers no request."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.logs import heard, make_logger
from parcours.language import in_words, language
from parcours.options import Database, Lang
from parcours.services import failures_told, run
from runtime.settings import Settings, load_settings
from runtime.upgrade import is_postgres
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def worker(
    *,
    database: Database = None,
    mock: Annotated[
        Path | None, typer.Option(help="A file of answers in place of real systems.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
    lang: Lang = None,
) -> None:
    """Run automated actions, timers and the ledger's projection until a signal.

    On PostgreSQL, any number of workers share the work. On SQLite the service does all of it
    itself, in its own process.
    """
    with failures_told():
        settings = load_settings(
            config, database=database, mock=None if mock is None else str(mock), background=True
        )
    if not is_postgres(settings.database):
        said = {
            "fr": "Sur SQLite, `parcours serve` exécute lui-même les actions : rien à démarrer.",
            "en": "On SQLite, `parcours serve` runs the actions itself: nothing to start.",
        }
        print(in_words(said, language(lang)))
        return
    run(_work(settings))


async def _work(settings: Settings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    with heard(make_logger(sys.stderr)):
        async with open_service(settings):
            # For whatever supervises it: from here on actions are taken.
            print('{"worker": "ready"}', flush=True)
            await stopped.wait()
