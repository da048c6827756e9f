"""`parcours import`: contacts that other systems logged."""

from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from parcours.client import Client, why
from parcours.event_logs.mapping import LogMapping, read_log_mapping
from parcours.event_logs.running import Refused, Run
from parcours.language import language
from parcours.options import Database, Lang, SupervisorKey
from parcours.reaching import client_of, running
from parcours.services import failures_told, opened
from parcours.stops import FOUND, Stop
from runtime.access import Actor
from runtime.errors import WrongReference
from runtime.event_logs import Case, Seen
from runtime.settings import Settings, load_settings

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Bring contacts from an event log, with their own times and every event. A SQLite file "
    "that a service holds is reached through it, with a key.",
)
STAR = Path(__file__).parents[1] / "event_logs" / "star.yaml"
PATH = "/v1/contacts:import"

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each.")]
Output = Annotated[Path | None, typer.Option(help="The result file (default: beside the log).")]


@dataclass(frozen=True, slots=True)
class _Reached:
    """Where the contacts go: to a service, or into a database opened here (`address` None)."""

    address: str | None
    key: str | None
    settings: Settings
    actor: Actor
    language: str


@app.callback()
def reach(
    ctx: typer.Context,
    *,
    to: Annotated[
        str | None, typer.Option(help="The address of a service; without it, its database.")
    ] = None,
    key: SupervisorKey = None,
    tenant: Annotated[str, typer.Option(help="Whose, without --to.")] = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Find the service that they go to, else the database."""
    with failures_told():
        settings = load_settings(database=database, background=False)
    actor = Actor(tenant, "supervisor", "command-line")
    ctx.obj = _Reached(to or running(settings), key, settings, actor, language(lang))


@app.command()
def log(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="The log: .csv, .json, .jsonl, .xes or .xlsx, also as .gz.")
    ],
    *,
    mapping: Annotated[Path, typer.Option(help="What its columns are: a YAML file.")],
    output: Output = None,
    dry_run: DryRun = False,
) -> None:
    """Bring the contacts of any event log.

    A contact one of whose events cannot be read is left out whole, and told at its line; the same
    log again changes nothing. Exit code: 0 when every contact was brought, 1 when some were not.
    """
    _bring(ctx.obj, file, read_log_mapping(mapping), output=output, is_dry=dry_run)


@app.command()
def star(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="contacts.jsonl.gz, one dialogue a line.")],
    *,
    output: Output = None,
    dry_run: DryRun = False,
) -> None:
    """Bring the dialogues of the STAR data set: `import log` with its mapping."""
    _bring(ctx.obj, file, read_log_mapping(STAR), output=output, is_dry=dry_run)


def _bring(
    there: _Reached, file: Path, mapping: LogMapping, *, output: Path | None, is_dry: bool
) -> None:
    run = Run(file=file, mapping=mapping, output=output, asked=there.language)
    with ExitStack() as stack:
        if there.address is None:
            do = stack.enter_context(opened(there.settings))

            def send(body: dict[str, Any]) -> list[dict[str, Any]]:
                cases = [
                    Case(**{**one, "events": [Seen(**event) for event in one["events"]]})
                    for one in body["contacts"]
                ]
                try:
                    found: list[dict[str, Any]] = do(
                        lambda service: service.event_logs.bring(
                            there.actor, body["source"], cases, dry_run=body["dry_run"]
                        )
                    )
                except WrongReference as wrong:
                    raise Refused(wrong.message, wrong.code) from wrong
                return found
        else:
            whose = {"fr": "de superviseur", "en": "a supervisor's"}
            reached = client_of(there.address, there.key, there.language, whose=whose)
            client: Client = stack.enter_context(closing(reached))

            def send(body: dict[str, Any]) -> list[dict[str, Any]]:
                return _through(client, body)

        is_clean = run.bring(send, is_dry=is_dry)
    if not is_clean:
        raise typer.Exit(FOUND)


def _through(client: Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.send(PATH, body)
    if answer.status == 200:
        found: list[dict[str, Any]] = answer.body["items"]
        return found
    told, said = why(answer), answer.body if isinstance(answer.body, dict) else {}
    if said.get("code") == WrongReference.CODE:
        raise Refused(dict.fromkeys(("fr", "en"), told), said["code"])
    raise Stop(fr=f"Le service refuse : {told}", en=f"The service refuses: {told}", code=FOUND)
