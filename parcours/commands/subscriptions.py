"""`parcours subscriptions`: who is told what happens, what was not taken, and sending it again."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from parcours.language import in_words
from parcours.reaching import Reached, reach
from parcours.services import run
from parcours.stops import Stop
from runtime.subscriptions import LEFT
from runtime.wiring import open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="List those told what happens in sessions and what they did not take; send it again. "
    "A SQLite file that a service holds is reached through it, with a key.",
)

Which = Annotated[str, typer.Argument(help="Its id, as `subscriptions list` shows it.")]

_PATH = "/v1/subscriptions"


app.callback()(reach)


@app.command("list")
def list_subscriptions(ctx: typer.Context) -> None:
    """List who is told, and how much each has not taken."""
    there: Reached = ctx.obj
    if there.client is None:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                return await service.subscriptions.all(there.actor)

        found = run(read())
    else:
        with closing(there.client) as client:
            found = client.get(_PATH).body["items"]
    for one in found:
        counts = "  ".join(f"{state} {one[state]}" for state in LEFT)
        gone = {"fr": "n'est plus déclaré", "en": "declared no more"}
        where = one["host"] or f"({in_words(gone, there.language)})"
        print(f"{one['id']}  {where}  {counts}")
    if not found:
        said = {"fr": "aucun abonnement", "en": "no subscription"}
        typer.echo(in_words(said, there.language), err=True)


@app.command()
def notices(
    ctx: typer.Context,
    subscription: Which,
    *,
    state: Annotated[str, typer.Option(help="dead, gone or ready.")] = "dead",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, oldest first.")] = 50,
) -> None:
    """List what one has not taken: by default what was given up."""
    there: Reached = ctx.obj
    if state not in LEFT:
        listed = ", ".join(LEFT)
        raise Stop(fr=f"--state : l'un de {listed}.", en=f"--state: one of {listed}.")
    if there.client is None:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                return await service.subscriptions.left(
                    there.actor, subscription, state=state, limit=limit
                )

        found = run(read())
    else:
        with closing(there.client) as client:
            query = urlencode({"state": state, "limit": limit})
            path = f"{_PATH}/{quote(subscription, safe='')}/notices?{query}"
            found = client.get(path).body["items"]
    for one in found:
        print(_line(one))
    if not found:
        said = {"fr": "rien", "en": "nothing"}
        typer.echo(in_words(said, there.language), err=True)


@app.command()
def resend(
    ctx: typer.Context,
    subscription: Which,
    wanted: Annotated[
        list[str] | None, typer.Argument(help="Which, by id; all that were given up without.")
    ] = None,
) -> None:
    """Have what was given up told again, with the ids it had."""
    there: Reached = ctx.obj
    if there.client is None:

        async def do() -> dict[str, Any]:
            async with open_service(there.settings) as service:
                return await service.subscriptions.resend(
                    there.actor, subscription, notices=wanted or ()
                )

        done = run(do())
    else:
        with closing(there.client) as client:
            path = f"{_PATH}/{quote(subscription, safe='')}:resend"
            done = client.post(path, {"notices": wanted or []}).body
    more = {"fr": " ; il en reste, recommencez", "en": "; others are left, ask again"}
    said = {"fr": f"{done['count']} à renvoyer", "en": f"{done['count']} to be sent again"}
    left = in_words(more, there.language) if done["more"] else ""
    print(in_words(said, there.language) + left)


def _line(one: dict[str, Any]) -> str:
    when = datetime.fromtimestamp(one["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    return f"{one['id']}  {when}  {one['type']}  {one['attempts']} ({one['reason'] or '-'})"
