"""`parcours report`: the report of a period as a page, a spreadsheet or JSON."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from measures.asking.question import Asked
from measures.desk import Desk
from measures.facts.opening import open_facts
from measures.reporting.content import report as report_of
from measures.reporting.forms import REPORTS, report_as
from parcours.client import FIGURES_S
from parcours.language import language
from parcours.options import (
    Compare,
    Database,
    FromService,
    Lang,
    Since,
    SupervisorKey,
    Until,
    Where,
    WhoseFigures,
)
from parcours.reaching import client_of, figured
from parcours.services import failures_told, run
from parcours.stops import Stop, writing
from runtime.access import Actor
from runtime.settings import Settings, load_settings
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

SUFFIXES = tuple(f".{form}" for form in REPORTS)
_WHOSE = {"fr": "de superviseur", "en": "a supervisor's"}


@app.command()
def report(
    output: Annotated[Path, typer.Argument(help="The file: .html, .xlsx or .json.")],
    *,
    since: Since = None,
    until: Until = None,
    compare: Compare = None,
    where: Where = None,
    to_service: FromService = None,
    key: SupervisorKey = None,
    tenant: WhoseFigures = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Write the report of a period, the last 30 days by default, to send to a committee.

    The page stands by itself: its charts are in it and it fetches nothing. No figure is by person.
    """
    if output.suffix not in SUFFIXES:
        listed = ", ".join(SUFFIXES)
        raise Stop(fr=f"Le fichier finit par {listed}.", en=f"The file ends in one of {listed}.")
    asked_in = language(lang)
    with failures_told():
        settings = load_settings(database=database, background=False)
    asked = Asked(since=since, until=until, compare=compare, where=where)
    address = to_service or figured(settings)
    if address is None:
        found = run(_here(settings, Actor(tenant, "supervisor", "command-line"), asked, asked_in))
    else:
        found = _there(address, key, asked, asked_in)
    with failures_told(), writing(output):
        output.write_bytes(report_as(found, output.suffix.removeprefix(".")))
    typer.echo(str(output), err=True)


def _there(address: str, key: str | None, asked: Asked, asked_in: str) -> dict[str, Any]:
    given = {"from": asked.since, "to": asked.until, "compare": asked.compare,
             "where": asked.where, "language": asked_in}  # fmt: skip
    query = urlencode({name: value for name, value in given.items() if value is not None})
    with closing(client_of(address, key, asked_in, whose=_WHOSE, timeout_s=FIGURES_S)) as client:
        body: dict[str, Any] = client.get(f"/v1/report?{query}").body
        return body


async def _here(settings: Settings, actor: Actor, asked: Asked, asked_in: str) -> dict[str, Any]:
    async with open_service(settings) as service, open_facts(service) as facts:
        desk = Desk.of(service, facts)
        found = await report_of(desk, actor, asked, language=asked_in)
        await facts.keep()
        return found
