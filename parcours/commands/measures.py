"""`parcours measures`: figures in the terminal, and as files."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from measures.asking.question import Asked
from measures.desk import Desk
from measures.facts.opening import open_facts
from measures.reporting.forms import answer_as
from parcours.client import FIGURES_S, Client
from parcours.giving import FORM, OUTPUT, form_of, give, say
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
from runtime.access import Actor
from runtime.settings import Settings, load_settings
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_WHOSE = {"fr": "de superviseur", "en": "a supervisor's"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where figures are read: a service's address, or the database itself."""

    settings: Settings
    address: str | None
    key: str | None
    tenant: str
    language: str


@app.command()
def measures(
    slug: Annotated[str, typer.Argument(help="Which measure; all are listed without it.")] = "",
    *,
    by: Annotated[str | None, typer.Option(help="channel,motive:1,day …: at most three.")] = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    compare: Compare = None,
    settings: Annotated[
        str | None, typer.Option("--with", help="The measure's own settings: window:14.")
    ] = None,
    form: Annotated[str | None, FORM] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    to_service: FromService = None,
    key: SupervisorKey = None,
    tenant: WhoseFigures = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Work out a measure over a period: a table with bars, JSON, CSV, Parquet or XLSX.

    Without a period it is the last 30 days. No figure is given by person.
    """
    asked_in = language(lang)
    form = form_of(form, output)
    with failures_told():
        told = load_settings(database=database, background=False)
    place = _Place(told, to_service or figured(told), key, tenant, asked_in)
    asked = Asked(
        by=by, where=where, since=since, until=until, compare=compare, settings=settings
    )  # fmt: skip
    if slug:
        _give(_answer(place, slug, asked), form=form, output=output, language=asked_in)
    else:
        from parcours.figures import list_table

        say(list_table(_listed(place), language=asked_in))


def _give(found: dict[str, Any], *, form: str, output: Path | None, language: str) -> None:
    """Show an answer, or write it to its file."""
    if form == "table":
        from parcours.figures import figure_table

        say(figure_table(found, language=language))
    else:
        give(answer_as(found, form), output)


def _client(place: _Place, address: str) -> Client:
    return client_of(address, place.key, place.language, whose=_WHOSE, timeout_s=FIGURES_S)


def _listed(place: _Place) -> list[dict[str, Any]]:
    if place.address is not None:
        with closing(_client(place, place.address)) as client:
            items: list[dict[str, Any]] = client.get("/v1/measures").body["items"]
            return items
    return run(_in(place, None, Asked()))["items"]  # type: ignore[no-any-return]  # a list, as above


def _answer(place: _Place, slug: str, asked: Asked) -> dict[str, Any]:
    if place.address is None:
        return run(_in(place, slug, asked))
    given = {
        "by": asked.by, "where": asked.where, "from": asked.since, "to": asked.until,
        "compare": asked.compare, "with": asked.settings,
    }  # fmt: skip
    query = urlencode({name: value for name, value in given.items() if value is not None})
    with closing(_client(place, place.address)) as client:
        body: dict[str, Any] = client.get(f"/v1/measures/{quote(slug, safe='')}?{query}").body
        return body


async def _in(place: _Place, slug: str | None, asked: Asked) -> dict[str, Any]:
    """Return an answer from the database itself, its facts brought up to date first."""
    actor = Actor(place.tenant, "supervisor", "command-line")
    async with open_service(place.settings) as service, open_facts(service) as facts:
        desk = Desk.of(service, facts)
        if slug is None:
            return {"items": desk.measures(actor, place.language)}
        found = await desk.ask(actor, slug, asked, language=place.language)
        await facts.keep()
        return found
