"""`parcours remarks`: what people say to the authors of journeys."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from parcours.language import in_words
from parcours.reaching import Reached, reach
from parcours.services import run
from runtime.remarks import FLAG, NONE, Remarks
from runtime.wiring import open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="List what people said of journeys: that nothing offered fits, that something is wrong. "
    "A SQLite file that a service holds is reached through it, with a key.",
)
app.callback()(reach)
WHATS = {
    NONE: {"fr": "rien ne convient", "en": "nothing fits"},
    FLAG: {"fr": "signalement", "en": "flag"},
}


@app.command("list")
def list_remarks(
    ctx: typer.Context,
    *,
    journey: Annotated[str | None, typer.Option(help="Of that journey alone.")] = None,
    what: Annotated[str | None, typer.Option(help="none_of_these or flag alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 50,
) -> None:
    """List remarks, newest first."""
    there: Reached = ctx.obj
    if there.client is None:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                remarks = Remarks(service.store)
                return await remarks.newest(there.actor, journey=journey, what=what, limit=limit)

        found = run(read())
    else:
        asked = {"journey": journey, "what": what, "limit": limit}
        query = urlencode({name: one for name, one in asked.items() if one is not None})
        with closing(there.client) as client:
            found = client.get(f"/v1/remarks?{query}").body["items"]
    for one in found:
        print(_line(one, there.language))
    if not found:
        typer.echo(in_words({"fr": "aucune remarque", "en": "no remark"}, there.language), err=True)


def _line(one: dict[str, Any], language: str) -> str:
    at = datetime.fromtimestamp(one["at"] / 1000, UTC).strftime("%F %H:%M")
    # What somebody typed is one line here, and no command to a terminal.
    text = "".join(c if c.isprintable() else " " for c in one["text"] or "-")
    where = one["journey"] if one["step"] is None else f"{one['journey']}/{one['step']}"
    said = in_words(WHATS[one["what"]], language)
    return (
        f"{at}  {where}  {said} ({one['category'] or '-'})  {one['role']}, {one['channel']}: {text}"
    )
