"""`parcours log`: an event log for process mining, from the database."""

from pathlib import Path
from typing import Annotated

import typer

from measures.asking.question import Asked
from measures.desk import Desk
from measures.facts.opening import open_facts
from measures.logs.forms import FORMS, SUFFIXES
from measures.logs.log import Log, event_log
from parcours.options import Database, Since, Until, Where
from parcours.reaching import figured
from parcours.services import failures_told, run
from parcours.stops import Stop, writing
from runtime.access import Actor
from runtime.finished import Finished
from runtime.settings import Settings, load_settings
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def log(
    output: Annotated[Path, typer.Argument(help="The file: .json, .sqlite (OCEL 2.0) or .xes.")],
    *,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    tenant: Annotated[str, typer.Option(help="Whose.")] = "default",
    database: Database = None,
) -> None:
    """Export the contacts that were over in a period, the last 30 days by default.

    Customers are pseudonyms and no advisor is in it. From a running service: GET /v1/event-log.
    """
    form = SUFFIXES.get(output.suffix)
    if form is None:
        listed = ", ".join(SUFFIXES)
        raise Stop(fr=f"Le fichier finit par {listed}.", en=f"The file ends in one of {listed}.")
    with failures_told():
        settings = load_settings(database=database, background=False)
    figured(settings)
    asked = Asked(since=since, until=until, where=where)
    written = FORMS[form](run(_log(settings, tenant, asked)))
    with writing(output):
        output.write_bytes(written)
    typer.echo(str(output), err=True)


async def _log(settings: Settings, tenant: str, asked: Asked) -> Log:
    actor = Actor(tenant, "supervisor", "command-line")
    async with open_service(settings) as service, open_facts(service) as facts:
        desk = Desk.of(service, facts)
        return await event_log(desk, Finished(service.store), actor, asked=asked)
