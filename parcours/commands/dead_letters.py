"""`parcours dead-letters`: actions that came to nothing, and what becomes of them."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from parcours.client import Client
from parcours.language import in_words
from parcours.reaching import Reached, reach
from parcours.services import run
from parcours.stops import Stop
from runtime.letters import STATES
from runtime.wiring import open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="List actions that came to nothing, take them up again, close them with a reason. "
    "A SQLite file that a service holds is reached through it, with a key.",
)

Letter = Annotated[str, typer.Argument(help="Its id, dlt_…, as `dead-letters list` shows it.")]

_PATH = "/v1/dead-letters"


app.callback()(reach)


@app.command("list")
def list_letters(
    ctx: typer.Context,
    *,
    state: Annotated[str, typer.Option(help="open, with_person, redriven, closed …")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 50,
) -> None:
    """List actions that came to nothing: by default those that nobody has."""
    there: Reached = ctx.obj
    if state not in STATES:
        allowed = ", ".join(STATES)
        raise Stop(
            fr=f"--state : {state} n'est pas un état ; permis : {allowed}.",
            en=f"--state: {state} is not a state; allowed: {allowed}.",
        )
    if there.client is None:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                return await service.letters.all(there.actor, state=state, limit=limit)

        found = run(read())
    else:
        with closing(there.client) as client:
            query = f"?state={quote(state, safe='')}&limit={limit}"
            found = client.get(f"{_PATH}{query}").body["items"]
    for one in found:
        print(_line(one))
    if not found:
        said = {"fr": "rien à reprendre", "en": "nothing to take up"}
        typer.echo(in_words(said, there.language), err=True)


@app.command()
def redrive(
    ctx: typer.Context,
    letter: Letter,
    *,
    may_repeat: Annotated[
        bool, typer.Option("--may-repeat", help="It was not done, or may be done twice: I know.")
    ] = False,
) -> None:
    """Have an action attempted again, with the same key."""
    there: Reached = ctx.obj
    if there.client is None:

        async def do() -> dict[str, Any]:
            async with open_service(there.settings) as service:
                return await service.letters.redrive(there.actor, letter, may_repeat=may_repeat)

        done = run(do())
    else:
        done = _post(there.client, letter, "redrive", {"may_repeat": may_repeat})
    print(_line(done))


@app.command()
def close(
    ctx: typer.Context,
    letter: Letter,
    *,
    reason: Annotated[str, typer.Option(help="Why: done otherwise, needed no more …")],
) -> None:
    """Close one with a reason; its session asks for no more attention."""
    there: Reached = ctx.obj
    if there.client is None:

        async def do() -> dict[str, Any]:
            async with open_service(there.settings) as service:
                return await service.letters.close(there.actor, letter, reason=reason)

        done = run(do())
    else:
        done = _post(there.client, letter, "close", {"reason": reason})
    print(_line(done))


def _post(client: Client, letter: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    with closing(client):
        done: dict[str, Any] = client.post(f"{_PATH}/{quote(letter, safe='')}:{what}", body).body
        return done


def _line(one: dict[str, Any]) -> str:
    when = datetime.fromtimestamp(one["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    reason = one["reason"] or "-"
    return f"{one['id']}  {when}  {one['operation']}  {one['status']} ({reason})  {one['state']}"
