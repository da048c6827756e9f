"""`parcours thresholds`: the bounds of measures that listeners are told of."""

from contextlib import closing
from typing import Annotated, Any
from urllib.parse import quote

import typer

from measures.statistics.estimate import FEW
from measures.watching.bounds import Bounds
from measures.watching.thresholds import Plan, Thresholds
from parcours.figures import said
from parcours.language import in_words
from parcours.measuring import at_desk
from parcours.options import Where
from parcours.reaching import Reached, reach

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Set bounds for measures: subscriptions hear once when one is crossed, and when it is "
    "back. A SQLite file that a service holds is reached through it, with a key.",
)

_PATH = "/v1/thresholds"


app.callback()(reach)


@app.command("list")
def list_thresholds(ctx: typer.Context) -> None:
    """List the thresholds, and what is beyond each of them now."""
    there: Reached = ctx.obj
    if there.client is None:
        found = at_desk(
            there.settings,
            lambda desk, service: Thresholds(desk, service).all(there.actor, there.language),
        )
    else:
        with closing(there.client) as client:
            found = client.get(_PATH).body["items"]
    for one in found:
        _show(one)
    if not found:
        typer.echo(in_words({"fr": "aucun seuil", "en": "no threshold"}, there.language), err=True)


@app.command()
def add(
    ctx: typer.Context,
    measure: Annotated[str, typer.Argument(help="Which measure, as `parcours measures` lists it.")],
    *,
    name: Annotated[str, typer.Option(help="What to call it.")],
    low: Annotated[float | None, typer.Option(help="The least that is as it should be.")] = None,
    high: Annotated[float | None, typer.Option(help="The greatest that is.")] = None,
    margin: Annotated[float, typer.Option(help="How far inside a value is back.")] = 0.0,
    window: Annotated[str, typer.Option(help="How far back from now: 24h, 7 days.")] = "7 days",
    by: Annotated[str | None, typer.Option(help="channel,motive:1 …: each group alone.")] = None,
    where: Where = None,
    settings: Annotated[
        str | None, typer.Option("--with", help="The measure's own settings: window:14.")
    ] = None,
    least_n: Annotated[int, typer.Option(help="Of fewer, nothing is concluded.")] = FEW,
) -> None:
    """Set a threshold, and print its id."""
    plan = Plan(
        name=name, measure=measure, window=window, by=by, where=where, settings=settings,
        least_n=least_n, bounds=Bounds(low=low, high=high, margin=margin),
    )  # fmt: skip
    there: Reached = ctx.obj
    if there.client is None:
        made = at_desk(
            there.settings,
            lambda desk, service: Thresholds(desk, service).create(there.actor, plan),
        )
    else:
        with closing(there.client) as client:
            made = client.post(_PATH, plan.told(), expect=201).body
    print(made["id"])


@app.command()
def remove(
    ctx: typer.Context,
    threshold: Annotated[str, typer.Argument(help="Its id, thr_…, as `thresholds list` shows it.")],
) -> None:
    """Take a threshold away."""
    there: Reached = ctx.obj
    if there.client is None:
        at_desk(
            there.settings,
            lambda desk, service: Thresholds(desk, service).remove(there.actor, threshold),
        )
    else:
        with closing(there.client) as client:
            client.delete(f"{_PATH}/{quote(threshold, safe='')}", expect=204)


def _show(one: dict[str, Any]) -> None:
    unit = one["unit"]
    low, high = said(one["low"], unit), said(one["high"], unit)
    told = ", ".join(one["subscriptions"]) or "–"
    print(f"{one['id']}  {one['name']}  {one['measure']}  [{low} … {high}]  → {told}")
    for group in one["beyond"]:
        names = ", ".join(f"{k}: {v or '–'}" for k, v in group["key"].items()) or "total"
        print(f"  {group['side']}  {names}  {said(group['value'], unit)}  n={group['n']}")
    if one["problem"]:
        print(f"  {one['problem']}")
