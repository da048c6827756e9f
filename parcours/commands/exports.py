"""`parcours exports`: what a service writes by the clock, and how it went last."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from measures.exporting.exports import Exports
from measures.exporting.plan import exports_told
from parcours.language import in_words
from parcours.measuring import at_desk
from parcours.options import Database, Lang, SupervisorKey
from parcours.reaching import reached
from parcours.services import failures_told

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def exports(
    *,
    to: Annotated[
        str | None, typer.Option(help="The address of a service; without it, its database.")
    ] = None,
    key: SupervisorKey = None,
    tenant: Annotated[str, typer.Option(help="Whose, without --to.")] = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """List the reports and tables that are written by the clock, and how each went last.

    The file that PARCOURS_EXPORTS names says which, when and where.
    """
    there = reached(to=to, key=key, tenant=tenant, database=database, lang=lang)
    if there.client is None:
        with failures_told():
            listed = exports_told(there.settings)
        found = at_desk(
            there.settings, lambda desk, service: Exports(listed, desk, service).all(there.actor)
        )
    else:
        with closing(there.client) as client:
            found = client.get("/v1/exports").body["items"]
    for one in found:
        print(_line(one))
    if not found:
        said = {"fr": "aucun export", "en": "no export"}
        typer.echo(in_words(said, there.language), err=True)


def _line(one: dict[str, Any]) -> str:
    what = f"{one['name']}  {one['measure'] or one['journey'] or 'report'}  {one['period']}"
    last = one["last"]
    if last is None:
        return f"{what}  –"
    when = datetime.fromtimestamp(last["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    return f"{what}  {when}  {last['state']}  {last.get('file') or last.get('code')}"
