"""`parcours keys`: who may use the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from parcours.options import Database
from parcours.services import failures_told, run
from runtime.access import Actor
from runtime.clock import SystemClock
from runtime.ids import SystemIds
from runtime.keys import Keys, NewKey
from runtime.opening import open_store
from runtime.settings import Settings, load_settings
from runtime.workplaces import Workplace, Workplaces

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Create, list and revoke access keys. On SQLite, while no service runs.",
)

DAY_MS = 86_400_000

Tenant = Annotated[str, typer.Option(help="Whose keys.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will use it: ana, crm, chatbot …")],
    *,
    role: Annotated[str, typer.Option(help="advisor, bot, robot, author, supervisor, admin …")],
    tenant: Tenant = "default",
    scope: Annotated[
        list[str] | None, typer.Option(help="Only these permissions, such as session.*; repeat.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is good for.")] = 365,
    team: Annotated[str | None, typer.Option(help="Their team, for figures.")] = None,
    site: Annotated[str | None, typer.Option(help="The site where they work.")] = None,
    provider: Annotated[str | None, typer.Option(help="The company they work for.")] = None,
    database: Database = None,
) -> None:
    """Create a key and show it, once: it is stored only as a SHA-256."""

    async def make(settings: Settings) -> NewKey:
        async with _opened(settings) as (keys, workplaces):
            works = Workplace(team, site, provider)
            await workplaces.of_key(tenant, f"{role}:{name}", works)
            return await keys.create(
                tenant,
                role,
                name=name,
                scopes=frozenset(scope or ()),
                life=days * DAY_MS,
            )

    key = run(make(_settings(database)))
    print(key.token)
    typer.echo(f"{key.id}  {role}:{name}  until {_day(key.expires_at)}", err=True)


@app.command("list")
def list_keys(*, tenant: Tenant = "default", database: Database = None) -> None:
    """List the keys of a tenant; nothing secret is shown."""

    async def read(settings: Settings) -> list[dict[str, object]]:
        async with _opened(settings) as (keys, _):
            return await keys.all(_admin(tenant))

    keys = run(read(_settings(database)))
    for key in keys:
        ended = "revoked" if key["revoked_at"] else f"until {_day(int(str(key['expires_at'])))}"
        print(f"{key['id']}  {key['role']}:{key['actor']}  {ended}  {key['label']}".rstrip())
    if not keys:
        typer.echo(f"no key for tenant {tenant}", err=True)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, key_…, as `keys list` shows it.")],
    *,
    tenant: Tenant = "default",
    database: Database = None,
) -> None:
    """End a key at once."""

    async def end(settings: Settings) -> None:
        async with _opened(settings) as (keys, _):
            await keys.revoke(_admin(tenant), key)

    run(end(_settings(database)))
    print(f"{key}: revoked")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Keys, Workplaces]]:
    """Give the keys of a database alone: the systems of its deployment do not count."""
    store, clock = await open_store(settings), SystemClock()
    try:
        yield Keys(store, clock, SystemIds(clock)), Workplaces(store, clock)
    finally:
        await store.close()


def _settings(database: str | None) -> Settings:
    with failures_told():
        return load_settings(database=database, background=False)


def _admin(tenant: str) -> Actor:
    return Actor(tenant, "admin", "command-line")


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
