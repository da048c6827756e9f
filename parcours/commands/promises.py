"""`parcours promises`: what is still owed to customers, and what becomes of it."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from parcours.language import in_words
from parcours.reaching import Reached, reach
from parcours.services import failures_told, run
from parcours.stops import Stop
from runtime.promises import LISTED, Promises
from runtime.wiring import open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="List what was promised to customers, the longest overdue first, and say what became of "
    "it. A SQLite file that a service holds is reached through it, with a key.",
)
SAID = ("kept", "broken", "dropped")


app.callback()(reach)


@app.command("list")
def list_promises(
    ctx: typer.Context,
    *,
    state: Annotated[str, typer.Option(help="owed, overdue, kept, late, broken …")] = "owed",
    team: Annotated[str | None, typer.Option(help="Those of a team or skill alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 50,
) -> None:
    """List promises: by default those that are still owed."""
    there: Reached = ctx.obj
    _one_of("--state", state, LISTED)
    if there.client is None:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                return await service.promises.all(there.actor, state=state, team=team, limit=limit)

        found = run(read())
    else:
        asked = {"state": state, "limit": limit} | ({} if team is None else {"team": team})
        with closing(there.client) as client:
            found = client.get(f"/v1/promises?{urlencode(asked)}").body["items"]
    for one in found:
        print(_line(one))
    if not found:
        said = {"fr": "rien de promis", "en": "nothing promised"}
        typer.echo(in_words(said, there.language), err=True)


@app.command()
def follow(
    ctx: typer.Context,
    promise: Annotated[str, typer.Argument(help="Its id, ses_….1, as `list` shows it.")],
    state: Annotated[str, typer.Argument(help="kept, broken or dropped.")],
    *,
    reason: Annotated[str | None, typer.Option(help="Why; needed unless it is kept.")] = None,
) -> None:
    """Say what became of a promise: kept, broken, or dropped because nobody needs it any more."""
    there: Reached = ctx.obj
    _one_of("STATE", state, SAID)
    with failures_told():
        session, number = Promises.named(promise)
    body: dict[str, Any] = {"type": "follow_promise", "promise": number, "state": state}
    body |= {} if reason is None else {"reason": reason}
    if there.client is None:

        async def do() -> dict[str, Any]:
            async with open_service(there.settings) as service:
                await service.sessions.command(there.actor, session, body)
                return await service.promises.get(there.actor, promise)

        done = run(do())
    else:
        with closing(there.client) as client:
            client.post(f"/v1/sessions/{session}/commands", body)
            done = client.get(f"/v1/promises/{promise}").body
    print(_line(done))


def _one_of(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        listed = ", ".join(allowed)
        raise Stop(
            fr=f"{name} : {given} n'est pas un état ; permis : {listed}.",
            en=f"{name}: {given} is not a state; allowed: {listed}.",
        )


def _line(one: dict[str, Any]) -> str:
    # An appointment is when it begins; any other promise by when it is due.
    due = one["begins"] or one["due"]
    when = "-" if due is None else datetime.fromtimestamp(due / 1000, UTC).strftime("%F %H:%M")
    who = one["team"] or one["holder"] or one["by"]
    said = one["what"] or "-"
    return f"{one['id']}  {when:16}  {one['state']:8}  {who}  {said}"
