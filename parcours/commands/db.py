"""`parcours db`: the database's schema, and whether what is stored holds together."""

from typing import Annotated

import typer

from parcours.services import failures_told
from parcours.stops import FOUND
from runtime.settings import load_settings
from runtime.upgrade import upgrade as upgrade_schema
from runtime.verify import verify as verify_database

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Upgrade or verify the database.",
)

Database = Annotated[
    str | None, typer.Option(help="A SQLite file, or postgresql://user@host/name.")
]


@app.command()
def upgrade(*, database: Database = None) -> None:
    """Bring the schema to this release's; a SQLite file that had data is copied beside first."""
    with failures_told():
        target = load_settings(database=database).database
        done = upgrade_schema(target)
    print(f"{target}: {'upgraded' if done else 'up to date already'}")


@app.command()
def verify(*, database: Database = None) -> None:
    """Verify what is stored: sequences without a gap, snapshots equal to their events.

    Exit code: 0 when everything holds, 1 with the list of what does not.
    """
    with failures_told():
        target = load_settings(database=database).database
        problems = verify_database(target)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(FOUND)
    print(f"{target}: everything holds together")
