"""`parcours value-stream`: where the time of walks goes, from the facts or from a table by hand."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from measures.desk import Desk
from measures.reporting.forms import stream_as
from measures.streams.asking import Asked
from measures.streams.asking import value_stream as value_stream_of
from parcours.giving import FORM, OUTPUT, form_of, give, say
from parcours.hand_stream import show_tables
from parcours.language import language
from parcours.measuring import at_desk
from parcours.options import (
    Compare,
    Database,
    FromService,
    Lang,
    Since,
    SupervisorKey,
    Until,
    WhoseFigures,
)
from parcours.reaching import Reached, reached
from runtime.wiring import Service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

TABLES = (".csv", ".xlsx")


@app.command()
def value_stream(
    of: Annotated[
        str,
        typer.Argument(
            help="A journey; or a table by hand, .csv or .xlsx: step, customer_min, company_min, "
            "value_min, delay_h."
        ),
    ],
    *,
    since: Since = None,
    until: Until = None,
    compare: Compare = None,
    revision: Annotated[
        str | None, typer.Option(help="A publication's number, or how its hash begins.")
    ] = None,
    compare_revision: Annotated[str | None, typer.Option(help="The revision before.")] = None,
    after: Annotated[
        Path | None, typer.Option(help="Of a table by hand: the same of how it is since.")
    ] = None,
    form: Annotated[str | None, FORM] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    to_service: FromService = None,
    key: SupervisorKey = None,
    tenant: WhoseFigures = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Show where the time of a journey's walks goes, step by step, and what another way gains.

    Of walks that ended in the period (the last 30 days), beside another period or revision.
    """
    if Path(of).suffix in TABLES or after is not None:
        show_tables(Path(of), after, language(lang))
        return
    form = form_of(form, output)
    place = reached(to=to_service, key=key, tenant=tenant, database=database, lang=lang)
    asked = Asked(journey=of, since=since, until=until, compare=compare, revision=revision,
                  compare_revision=compare_revision)  # fmt: skip
    found = _found(place, asked)
    if form == "table":
        from parcours.stream_figures import stream_table

        say(stream_table(found, language=place.language))
    else:
        give(stream_as(found, form), output)


def _found(place: Reached, asked: Asked) -> dict[str, Any]:
    if place.client is None:

        async def do(desk: Desk, _service: Service) -> dict[str, Any]:
            found = await value_stream_of(desk, place.actor, asked, language=place.language)
            await desk.facts.keep()
            return found

        return at_desk(place.settings, do)
    given = {"from": asked.since, "to": asked.until, "compare": asked.compare,
             "revision": asked.revision, "compare_revision": asked.compare_revision}  # fmt: skip
    query = urlencode({name: value for name, value in given.items() if value is not None})
    with closing(place.client) as client:
        body: dict[str, Any] = client.get(
            f"/v1/value-streams/{quote(asked.journey, safe='')}?{query}"
        ).body
        return body
