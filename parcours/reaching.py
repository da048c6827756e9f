"""The service a command goes through when it holds the SQLite file itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from parcours.client import FIGURES_S, TIMEOUT_S, Client
from parcours.language import language
from parcours.options import KEY, Database, Lang, SupervisorKey
from parcours.services import failures_told
from parcours.stops import Stop
from runtime.access import Actor
from runtime.settings import Settings, load_settings
from runtime.store.lock import holder
from runtime.upgrade import is_postgres

_SUPERVISOR = {"fr": "de superviseur", "en": "a supervisor's"}


def running(settings: Settings) -> str | None:
    """Return the address of the service that holds the SQLite file, if one does."""
    if is_postgres(settings.database):
        return None
    return holder(Path(settings.database)).get("address") or None


def figured(settings: Settings) -> str | None:
    """Return the service that figures are asked from, as `running`; a file must be there already.

    Raises:
        Stop: there is no such SQLite file: an empty one would be made, and give figures of nothing.
    """
    address = running(settings)
    if address is None and not is_postgres(settings.database):
        path = Path(settings.database)
        if not path.exists():
            raise Stop(fr=f"{path} : il n'y a pas de base de ce nom (--database).",
                       en=f"{path}: there is no database of that name (--database).")  # fmt: skip
    return address


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a command finds things: a service (`client`), or a database opened here (None)."""

    client: Client | None
    settings: Settings
    actor: Actor
    language: str


def reached(
    *, to: str | None, key: str | None, tenant: str, database: str | None, lang: str | None,
) -> Reached:  # fmt: skip
    """Return where a supervisor's command finds things: `to`, else whoever holds the database.

    Raises:
        Stop: a setting is wrong, or a service wants a key and there is none.
    """
    asked = language(lang)
    with failures_told():
        settings = load_settings(database=database, background=False)
    address = to or running(settings)
    client = (
        None
        if address is None
        else client_of(address, key, asked, whose=_SUPERVISOR, timeout_s=FIGURES_S)
    )
    return Reached(client, settings, Actor(tenant, "supervisor", "command-line"), asked)


def reach(
    ctx: typer.Context,
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", "--service", help="A service's address; else its database."),
    ] = None,
    key: SupervisorKey = None,
    tenant: Annotated[str, typer.Option(help="Whose, without --to.")] = "default",
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Find the service that holds it, else the database: what a supervisor's commands share."""
    ctx.obj = reached(to=to, key=key, tenant=tenant, database=database, lang=lang)


def client_of(
    address: str, key: str | None, language: str, *, whose: dict[str, str],
    timeout_s: float = TIMEOUT_S,
) -> Client:  # fmt: skip
    """Return a client of a service, with a key or the variable's; an answer may take `timeout_s`.

    `whose` says in both languages which key is wanted: `{"fr": "d'auteur", "en": "an author's"}`.

    Raises:
        Stop: there is no key, or the address is none.
    """
    key = key or os.environ.get(KEY)
    if key is None:
        raise Stop(
            fr=f"Le service {address} demande une clé {whose['fr']} : --key, ou ${KEY}.",
            en=f"The service at {address} wants {whose['en']} key: --key, or ${KEY}.",
        )
    parts = urlsplit(address if "//" in address else f"//{address}")
    if not parts.hostname:
        raise Stop(fr=f"{address} n'est pas une adresse.", en=f"{address} is not an address.")
    return Client(
        parts.hostname,
        parts.port,
        key=key,
        language=language,
        tls=parts.scheme == "https",
        timeout_s=timeout_s,
    )
