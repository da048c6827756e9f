"""`parcours db`: the database's schema, and whether what is stored holds together."""

import typer

from parcours.options import Database
from parcours.services import failures_told, run
from parcours.stops import FOUND
from runtime.opening import open_store
from runtime.settings import Settings, load_settings
from runtime.upgrade import upgrade as upgrade_schema
from runtime.verify import Fault
from runtime.verify import verify as verify_store

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Upgrade or verify the database.",
)


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
        settings = load_settings(database=database, upgrade=False)
    faults = run(_faults(settings))
    for fault in faults:
        print(f"{fault.tenant} {fault.session} {fault.code}: {fault.detail}")
    if faults:
        raise typer.Exit(FOUND)
    print(f"{settings.database}: everything holds together")


async def _faults(settings: Settings) -> list[Fault]:
    store = await open_store(settings)
    try:
        return [fault async for fault in verify_store(store)]
    finally:
        await store.close()
