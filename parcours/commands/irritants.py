"""`parcours irritants`: what should be mended, whose it is, what it costs, what came of it."""

from contextlib import closing
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from measures.irritants.entry import Entry
from measures.irritants.register import Register
from parcours.figures import change_said, said
from parcours.language import in_words
from parcours.measuring import at_desk
from parcours.options import Since
from parcours.reaching import Reached, reach
from parcours.stops import Stop

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Keep the register of irritants: owner, cost, committed action and date, effect seen.",
)

Id = Annotated[str, typer.Argument(help="Its id, irr_…, as `irritants list` shows it.")]
Until = Annotated[str | None, typer.Option("--to", "--to-day", help="The day after the last.")]
Revision = Annotated[
    str | None, typer.Option(help="The publication that carries it: its number, or its hash.")
]

_PATH = "/v1/irritants"


app.callback()(reach)


@app.command("list")
def list_irritants(ctx: typer.Context) -> None:
    """List the register: id, status, date, owner, title."""
    there: Reached = ctx.obj
    if there.client is None:
        found = at_desk(there.settings, lambda d, service: Register(d, service).all(there.actor))
    else:
        with closing(there.client) as client:
            found = client.get(_PATH).body["items"]
    for one in found:
        print(_line(one))
    if not found:
        none = {"fr": "aucun irritant", "en": "no irritant"}
        typer.echo(in_words(none, there.language), err=True)


@app.command()
def add(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(help="qualification:code, motive:code, step:id …")],
    *,
    title: Annotated[str, typer.Option(help="What is wrong, in words.")],
    owner: Annotated[str, typer.Option(help="Whose it is: a department or a role.")],
    action: Annotated[str | None, typer.Option(help="What they committed to.")] = None,
    due: Annotated[str | None, typer.Option(help="By when, YYYY-MM-DD.")] = None,
    measure: Annotated[str, typer.Option(help="What its effect is seen on.")] = "contacts",
    settings: Annotated[
        str | None, typer.Option("--with", help="The measure's own settings: of:orders.")
    ] = None,
    where: Annotated[str | None, typer.Option(help="Further filters: channel:phone")] = None,
    expected: Annotated[
        float | None, typer.Option(help="By how much it should change: negative for less.")
    ] = None,
    weeks: Annotated[int, typer.Option(help="Weeks before and after, at most.")] = 4,
    revision: Revision = None,
) -> None:
    """Put an irritant into the register, and print its id."""
    axis, _, code = what.partition(":")
    body = {"axis": axis, "code": code, "title": title, "owner": owner, "action": action,
            "due": due, "measure": measure, "where": where, "expected": expected,
            "weeks": weeks, "revision": revision}  # fmt: skip
    there: Reached = ctx.obj
    if there.client is None:
        entry = Entry(**body, settings=settings)  # type: ignore[arg-type]  # each its own kind
        made = at_desk(
            there.settings, lambda d, service: Register(d, service).create(there.actor, entry)
        )
    else:
        with closing(there.client) as client:
            made = client.post(_PATH, {**body, "with": settings}, expect=201).body
    print(made["id"])


@app.command()
def change(
    ctx: typer.Context,
    irritant: Id,
    *,
    owner: Annotated[str | None, typer.Option(help="Whose it is now.")] = None,
    action: Annotated[str | None, typer.Option(help="What they committed to.")] = None,
    due: Annotated[str | None, typer.Option(help="By when, YYYY-MM-DD.")] = None,
    done_on: Annotated[str | None, typer.Option(help="The day it was done.")] = None,
    revision: Revision = None,
    close: Annotated[bool, typer.Option("--close", help="Nothing more is to be done.")] = False,
) -> None:
    """Change an irritant: a new owner, action or date, the day it was done; or close it."""
    given = {"owner": owner, "action": action, "due": due, "done_on": done_on,
             "revision": revision}  # fmt: skip
    fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    there: Reached = ctx.obj
    if not fields and not close:
        raise Stop(fr="Dites quoi changer : --done-on …", en="Say what to change: --done-on …")
    if there.client is None:
        now = fields | ({"is_closed": True} if close else {})

        async def do(register: Register) -> dict[str, Any]:
            version = (await register.read(there.actor, irritant))["version"]
            return await register.change(there.actor, irritant, version=version, change=now)

        changed = at_desk(there.settings, lambda d, service: do(Register(d, service)))
    else:
        path = f"{_PATH}/{quote(irritant, safe='')}"
        with closing(there.client) as client:
            body = {**fields, "version": client.get(path).body["version"]}
            body |= {"closed": True} if close else {}
            changed = client.patch(path, body).body
    print(_line(changed))


@app.command()
def show(ctx: typer.Context, irritant: Id, *, since: Since = None, until: Until = None) -> None:
    """Show an irritant with what it costs in a period, and what changed once it was done."""
    there: Reached = ctx.obj
    if there.client is None:
        found = at_desk(
            there.settings,
            lambda d, service: Register(d, service).read(
                there.actor, irritant, since=since, until=until
            ),
        )
    else:
        given = {"from": since, "to": until}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        with closing(there.client) as client:
            found = client.get(f"{_PATH}/{quote(irritant, safe='')}?{query}").body
    print(_line(found))
    cost, effect = found["cost"], found["effect"]
    period = f"{cost['period']['from']} → {cost['period']['to']}"
    parts = [f"{name} {said(cost[name], 'ratio')}" for name in
             ("contacts", "minutes", "reiterations", "money")]  # fmt: skip
    print(f"  {period}  " + "  ".join(parts))
    if effect is not None:
        unit = effect["unit"] or "ratio"
        value, low, high, expected = (
            change_said(effect[name], unit) for name in ("difference", "low", "high", "expected")
        )
        print(f"  {effect['measure']}  {value} ({low} … {high})  {expected}  {effect['verdict']}"
              f"{_by(effect)}")  # fmt: skip


def _by(effect: dict[str, Any]) -> str:
    """Return which publication an effect is that of; nothing of a day alone."""
    one = effect["publication"]
    return "" if one is None else f"  {one['library']} {one['number']} ({one['revision'][:12]})"


def _line(one: dict[str, Any]) -> str:
    late = " !" if one["is_overdue"] else ""
    due = one["done_on"] or one["due"] or "–"
    return f"{one['id']}  {one['status']}{late}  {due}  {one['owner']}  {one['title']}"
