"""`parcours samples`: contacts drawn for trained listeners, shown to them, rated by them."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import typer

from measures.sampling.samples import Plan, Samples, Verdict
from parcours.client import FIGURES_S, Client
from parcours.figures import said
from parcours.language import language
from parcours.measuring import at_desk
from parcours.options import Database, Lang, Since, SupervisorKey, Where
from parcours.reaching import client_of, running
from parcours.services import failures_told
from parcours.stops import Stop
from runtime.access import Actor
from runtime.settings import Settings, load_settings

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Draw contacts for trained listeners, show them their timelines, record what they find. "
    "A SQLite file that a service holds is reached through it, with a key.",
)

Id = Annotated[str, typer.Argument(help="Its id, smp_…, as `samples list` shows it.")]
_WHOSE = {"fr": "de superviseur", "en": "a supervisor's"}
_PATH = "/v1/samples"
Deed = Callable[[Samples, Actor], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Reached:
    """Where the samples are: behind a service, or in a database opened here (`client` None)."""

    client: Client | None
    settings: Settings
    actor: Actor
    language: str


@app.callback()
def reach(
    ctx: typer.Context,
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", "--service", help="A service's address; else its database."),
    ] = None,
    key: SupervisorKey = None,
    tenant: Annotated[str, typer.Option(help="Whose, without --to.")] = "default",
    rater: Annotated[
        str, typer.Option("--as", help="Who listens, without --to: nobody rates their own.")
    ] = "command-line",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Find the service that holds them, else the database."""
    asked = language(lang)
    with failures_told():
        settings = load_settings(database=database, background=False)
    address = to or running(settings)
    client = (
        None
        if address is None
        else client_of(address, key, asked, whose=_WHOSE, timeout_s=FIGURES_S)
    )
    ctx.obj = _Reached(client, settings, Actor(tenant, "supervisor", rater), asked)


@app.command("draw")
def draw_sample(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it.")],
    *,
    size: Annotated[int, typer.Option(help="How many contacts.")],
    seed: Annotated[int, typer.Option(help="Any number; it draws the same contacts again.")],
    by: Annotated[str, typer.Option(help="The strata: motive,channel …")] = "motive,channel",
    where: Where = None,
    since: Since = None,
    until: Annotated[
        str | None, typer.Option("--to", "--to-day", help="The day after the last.")
    ] = None,
    twice: Annotated[float, typer.Option(help="Share that two listeners rate.")] = 0.1,
) -> None:
    """Draw a sample: some contacts of every stratum, by chance, in proportion."""
    plan = Plan(
        name=name, size=size, seed=seed, twice=twice, by=by, where=where, since=since, until=until
    )
    body = {"name": name, "size": size, "seed": seed, "twice": twice, "by": by, "where": where,
            "from": since, "to": until}  # fmt: skip
    there: _Reached = ctx.obj
    if there.client is None:
        drawn = _here(there, lambda samples, actor: samples.draw(actor, plan))
    else:
        with closing(there.client) as client:
            drawn = client.post(_PATH, body, expect=201).body
    print(drawn["id"])
    for stratum in drawn["strata"]:
        names = ", ".join(f"{name}: {value or '–'}" for name, value in stratum["key"].items())
        print(f"  {stratum['drawn']:>5} / {stratum['size']:<6} {names}")


@app.command("list")
def list_samples(ctx: typer.Context) -> None:
    """List the samples, newest first."""
    for one in _read(ctx, "", lambda samples, actor: samples.newest(actor)):
        drawn = sum(stratum["drawn"] for stratum in one["strata"])
        print(f"{one['id']}  {drawn:>5}  {one['name']}")


@app.command()
def show(ctx: typer.Context, sample: Id) -> None:
    """Show what a sample's ratings come to: the useful share by strata, how far raters agree."""
    one = _read(ctx, f"/{quote(sample, safe='')}", lambda s, actor: s.read(actor, sample))
    share = one["useful_share"]
    french = ctx.obj.language == "fr"
    print(f"{one['rated']} / {one['contacts']}  {one['name']}")
    between = (
        ""
        if share["low"] is None
        else f" ({said(share['low'], 'share')} – " + (f"{said(share['high'], 'share')})")
    )
    print(f"{'utile' if french else 'useful'}: {said(share['value'], 'share')}{between}")
    low = (" (faible)" if french else " (low)") if one["is_low"] else ""
    print(f"{'accord' if french else 'agreement'}: {said(one['agreement'], 'ratio')}{low}")


@app.command("next")
def next_contact(ctx: typer.Context, sample: Id) -> None:
    """Show the timeline of the next contact to rate, one line for each part to judge."""
    path = f"/{quote(sample, safe='')}/contacts"
    left = _read(ctx, path, lambda samples, actor: samples.to_rate(actor, sample), is_last=False)
    if not left:
        raise Stop(fr="Plus rien à évaluer.", en="Nothing is left to rate.")
    contact = left[0]["contact"]
    found = _read(
        ctx,
        f"{path}/{contact}",
        lambda s, actor: s.timeline(actor, sample, contact, language=ctx.obj.language),
    )
    print(f"{contact}  {found['channel']}")
    for place, part in enumerate(found["parts"]):
        begins, ends = part["begins"] / 1000, part["ends"] / 1000
        what = part["heard"] or part["title"] or part["step"] or ""
        print(f"{place + 1:>3}  {begins:8.1f} – {ends:8.1f} s  {what}")


@app.command()
def rate(
    ctx: typer.Context,
    sample: Id,
    contact: Annotated[str, typer.Argument(help="Its id, ctc_…, as `samples next` shows it.")],
    *,
    useful: Annotated[str, typer.Option(help="Per cent useful of each part: 0,100,50.")],
    codes: Annotated[
        str, typer.Option(help="What you would have coded: declaration:parcel,qualification:lost")
    ] = "",
    recording: Annotated[str | None, typer.Option(help="Its id, an offset after @.")] = None,
) -> None:
    """Record what was found in a contact; said again, the later rating counts."""
    try:
        shares = [int(part) for part in useful.split(",")]
    except ValueError:
        raise Stop(
            fr="--useful : des nombres de 0 à 100, séparés par des virgules.",
            en="--useful takes numbers from 0 to 100, commas between.",
        ) from None
    given = dict(part.split(":", 1) for part in codes.split(",") if ":" in part)
    verdict = Verdict(useful=shares, codes=given, recording=recording)
    there: _Reached = ctx.obj
    if there.client is None:
        kept = _here(there, lambda s, actor: s.rate(actor, sample, contact, verdict=verdict))
    else:
        path = f"{_PATH}/{quote(sample, safe='')}/contacts/{quote(contact, safe='')}"
        with closing(there.client) as client:
            body = {"useful": shares, "codes": given, "recording": recording}
            kept = client.post(path, body).body
    print(f"{kept['contact']}  {kept['parts']}")


def _read(ctx: typer.Context, path: str, deed: Deed, *, is_last: bool = True) -> Any:
    there: _Reached = ctx.obj
    if there.client is None:
        return _here(there, deed)
    body = there.client.get(f"{_PATH}{path}").body
    if is_last:
        there.client.close()
    return body.get("items", body)


def _here(there: _Reached, deed: Deed) -> Any:
    return at_desk(there.settings, lambda desk, service: deed(Samples(desk, service), there.actor))
