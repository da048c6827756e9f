"""`parcours serve`: the service."""

from pathlib import Path
from typing import Annotated

import typer

from parcours.options import Database
from parcours.services import failures_told, run
from parcours.serving import listening, serve_forever, serve_with_workers
from parcours.stops import Stop
from runtime.settings import load_settings
from runtime.upgrade import is_postgres

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve(
    *,
    database: Database = None,
    bind: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    dev: Annotated[
        bool, typer.Option("--dev", help="Actors without keys; on a loopback address only.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; more than one on PostgreSQL.")
    ] = 1,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
) -> None:
    """Start the service. What is not given comes from PARCOURS_… variables, a file, the defaults.

    It stops at a signal, once what is in flight is finished, within 25 seconds.
    """
    with failures_told():
        settings = load_settings(
            config,
            database=database,
            bind=bind,
            port=port,
            dev_mode=dev or None,
        )
    if workers > 1 and not is_postgres(settings.database):
        raise Stop(
            fr="SQLite ne sert qu'un processus : gardez --workers 1, ou prenez PostgreSQL.",
            en="SQLite serves one process: keep --workers 1, or use PostgreSQL.",
        )
    if workers > 1:
        raise typer.Exit(serve_with_workers(settings, workers))
    run(serve_forever(settings, fd=listening()))
