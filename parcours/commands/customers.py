"""`parcours customers`: what is kept of people."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from parcours.customers.running import Run
from parcours.customers.sending import in_database, through_service
from parcours.language import in_words, language
from parcours.options import KEY, Database, Lang, SupervisorKey
from parcours.reaching import client_of, running
from parcours.services import failures_told, opened, run
from parcours.stops import FOUND, Stop
from runtime.access import Actor
from runtime.erasing import Erasure
from runtime.erasures import line_of, read_erasures
from runtime.settings import Settings, load_settings
from runtime.upgrade import is_postgres
from runtime.wiring import erasures_of, open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Bring customers from a file, erase a person, also in a backup that is restored. A SQLite "
    "file that a service holds is reached through it, with a key.",
)


@app.command()
def erase(
    reference: Annotated[str, typer.Argument(help="cus_…, phone:…, email:… or number:…")],
    *,
    to: Annotated[
        str | None, typer.Option(help="The address of a service; without it, its database.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help=f"An admin's key for that service (or ${KEY}).")
    ] = None,
    tenant: Annotated[str, typer.Option(help="Whose customer, without --to.")] = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Erase what a person said, everywhere; codes, times and figures stay.

    Their sessions that go on end as abandoned. Backups made before, and copies kept before an
    upgrade, are yours to delete.
    """
    asked = language(lang)
    with failures_told():
        settings = load_settings(database=database, background=False)
    address = to or running(settings)
    if address is None:
        done = run(_in(settings, tenant, reference))
    else:
        whose = {"fr": "d'administrateur", "en": "an admin's"}
        with closing(client_of(address, key, asked, whose=whose)) as client:
            done = client.delete(f"/v1/customers/{quote(reference, safe='')}").body
    count = done["sessions"]
    said = {
        "fr": f"{done['customer']} : effacé ; sessions vidées : {count}",
        "en": f"{done['customer']}: erased; sessions emptied: {count}",
    }
    print(in_words(said, asked))
    if to is None:
        _tell_copies(settings, asked)


@app.command()
def erased(
    *,
    database: Database = None,
) -> None:
    """Print who was erased, by id alone, a line each: to be kept elsewhere than the database."""
    with failures_told():
        settings = load_settings(database=database, background=False)

    async def read() -> list[Erasure]:
        async with open_service(settings) as service:
            return await erasures_of(settings, service).known()

    for one in run(read()):
        print(line_of(one), end="")


@app.command("erase-again")
def erase_again(
    file: Annotated[
        Path, typer.Argument(help="What `customers erased` printed, or the file kept.")
    ],
    *,
    database: Annotated[
        str | None, typer.Option(help="The database that was restored, not yet in service.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Erase, in a backup that was restored, whoever was erased since.

    A service does so by itself at start with the file that the setting `erasures` names. Exit code:
    0, or 1 when somebody is left whose action is under way.
    """
    with failures_told():
        settings = load_settings(database=database, background=False)
        found = read_erasures(file)
        if not file.is_file():
            raise Stop(fr=f"{file} n'existe pas.", en=f"{file} is not there.")

    async def apply() -> tuple[int, int]:
        async with open_service(settings) as service:
            return await erasures_of(settings, service).apply(found)

    done, left = run(apply())
    said = {
        "fr": f"effacés de nouveau : {done} ; restent : {left}",
        "en": f"erased again: {done}; left: {left}",
    }
    print(in_words(said, language(lang)))
    if left:
        raise typer.Exit(FOUND)


async def _in(settings: Settings, tenant: str, reference: str) -> dict[str, Any]:
    async with open_service(settings) as service:
        return await service.erasing.customer(Actor(tenant, "admin", "command-line"), reference)


def _tell_copies(settings: Settings, asked: str) -> None:
    """Name the copies that were kept before upgrades: they hold what is erased here."""
    if is_postgres(settings.database):
        return
    path = Path(settings.database)
    for copy in sorted(path.parent.glob(f"{path.name}.before-*")):
        said = {
            "fr": f"{copy} le contient encore : supprimez cette copie.",
            "en": f"{copy} still holds it: delete this copy.",
        }
        typer.echo(in_words(said, asked), err=True)


@app.command("import")
def bring(
    file: Annotated[Path, typer.Argument(help="The customers: .csv, .json, .jsonl or .xlsx.")],
    *,
    mapping: Annotated[Path, typer.Option(help="What its columns are: a YAML file.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of each row.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The result file, .csv or .jsonl (default: beside it).")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Where to write the quality report as JSON, too.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="The address of a service; without it, its database.")
    ] = None,
    key: SupervisorKey = None,
    tenant: Annotated[str, typer.Option(help="Whose customers, without --to.")] = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Bring the customers of a file: each row found among those who exist, or a new one.

    Keys of several customers, another customer number, or a doubt change nothing and are listed
    with their reasons, as is every value that cannot be read; the same file again changes nothing.
    Exit code: 0 when every row was brought, 1 when some are to be looked at.
    """
    asked = language(lang)
    with failures_told():
        settings = load_settings(database=database, background=False)
    run_ = Run(
        file=file, mapping=mapping, output=output, report=report, is_dry=dry_run, asked=asked
    )
    address = to or running(settings)
    with ExitStack() as stack:
        if address is None:
            do = stack.enter_context(opened(settings))
            send = in_database(do, Actor(tenant, "supervisor", "command-line"), run_.columns)
        else:
            whose = {"fr": "de superviseur", "en": "a supervisor's"}
            client = stack.enter_context(closing(client_of(address, key, asked, whose=whose)))
            send = through_service(client, run_.columns)
        is_clean = run_.bring(send)
    if not is_clean:
        raise typer.Exit(FOUND)
